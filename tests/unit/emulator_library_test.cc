// The emulated host as a library that is loaded by its path.

#include <fcntl.h>
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
#include "core/platform/process.h"
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

constexpr char kOwnProcess[] = "the library in a process of its own";

// Not a test by itself: a library's host is there once in a process, and keeps its environment.
TEST_CASE("the library in a process of its own", "[.]") {
  auto loaded = abi::LoadedLibrary::Load(HCS_TEST_LIBRARY);
  if (const auto* error = std::get_if<std::string>(&loaded)) FAIL(*error);
  const abi::HcsFunctionTable& table =
      std::get<std::unique_ptr<abi::LoadedLibrary>>(loaded)->table();
  abi::HCS_SYSTEM system = nullptr;
  const std::u16string document = Wide(std::getenv("HCS_TEST_DOCUMENT"));
  REQUIRE(abi::IsPending(
      table.HcsCreateComputeSystem(u"isolated", document.c_str(), nullptr, &system, nullptr)));
  abi::PWSTR properties = nullptr;
  CHECK(table.HcsGetComputeSystemProperties(system, u"", &properties, nullptr) == abi::S_OK);
  std::fputs(TakeText(properties).c_str(), stderr);
  table.HcsTerminateComputeSystem(system, u"", nullptr);
  table.HcsCloseComputeSystem(system);
  // The worker is done with the folder then.
  CHECK(Eventually([&] {
    abi::PWSTR systems = nullptr;
    return table.HcsEnumerateComputeSystems(u"", &systems, nullptr) == abi::S_OK &&
           TakeText(systems) == "[]";
  }));
}

// What that process prints when HCS_EMULATOR_ISOLATION is `isolation`; and whether it had a host.
std::string LoadWith(const std::string& isolation, const std::string& document, bool* has_host) {
  const TemporaryFolder folder;
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const platform::UniqueFd reader(ends[0]);
  platform::UniqueFd writer(ends[1]);
  platform::SpawnRequest request;
  request.program = "/proc/self/exe";
  request.arguments = {"emulator_library_test", kOwnProcess};
  request.environment = {"HCS_EMULATOR_STATE=" + folder.path() + "/state",
                         std::string("HCS_EMULATOR_WORKER=") + HCS_TEST_WORKER,
                         "HCS_EMULATOR_ISOLATION=" + isolation, "HCS_TEST_DOCUMENT=" + document};
  request.stderr_fd = writer.get();
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  REQUIRE(spawned.ok());
  writer.reset();
  std::string text = ReadAll(reader);
  int status = 0;
  REQUIRE(waitpid(spawned.pid, &status, 0) == spawned.pid);
  *has_host = status == 0;
  return text;
}

TEST_CASE("the library isolates as its environment says") {
  const TemporaryFolder root;
  const std::string document =
      Json{{"SystemType", "Container"}, {"VolumePath", root.path()}}.dump();
  bool has_host = false;
  const std::string properties = LoadWith("process", document, &has_host);
  INFO(properties);
  CHECK(has_host);
  CHECK(properties.find("\"Isolation\":\"process\"") != std::string::npos);
  CHECK(LoadWith("vm", document, &has_host) ==
        "vmcompute: HCS_EMULATOR_ISOLATION is \"vm\", not one of: auto namespaces process\n");
  CHECK_FALSE(has_host);
}

TEST_CASE("a library that is none is an error with words") {
  CHECK(std::get<std::string>(abi::LoadedLibrary::Load("/no/such/library.so"))
            .find("/no/such/library.so") != std::string::npos);
  CHECK(std::get<std::string>(abi::LoadedLibrary::Load("libm.so.6")).find("CoTaskMemFree") !=
        std::string::npos);
}

}  // namespace
}  // namespace hcs::emulator::test
