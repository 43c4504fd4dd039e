// The emulated host as a library that is loaded by its path.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "core/abi/hresult.h"
#include "core/abi/library_loader.h"
#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

TEST_CASE("the library exports what the table has, and nothing that it lacks") {
  const TemporaryFolder folder;
  setenv("HCS_EMULATOR_STATE", (folder.path() + "/state").c_str(), 1);
  setenv("HCS_EMULATOR_WORKER", HCS_TEST_WORKER, 1);
  auto loaded = abi::LoadedLibrary::Load(HCS_TEST_LIBRARY);
  if (const auto* error = std::get_if<std::string>(&loaded)) FAIL(*error);
  const auto& library = *std::get<std::unique_ptr<abi::LoadedLibrary>>(loaded);
  const abi::HcsFunctionTable& table = library.table();
  CHECK(abi::MissingExports(table) == abi::MissingExports(EmulatedHost::table()));
  CHECK(table.HcsCreateComputeSystem != EmulatedHost::table().HcsCreateComputeSystem);

  abi::HCS_SYSTEM system = nullptr;
  CHECK(abi::IsPending(table.HcsCreateComputeSystem(u"loaded", u"{\"SystemType\":\"Container\"}",
                                                    nullptr, &system, nullptr)));
  abi::PWSTR properties = nullptr;
  CHECK(table.HcsGetComputeSystemProperties(system, u"", &properties, nullptr) == abi::S_OK);
  REQUIRE(properties != nullptr);
  CHECK(std::u16string_view(properties).find(u"\"Created\"") != std::u16string_view::npos);
  table.CoTaskMemFree(properties);
  CHECK(abi::IsPending(table.HcsTerminateComputeSystem(system, u"", nullptr)));
  CHECK(Eventually([&] {
    abi::PWSTR systems = nullptr;
    CHECK(table.HcsEnumerateComputeSystems(u"", &systems, nullptr) == abi::S_OK);
    const bool none = std::u16string_view(systems) == u"[]";
    table.CoTaskMemFree(systems);
    return none;
  }));
  CHECK(table.HcsCloseComputeSystem(system) == abi::S_OK);
}

TEST_CASE("a library that is none is an error with words") {
  CHECK(std::get<std::string>(abi::LoadedLibrary::Load("/no/such/library.so"))
            .find("/no/such/library.so") != std::string::npos);
  CHECK(std::get<std::string>(abi::LoadedLibrary::Load("libm.so.6")).find("CoTaskMemFree") !=
        std::string::npos);
}

}  // namespace
}  // namespace hcs::emulator::test
