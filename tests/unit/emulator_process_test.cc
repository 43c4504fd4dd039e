// Processes: streams, consoles, signals, exit codes, what is kept of them.

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <string>
#include <thread>

#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

using abi::HRESULT;

uint32_t AwaitExitCode(const StartedProcess& process) {
  Json status;
  REQUIRE(Eventually([&] {
    status = ProcessProperties(process.handle).json();
    return status["Exited"] == true;
  }));
  CHECK(status["LastWaitResult"] == 0);
  return status["ExitCode"].get<uint32_t>();
}

HRESULT Modify(const StartedProcess& process, const Json& settings) {
  return Table().HcsModifyProcess(process.handle, Wide(settings.dump()).c_str(), nullptr);
}

HRESULT CloseStream(const StartedProcess& process, const char* stream) {
  return Modify(process, {{"Operation", "CloseHandle"}, {"CloseHandle", {{"Handle", stream}}}});
}

HRESULT Signal(const StartedProcess& process, const Json& signal) {
  return Table().HcsSignalProcess(process.handle, Wide(Json{{"Signal", signal}}.dump()).c_str(),
                                  nullptr);
}

// Reads until `text` has come; false at the end of the stream.
bool ReadUntil(const platform::UniqueFd& pipe, const std::string& text, std::string* seen) {
  while (seen->find(text) == std::string::npos) {
    pollfd readable{pipe.get(), POLLIN, 0};
    if (poll(&readable, 1, 60'000) <= 0) return false;
    std::array<char, 4096> buffer;
    const ssize_t size = read(pipe.get(), buffer.data(), buffer.size());
    if (size <= 0) return false;
    seen->append(buffer.data(), static_cast<size_t>(size));
  }
  return true;
}

Json Shell(const std::string& script) {
  return {{"CommandArgs", {"/bin/sh", "-c", script}}, {"CreateStdOutPipe", true}};
}

TEST_CASE("standard output and error are separate streams") {
  TestHost host;
  TestSystem system("streams");
  Json parameters = {{"CommandLine", "cmd /c \"echo out & echo err 1>&2 & exit 7\""},
                     {"CreateStdOutPipe", true},
                     {"CreateStdErrPipe", true}};
  const StartedProcess process = StartProcess(system.handle(), parameters);
  REQUIRE(process.code == abi::S_OK);
  CHECK(ReadAll(process.stdout_pipe) == "out\n");
  CHECK(ReadAll(process.stderr_pipe) == "err\n");
  CHECK(AwaitExitCode(process) == 7);
}

TEST_CASE("closing standard input is end-of-file, also while the client holds its end") {
  TestHost host;
  TestSystem system("stdin");
  Json parameters = {{"CommandLine", "cat"}, {"CreateStdInPipe", true}, {"CreateStdOutPipe", true}};
  const StartedProcess process = StartProcess(system.handle(), parameters);
  REQUIRE(process.code == abi::S_OK);
  // More than all the pipes between hold.
  const std::string text(5 << 20, 'x');
  std::thread writer([&] {
    CHECK(WriteAll(process.stdin_pipe, text));
    CHECK(CloseStream(process, "StdIn") == abi::S_OK);
  });
  const std::string echoed = ReadAll(process.stdout_pipe);
  writer.join();
  CHECK(echoed.size() == text.size());
  CHECK(echoed == text);
  CHECK(AwaitExitCode(process) == 0);
  CHECK_FALSE(ProcessInformation(process.handle).stdin_pipe);
}

TEST_CASE("process information gives fresh descriptors of the same streams") {
  TestHost host;
  TestSystem system("fresh");
  Json parameters = {{"CommandLine", "cat"}, {"CreateStdInPipe", true}, {"CreateStdOutPipe", true}};
  const StartedProcess process = StartProcess(system.handle(), parameters);
  REQUIRE(process.code == abi::S_OK);
  StartedProcess again = ProcessInformation(process.handle);
  REQUIRE(again.code == abi::S_OK);
  CHECK(again.process_id == process.process_id);
  CHECK(again.stdin_pipe.get() != process.stdin_pipe.get());
  CHECK(again.stdout_pipe.get() > 0);
  CHECK((fcntl(again.stdout_pipe.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((fcntl(again.stdout_pipe.get(), F_GETFL) & O_NONBLOCK) == 0);
  // One holder's O_NONBLOCK is not the other's.
  fcntl(again.stdout_pipe.get(), F_SETFL, O_NONBLOCK);
  CHECK((fcntl(process.stdout_pipe.get(), F_GETFL) & O_NONBLOCK) == 0);
  CHECK(WriteAll(again.stdin_pipe, "hello\n"));
  std::string seen;
  CHECK(ReadUntil(process.stdout_pipe, "hello\n", &seen));
  CHECK(CloseStream(process, "StdIn") == abi::S_OK);
  CHECK(AwaitExitCode(process) == 0);
}

TEST_CASE("what cannot be started leaves nothing behind") {
  TestHost host;
  TestSystem system("bad");
  const auto code = [&](const Json& parameters) {
    const StartedProcess process = StartProcess(system.handle(), parameters);
    CHECK(process.handle == nullptr);
    CHECK_FALSE(process.result.empty());
    return process.code;
  };
  CHECK(code({{"CommandLine", "no-such-program --here"}}) == abi::ERROR_FILE_NOT_FOUND);
  CHECK(code({{"CommandLine", "/etc/passwd"}}) == abi::ERROR_ACCESS_DENIED);
  CHECK(code({{"CommandLine", "true"}, {"WorkingDirectory", "C:\\proc\\no-such"}}) ==
        abi::ERROR_DIRECTORY);
  CHECK(code({{"CommandLine", 7}}) == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(code({{"CommandLine", "true"}, {"Environment", {{"A", 1}}}}) ==
        abi::VMCOMPUTE_INVALID_JSON);
  CHECK(code({{"CommandLine", "true"}, {"ConsoleSize", {1, -1}}}) == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(code({{"CommandLine", "true"}, {"Environment", {{"A=B", "1"}}}}) ==
        abi::ERROR_INVALID_PARAMETER);
  CHECK(code(Json::object()) == abi::ERROR_INVALID_PARAMETER);
  CHECK(code({{"CommandLine", "true"}, {"User", "no-such-user"}}) ==
        static_cast<HRESULT>(0x80070534));
  const Json properties = Properties(system.handle(), {{"PropertyTypes", {"ProcessList"}}}).json();
  CHECK(properties["ProcessList"].empty());
  CHECK(properties["State"] == "Running");
}

TEST_CASE("the environment is the document's over a small base, not the daemon's") {
  TestHost host;
  setenv("HCSD_TEST_SECRET", "leaked", 1);
  TestSystem system("env", {{"SystemType", "Container"}, {"HostName", "winhost"}});
  Json parameters = Shell("env; pwd");
  parameters["Environment"] = {{"GREETING", "hello world"}, {"HOME", "/nowhere"}};
  parameters["WorkingDirectory"] = "C:\\usr\\bin";
  const StartedProcess process = StartProcess(system.handle(), parameters);
  unsetenv("HCSD_TEST_SECRET");
  REQUIRE(process.code == abi::S_OK);
  const std::string seen = ReadAll(process.stdout_pipe);
  CHECK(seen.find("GREETING=hello world\n") != std::string::npos);
  CHECK(seen.find("HOME=/nowhere\n") != std::string::npos);
  CHECK(seen.find("COMPUTERNAME=winhost\n") != std::string::npos);
  CHECK(seen.find("/usr/bin\n") != std::string::npos);
  CHECK(seen.find("HCSD_TEST_SECRET") == std::string::npos);
}

TEST_CASE("a large environment passes, too large a one is an error") {
  TestHost host;
  TestSystem system("bigenv");
  Json parameters = Shell("env | grep -c ^VARIABLE_");
  for (int i = 0; i < 10'000; ++i) {
    parameters["Environment"]["VARIABLE_" + std::to_string(i)] = std::string(20, 'v');
  }
  const StartedProcess process = StartProcess(system.handle(), parameters);
  REQUIRE(process.code == abi::S_OK);
  CHECK(ReadAll(process.stdout_pipe) == "10000\n");
  parameters["Environment"] = {{"HUGE", std::string(3 << 20, 'v')}};
  CHECK(StartProcess(system.handle(), parameters).code == static_cast<HRESULT>(0x8007000A));
}

TEST_CASE("a console: its size, resize, echo, interrupt and end-of-file") {
  TestHost host;
  TestSystem system("console");
  Json parameters = Shell("stty size; read line; stty size; cat");
  parameters.update({{"EmulateConsole", true},
                     {"ConsoleSize", {25, 80}},
                     {"CreateStdInPipe", true},
                     {"CreateStdErrPipe", true}});
  const StartedProcess process = StartProcess(system.handle(), parameters);
  REQUIRE(process.code == abi::S_OK);
  CHECK_FALSE(process.stderr_pipe);
  std::string seen;
  CHECK(ReadUntil(process.stdout_pipe, "25 80", &seen));
  CHECK(Modify(process, {{"Operation", "ConsoleSize"},
                         {"ConsoleSize", {{"Height", 50}, {"Width", 132}}}}) == abi::S_OK);
  CHECK(WriteAll(process.stdin_pipe, "\n"));
  CHECK(ReadUntil(process.stdout_pipe, "50 132", &seen));
  CHECK(WriteAll(process.stdin_pipe, "typed\n"));
  CHECK(ReadUntil(process.stdout_pipe, "typed\r\ntyped\r\n", &seen));
  CHECK(CloseStream(process, "StdIn") == abi::S_OK);
  CHECK(AwaitExitCode(process) == 0);
  CHECK(ReadAll(process.stdout_pipe).empty());
}

TEST_CASE("a console's output is whole when the process exits, however slow the reader") {
  TestHost host;
  TestSystem system("flood");
  Json parameters = Shell("seq 1 300000");
  parameters["EmulateConsole"] = true;
  const StartedProcess process = StartProcess(system.handle(), parameters);
  REQUIRE(process.code == abi::S_OK);
  const std::string seen = ReadAll(process.stdout_pipe);
  CHECK(AwaitExitCode(process) == 0);
  size_t lines = 0;
  for (const char c : seen) lines += c == '\n';
  CHECK(lines == 300'000);
  CHECK(seen.ends_with("300000\r\n"));
}

TEST_CASE("output that nobody has read outlives the process") {
  TestHost host;
  TestSystem system("unread");
  for (const bool console : {false, true}) {
    Json parameters = Shell("seq 1 1000");
    parameters["EmulateConsole"] = console;
    StartedProcess process = StartProcess(system.handle(), parameters);
    REQUIRE(process.code == abi::S_OK);
    process.stdout_pipe.reset();
    CHECK(AwaitExitCode(process) == 0);
    const std::string seen = ReadAll(ProcessInformation(process.handle).stdout_pipe);
    CHECK(seen.ends_with(console ? "\r\n1000\r\n" : "\n1000\n"));
  }
}

TEST_CASE("resizing without a console is an error that does no harm") {
  TestHost host;
  TestSystem system("noconsole");
  const StartedProcess process = StartProcess(system.handle(), {{"CommandLine", "sleep 100"}});
  REQUIRE(process.code == abi::S_OK);
  CHECK(abi::Failed(Modify(
      process, {{"Operation", "ConsoleSize"}, {"ConsoleSize", {{"Height", 5}, {"Width", 5}}}})));
  CHECK(Modify(process, {{"Operation", "Dance"}}) == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(CloseStream(process, "StdSomething") == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(ProcessProperties(process.handle).json()["Exited"] == false);
}

TEST_CASE("exit codes of processes that do not exit by themselves") {
  TestHost host;
  TestSystem system("signals");
  const auto start = [&] {
    StartedProcess process = StartProcess(system.handle(), {{"CommandLine", "sleep 1000"}});
    REQUIRE(process.code == abi::S_OK);
    return process;
  };
  const StartedProcess interrupted = start();
  CHECK(Signal(interrupted, "CtrlC") == abi::S_OK);
  CHECK(AwaitExitCode(interrupted) == 0xC000013A);

  const StartedProcess asked = start();
  CHECK(Signal(asked, "CtrlShutdown") == abi::S_OK);
  CHECK(AwaitExitCode(asked) == 128 + SIGTERM);

  const StartedProcess numbered = start();
  CHECK(Signal(numbered, SIGUSR1) == abi::S_OK);
  CHECK(AwaitExitCode(numbered) == 128 + SIGUSR1);
  CHECK(Signal(numbered, SIGUSR1) == abi::HCS_E_PROCESS_ALREADY_STOPPED);

  const StartedProcess terminated = start();
  CHECK(Signal(terminated, "CtrlNothing") == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(Signal(terminated, 1000) == abi::ERROR_INVALID_PARAMETER);
  CHECK(Table().HcsTerminateProcess(terminated.handle, nullptr) == abi::S_OK);
  CHECK(AwaitExitCode(terminated) == 1067);
  CHECK(Table().HcsTerminateProcess(terminated.handle, nullptr) ==
        abi::HCS_E_PROCESS_ALREADY_STOPPED);
}

TEST_CASE("an exited process can be opened, an unknown one cannot") {
  TestHost host;
  TestSystem system("retained");
  StartedProcess process = StartProcess(system.handle(), Shell("echo kept; exit 3"));
  REQUIRE(process.code == abi::S_OK);
  CHECK(AwaitExitCode(process) == 3);
  CHECK(Table().HcsCloseProcess(process.handle) == abi::S_OK);
  process.stdout_pipe.reset();
  abi::HCS_PROCESS opened = nullptr;
  REQUIRE(Table().HcsOpenProcess(system.handle(), process.process_id, &opened, nullptr) ==
          abi::S_OK);
  CHECK(ProcessProperties(opened).json()["ExitCode"] == 3);
  CHECK(ReadAll(ProcessInformation(opened).stdout_pipe) == "kept\n");
  Inbox inbox;
  abi::HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterProcessCallback(opened, Inbox::Callback, &inbox, &registration) ==
          abi::S_OK);
  CHECK(inbox.Await(abi::HcsNotificationProcessExited));
  CHECK(Table().HcsUnregisterProcessCallback(registration) == abi::S_OK);
  abi::HCS_PROCESS unknown = nullptr;
  CHECK(Table().HcsOpenProcess(system.handle(), 4'000'000, &unknown, nullptr) ==
        abi::ERROR_NOT_FOUND);
  CHECK(unknown == nullptr);
}

TEST_CASE("a process runs as the user that its document names") {
  if (geteuid() != 0) return;
  TestHost host;
  TestSystem system("user");
  Json parameters = Shell("id -un");
  parameters["User"] = "nobody";
  const StartedProcess process = StartProcess(system.handle(), parameters);
  REQUIRE(process.code == abi::S_OK);
  CHECK(ReadAll(process.stdout_pipe) == "nobody\n");
  CHECK(AwaitExitCode(process) == 0);
}

}  // namespace
}  // namespace hcs::emulator::test
