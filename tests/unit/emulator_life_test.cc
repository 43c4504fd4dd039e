// The life of one system, as an orchestrator leads it.

#include <catch2/catch.hpp>

#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

using abi::HcsNotificationProcessExited;
using abi::HcsNotificationSystemExited;

TEST_CASE("a system is created, started, runs a process and is terminated") {
  TestHost host;
  TestSystem system("life");
  StartedProcess process = StartProcess(
      system.handle(), {{"CommandLine", "cmd /c echo hello & exit 7"}, {"CreateStdOutPipe", true}});
  REQUIRE(process.code == abi::S_OK);
  CHECK(process.process_id != 0);
  CHECK_FALSE(process.stdin_pipe);
  CHECK_FALSE(process.stderr_pipe);
  Inbox inbox;
  abi::HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterProcessCallback(process.handle, Inbox::Callback, &inbox,
                                             &registration) == abi::S_OK);
  REQUIRE(inbox.Await(HcsNotificationProcessExited));
  CHECK(ReadAll(process.stdout_pipe) == "hello\n");
  const Json status = ProcessProperties(process.handle).json();
  CHECK(status["Exited"] == true);
  CHECK(status["ExitCode"] == 7);
  CHECK(status["LastWaitResult"] == 0);

  const Json listed = Enumerate().json();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["Id"] == "life");
  CHECK(listed[0]["State"] == "Running");
  CHECK(listed[0]["Owner"] == "test");

  system.Terminate();
  CHECK(Enumerate().json().empty());
  CHECK(Properties(system.handle()).json()["State"] == "Stopped");
  CHECK(Table().HcsTerminateComputeSystem(system.handle(), u"", nullptr) ==
        abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  CHECK(Table().HcsUnregisterProcessCallback(registration) == abi::S_OK);
  CHECK(Table().HcsCloseProcess(process.handle) == abi::S_OK);
  CHECK(Table().HcsCloseProcess(process.handle) == abi::ERROR_INVALID_HANDLE);
}

}  // namespace
}  // namespace hcs::emulator::test
