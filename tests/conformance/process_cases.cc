// Cases 17 to 27 and 33: processes, their streams, consoles and ends.

#include <catch2/catch.hpp>

#include "tests/conformance/session.h"

namespace hcs::conformance {
namespace {

constexpr auto kProcessExited = abi::HcsNotificationProcessExited;

const Programs& TestPrograms() { return HostUnderTest::Current().programs(); }

const Json kInputAndOutput = {{"CreateStdInPipe", true}, {"CreateStdOutPipe", true}};
const Json kCloseInput = {{"Operation", "CloseHandle"}, {"CloseHandle", {{"Handle", "StdIn"}}}};

Json ConsoleSize(int height, int width) {
  return {{"Operation", "ConsoleSize"}, {"ConsoleSize", {{"Height", height}, {"Width", width}}}};
}

// The handles of HcsGetProcessInfo.
struct ProcessPipes {
  Pipe in;
  Pipe out;
  Pipe err;
};

ProcessPipes GetPipes(const Process& process) {
  abi::HcsProcessInformation information = {};
  abi::PWSTR result = nullptr;
  const Code code = Table().HcsGetProcessInfo(process.handle(), &information, &result);
  if (result != nullptr) Table().CoTaskMemFree(result);
  REQUIRE(code == abi::S_OK);
  CHECK(information.ProcessId == process.id());
  return {Pipe(information.StdInput), Pipe(information.StdOutput), Pipe(information.StdError)};
}

// Reads until `text` has come.
bool ReadUntil(Pipe* pipe, const std::string& text) {
  std::string seen;
  char buffer[4096];
  while (seen.find(text) == std::string::npos) {
    const size_t count = pipe->Read(buffer, sizeof(buffer));
    if (count == 0) return false;
    seen.append(buffer, count);
  }
  return true;
}

TEST_CASE("case 17: `cmd /c exit 7`: ProcessExited, ExitCode 7, LastWaitResult 0") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(Programs::Exit(7));
  process->registration().Await(kProcessExited);
  const Json status = process->Properties().json();
  CHECK(status.value("Exited", false));
  CHECK(status.value("ExitCode", 0u) == 7);
  CHECK(status.value("LastWaitResult", -1) == 0);
  CHECK(status.value("ProcessId", 0u) == process->id());
  CHECK(system->State() == "Running");
}

TEST_CASE("case 18: a process before start: INVALID_STATE") {
  const auto system = System::Create(UniqueId("a"));
  std::unique_ptr<Process> process;
  CHECK(system->TryRun({{"CommandLine", Programs::Exit(0)}}, &process).code ==
        abi::VMCOMPUTE_INVALID_STATE);
  CHECK(process == nullptr);
  CHECK(system->State() == "Created");
}

TEST_CASE("case 19: an unknown program: file not found, the system still running") {
  const auto system = System::CreateRunning(UniqueId("a"));
  std::unique_ptr<Process> process;
  CHECK(system->TryRun({{"CommandLine", TestPrograms().no_such_program}}, &process).code ==
        abi::ERROR_FILE_NOT_FOUND);
  CHECK(process == nullptr);
  CHECK(system->State() == "Running");
  CHECK(system->Run(Programs::Exit(0))->AwaitExit() == 0);
}

TEST_CASE("case 20: no pipes asked for: their handles are 0") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().sleep);
  CHECK(process->in.handle() == nullptr);
  CHECK(process->out.handle() == nullptr);
  CHECK(process->err.handle() == nullptr);
  const auto with_error = system->Run(TestPrograms().sleep, {{"CreateStdErrPipe", true}});
  CHECK(with_error->in.handle() == nullptr);
  CHECK(with_error->out.handle() == nullptr);
  CHECK(with_error->err.handle() != nullptr);
}

TEST_CASE("case 21: input is echoed, CloseHandle StdIn is end-of-file, and it exits") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().copy_input, kInputAndOutput);
  REQUIRE(process->in.Write("first\n"));
  REQUIRE(process->in.Write("last\n"));
  CHECK(process->Modify(kCloseInput).code == abi::S_OK);
  process->in.Close();
  CHECK(process->out.ReadLine().substr(0, 5) == "first");
  CHECK(process->out.ReadLine().substr(0, 4) == "last");
  CHECK(process->out.ReadToEnd().empty());
  CHECK(process->AwaitExit() == 0);
}

