// The emulated host as a library that is loaded by its path.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
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

// What a process that loads the library with this HCS_EMULATOR_ISOLATION prints; and, as its exit
// code, whether there is a host.
std::string LoadWith(const char* isolation, const char* document, int* exit_code) {
  const TemporaryFolder folder;
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const platform::UniqueFd reader(ends[0]);
  platform::UniqueFd writer(ends[1]);
  const pid_t child = fork();
  if (child == 0) {
    dup2(writer.get(), STDERR_FILENO);
    setenv("HCS_EMULATOR_STATE", (folder.path() + "/state").c_str(), 1);
    setenv("HCS_EMULATOR_WORKER", HCS_TEST_WORKER, 1);
    setenv("HCS_EMULATOR_ISOLATION", isolation, 1);
    auto loaded = abi::LoadedLibrary::Load(HCS_TEST_LIBRARY);
    if (std::holds_alternative<std::string>(loaded)) _exit(2);
    const abi::HcsFunctionTable& table =
        std::get<std::unique_ptr<abi::LoadedLibrary>>(loaded)->table();
    abi::HCS_SYSTEM system = nullptr;
    const abi::HRESULT created = table.HcsCreateComputeSystem(u"isolated", Wide(document).c_str(),
                                                              nullptr, &system, nullptr);
    if (!abi::IsPending(created)) _exit(1);
    abi::PWSTR properties = nullptr;
    if (table.HcsGetComputeSystemProperties(system, u"", &properties, nullptr) != abi::S_OK) {
      _exit(3);
    }
    std::fputs(TakeText(properties).c_str(), stderr);
    table.HcsTerminateComputeSystem(system, u"", nullptr);
    table.HcsCloseComputeSystem(system);
    // The worker is done with the folder then.
    const bool gone = Eventually([&] {
      abi::PWSTR systems = nullptr;
      return table.HcsEnumerateComputeSystems(u"", &systems, nullptr) == abi::S_OK &&
             TakeText(systems) == "[]";
    });
    _exit(gone ? 0 : 4);
  }
  writer.reset();
  std::string text = ReadAll(reader);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  *exit_code = WEXITSTATUS(status);
  return text;
}

TEST_CASE("the library isolates as its environment says") {
  const TemporaryFolder root;
  const std::string document =
      Json{{"SystemType", "Container"}, {"VolumePath", root.path()}}.dump();
  int exit_code = 0;
  const std::string properties = LoadWith("process", document.c_str(), &exit_code);
  INFO(properties);
  CHECK(exit_code == 0);
  CHECK(properties.find("\"Isolation\":\"process\"") != std::string::npos);
  CHECK(LoadWith("vm", document.c_str(), &exit_code) ==
        "vmcompute: HCS_EMULATOR_ISOLATION is \"vm\", not one of: auto namespaces process\n");
  CHECK(exit_code == 1);
}

TEST_CASE("a library that is none is an error with words") {
  CHECK(std::get<std::string>(abi::LoadedLibrary::Load("/no/such/library.so"))
            .find("/no/such/library.so") != std::string::npos);
  CHECK(std::get<std::string>(abi::LoadedLibrary::Load("libm.so.6")).find("CoTaskMemFree") !=
        std::string::npos);
}

}  // namespace
}  // namespace hcs::emulator::test