TEST_CASE("case 22: a console of 25x80, then of 50x132: the process sees both") {
  const auto system = System::CreateRunning(UniqueId("a"));
  Json fields = kInputAndOutput;
  fields.update({{"EmulateConsole", true}, {"CreateStdErrPipe", true}, {"ConsoleSize", {25, 80}}});
  const auto process = system->Run(TestPrograms().print_sizes, fields);
  REQUIRE(process->out.handle() != nullptr);
  CHECK(process->err.handle() == nullptr);  // A console has one output.
  CHECK(ReadUntil(&process->out, "25 80"));
  CHECK(process->Modify(ConsoleSize(50, 132)).code == abi::S_OK);
  CHECK(ReadUntil(&process->out, "50 132"));
}

TEST_CASE("case 23: resize without a console: an error, the process unharmed") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().copy_input, kInputAndOutput);
  const Code code = process->Modify(ConsoleSize(50, 132)).code;
  CHECK_FALSE(code.ok());
  CHECK_FALSE(code.pending());
  CHECK_FALSE(process->HasExited());
  REQUIRE(process->in.Write("still here\n"));
  CHECK(process->out.ReadLine().substr(0, 10) == "still here");
}

TEST_CASE("case 24: HcsGetProcessInfo twice: fresh handles each time, the same streams") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().copy_input, kInputAndOutput);
  ProcessPipes first = GetPipes(*process);
  ProcessPipes second = GetPipes(*process);
  CHECK(first.in.handle() != second.in.handle());
  CHECK(first.out.handle() != second.out.handle());
  CHECK(first.err.handle() == nullptr);
  process->in.Close();
  process->out.Close();
  REQUIRE(first.in.Write("one\n"));
  CHECK(second.out.ReadLine().substr(0, 3) == "one");
  second.out.Close();
  REQUIRE(second.in.Write("two\n"));
  CHECK(first.out.ReadLine().substr(0, 3) == "two");

  std::unique_ptr<Process> reopened;
  REQUIRE(system->TryOpenProcess(process->id(), &reopened).code == abi::S_OK);
  ProcessPipes third = GetPipes(*reopened);
  REQUIRE(third.in.Write("three\n"));
  CHECK(third.out.ReadLine().substr(0, 5) == "three");
}

TEST_CASE("case 25: open an unknown process: element not found") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto elsewhere = System::CreateRunning(UniqueId("b"));
  const auto foreign = elsewhere->Run(TestPrograms().sleep);
  std::unique_ptr<Process> process;
  for (const uint32_t id : {0u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
    CHECK(system->TryOpenProcess(id, &process).code == abi::ERROR_NOT_FOUND);
  }
  CHECK(system->TryOpenProcess(foreign->id(), &process).code == abi::ERROR_NOT_FOUND);
  CHECK(process == nullptr);
}

TEST_CASE("case 26: terminate a process, and again: already stopped or not found") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().sleep);
  CHECK(process->Terminate().IsOneOf({abi::S_OK, abi::VMCOMPUTE_OPERATION_PENDING}));
  CHECK(process->AwaitExit() != 0);
  CHECK(process->Terminate().IsOneOf({abi::HCS_E_PROCESS_ALREADY_STOPPED, abi::ERROR_NOT_FOUND}));
  CHECK(process->registration().Count(kProcessExited) == 1);
  CHECK(system->State() == "Running");
}

TEST_CASE("case 27: the exit code of a running process: Exited is false") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().sleep);
  const Answer answer = process->Properties();
  REQUIRE(answer.code == abi::S_OK);
  CHECK(answer.json().value("Exited", true) == false);
  CHECK(answer.json().value("ProcessId", 0u) == process->id());
}

TEST_CASE("case 33: register on an exited process or system: the exit comes") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(Programs::Exit(3));
  CHECK(process->AwaitExit() == 3);
  const auto late = Registration::On(process->handle());
  late->Await(kProcessExited);
  CHECK(late->Count(kProcessExited) == 1);
  system->TerminateAndAwait();
  Registration::On(system->handle())->Await(abi::HcsNotificationSystemExited);
}

}  // namespace
}  // namespace hcs::conformance
