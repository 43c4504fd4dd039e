// Cases 6 to 11, 13 to 16, 29, 32 and 34: states, ends, handles and registrations.

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>
#include <utility>

#include "tests/conformance/session.h"

namespace hcs::conformance {
namespace {

constexpr auto kSystemExited = abi::HcsNotificationSystemExited;
constexpr auto kProcessExited = abi::HcsNotificationProcessExited;
constexpr auto kStartCompleted = abi::HcsNotificationSystemStartCompleted;
constexpr auto kPauseCompleted = abi::HcsNotificationSystemPauseCompleted;
constexpr auto kResumeCompleted = abi::HcsNotificationSystemResumeCompleted;

const Programs& TestPrograms() { return HostUnderTest::Current().programs(); }

// The call's own answer, or that of its completion: real hosts differ in which.
Code Outcome(System* system, Code called, uint32_t completion) {
  return system->Finish(called, completion);
}

TEST_CASE("case 06: start, then start again: INVALID_STATE") {
  const auto system = System::CreateRunning(UniqueId("a"));
  CHECK(system->Start() == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(system->State() == "Running");
}

TEST_CASE("case 07: terminate a created one: SystemExited, no longer enumerated") {
  const auto system = System::Create(UniqueId("a"));
  CHECK(system->Terminate().IsOneOf({abi::S_OK, abi::VMCOMPUTE_OPERATION_PENDING}));
  CHECK(system->registration().Await(kSystemExited).status == abi::S_OK);
  CHECK_FALSE(IsEnumerated(system->id()));
  std::unique_ptr<System> reopened;
  CHECK(System::TryOpen(system->id(), &reopened).code == abi::VMCOMPUTE_SYSTEM_NOT_FOUND);
  CHECK(System::Create(system->id())->State() == "Created");  // The id is free again.
}

TEST_CASE("case 08: terminate twice on one handle: SYSTEM_ALREADY_STOPPED") {
  const auto system = System::CreateRunning(UniqueId("a"));
  system->TerminateAndAwait();
  CHECK(system->Terminate() == abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  CHECK(system->registration().Count(kSystemExited) == 1);
}

TEST_CASE("case 09: shutdown, wait, shutdown: SYSTEM_ALREADY_STOPPED") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().sleep);
  CHECK(system->Shutdown().IsOneOf({abi::S_OK, abi::VMCOMPUTE_OPERATION_PENDING}));
  system->registration().Await(kSystemExited);
  process->registration().Await(kProcessExited);
  CHECK(system->Shutdown() == abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  CHECK_FALSE(IsEnumerated(system->id()));
}

TEST_CASE("case 10: pause stops the output, resume goes on with it, nothing lost") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().count, {{"CreateStdOutPipe", true}});
  int last = 0;
  const auto take_line = [&] {
    const std::string line = process->out.ReadLine();
    REQUIRE(line.substr(0, line.find_first_of("\r\n")) == std::to_string(last + 1));
    ++last;
  };
  while (last < 20) take_line();
  REQUIRE(Outcome(system.get(), system->Pause(), kPauseCompleted) == abi::S_OK);
  CHECK(system->State() == "Paused");
  while (process->out.IsReadable(std::chrono::milliseconds(0))) take_line();
  // A hundred lines' time: whoever still runs would have written.
  CHECK_FALSE(process->out.IsReadable(std::chrono::milliseconds(400)));
  CHECK_FALSE(process->HasExited());
  REQUIRE(Outcome(system.get(), system->Resume(), kResumeCompleted) == abi::S_OK);
  CHECK(system->State() == "Running");
  for (const int until = last + 20; last < until;) take_line();
}

TEST_CASE("case 11: pause when created, resume when running: INVALID_STATE") {
  const auto system = System::Create(UniqueId("a"));
  CHECK(system->Pause() == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(system->Resume() == abi::VMCOMPUTE_INVALID_STATE);
  REQUIRE(system->Finish(system->Start(), kStartCompleted) == abi::S_OK);
  CHECK(system->Resume() == abi::VMCOMPUTE_INVALID_STATE);
  REQUIRE(system->Finish(system->Pause(), kPauseCompleted) == abi::S_OK);
  CHECK(system->Pause() == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(system->Start() == abi::VMCOMPUTE_INVALID_STATE);
  std::unique_ptr<Process> process;
  CHECK(system->TryRun({{"CommandLine", Programs::Exit(0)}}, &process).code ==
        abi::VMCOMPUTE_INVALID_STATE);
  system->TerminateAndAwait();
  CHECK(system->Pause() == abi::VMCOMPUTE_INVALID_STATE);
  CHECK(system->Resume() == abi::VMCOMPUTE_INVALID_STATE);
}

TEST_CASE("case 13: two handles, both registered, terminate: both get SystemExited once") {
  const auto first = System::CreateRunning(UniqueId("a"));
  const auto second = System::Open(first->id());
  CHECK(first->handle() != second->handle());
  second->TerminateAndAwait();
  first->registration().Await(kSystemExited);
  // What came second would come on the same threads as this system's end does.
  System::CreateRunning(UniqueId("b"))->TerminateAndAwait();
  CHECK(first->registration().Count(kSystemExited) == 1);
  CHECK(second->registration().Count(kSystemExited) == 1);
}

TEST_CASE("case 14: unregister, then terminate: no callback after unregister returned") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto silent = Registration::On(system->handle());
  silent->Unregister();
  std::vector<std::unique_ptr<Registration>> racing;
  for (int i = 0; i < 32; ++i) racing.push_back(Registration::On(system->handle()));
  std::thread unregister([&racing] {
    for (const auto& registration : racing) registration->Unregister();
  });
  const Code code = system->Terminate();
  unregister.join();
  CHECK(code.IsOneOf({abi::S_OK, abi::VMCOMPUTE_OPERATION_PENDING}));
  system->registration().Await(kSystemExited);
  CHECK(silent->All().empty());
  for (const auto& registration : racing) {
    CHECK_FALSE(registration->ArrivedLate());
    CHECK(registration->Count(kSystemExited) <= 1);
  }
}

TEST_CASE("case 15: close the handle without terminate, open again: still running") {
  const auto owner = System::CreateRunning(UniqueId("a"));
  const uint32_t process_id = owner->Run(TestPrograms().sleep)->id();
  owner->Close();
  const auto reopened = System::Open(owner->id());
  CHECK(reopened->State() == "Running");
  std::unique_ptr<Process> process;
  REQUIRE(reopened->TryOpenProcess(process_id, &process).code == abi::S_OK);
  CHECK_FALSE(process->HasExited());
  reopened->TerminateAndAwait();
}

TEST_CASE("case 16: TerminateOnLastHandleClosed, close all: gone") {
  const auto first = System::CreateRunning(UniqueId("a"), {{"TerminateOnLastHandleClosed", true}});
  const auto second = System::Open(first->id());
  first->Close();
  CHECK(second->State() == "Running");
  CHECK(second->registration().Count(kSystemExited) == 0);
  second->Close();
  CHECK(Eventually([&first] { return !IsEnumerated(first->id()); }));
  std::unique_ptr<System> reopened;
  CHECK(System::TryOpen(first->id(), &reopened).code == abi::VMCOMPUTE_SYSTEM_NOT_FOUND);
}

TEST_CASE("case 29: terminate a system with 50 processes: 50 ProcessExited, then SystemExited") {
  const auto system = System::CreateRunning(UniqueId("a"));
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < 50; ++i) processes.push_back(system->Run(TestPrograms().sleep));
  system->TerminateAndAwait();
  const uint64_t system_exited = system->registration().Await(kSystemExited).sequence;
  for (const auto& process : processes) {
    CHECK(process->registration().Await(kProcessExited).sequence < system_exited);
    CHECK(process->registration().Count(kProcessExited) == 1);
    CHECK(process->HasExited());
  }
}

TEST_CASE("case 32: any call on a closed handle: invalid handle, no crash") {
  auto system = System::CreateRunning(UniqueId("a"));
  auto process = system->Run(TestPrograms().sleep);
  const abi::HCS_SYSTEM closed = System::Open(system->id())->handle();  // Closed by now.
  std::unique_ptr<Process> opened;
  REQUIRE(system->TryOpenProcess(process->id(), &opened).code == abi::S_OK);
  const abi::HCS_PROCESS closed_process = opened->handle();
  opened.reset();

  const abi::HcsFunctionTable& table = Table();
  abi::PWSTR text = nullptr;
  abi::PWSTR result = nullptr;
  abi::HCS_PROCESS process_handle = nullptr;
  abi::HCS_CALLBACK callback_handle = nullptr;
  abi::HcsProcessInformation information = {};
  const auto callback = [](uint32_t, void*, abi::HRESULT, abi::PCWSTR) {};
  // A result document is the caller's to free, of each call.
  const auto freeing = [&](Code code) {
    table.CoTaskMemFree(std::exchange(result, nullptr));
    table.CoTaskMemFree(std::exchange(text, nullptr));
    return code;
  };
  const Code codes[] = {
      table.HcsCloseComputeSystem(closed),
      freeing(table.HcsStartComputeSystem(closed, u"", &result)),
      freeing(table.HcsShutdownComputeSystem(closed, u"", &result)),
      freeing(table.HcsTerminateComputeSystem(closed, u"", &result)),
      freeing(table.HcsPauseComputeSystem(closed, u"", &result)),
      freeing(table.HcsResumeComputeSystem(closed, u"", &result)),
      freeing(table.HcsGetComputeSystemProperties(closed, u"{}", &text, &result)),
      freeing(table.HcsModifyComputeSystem(closed, u"{}", &result)),
      table.HcsRegisterComputeSystemCallback(closed, callback, nullptr, &callback_handle),
      freeing(table.HcsCreateProcess(closed, u"{\"CommandLine\": \"x\"}", &information,
                                     &process_handle, &result)),
      freeing(table.HcsOpenProcess(closed, process->id(), &process_handle, &result)),
      table.HcsCloseProcess(closed_process),
      freeing(table.HcsTerminateProcess(closed_process, &result)),
      freeing(table.HcsGetProcessInfo(closed_process, &information, &result)),
      freeing(table.HcsGetProcessProperties(closed_process, &text, &result)),
      freeing(table.HcsModifyProcess(closed_process, u"{\"Operation\": \"CloseHandle\"}", &result)),
      table.HcsRegisterProcessCallback(closed_process, callback, nullptr, &callback_handle),
      table.HcsUnregisterComputeSystemCallback(nullptr),
      table.HcsUnregisterProcessCallback(nullptr),
      table.HcsCloseComputeSystem(nullptr),
      table.HcsCloseProcess(nullptr),
      freeing(table.HcsStartComputeSystem(nullptr, u"", &result)),
      freeing(table.HcsTerminateProcess(nullptr, &result)),
  };
  for (size_t i = 0; i < std::size(codes); ++i) {
    INFO("call " << i);
    CHECK(codes[i] == abi::ERROR_INVALID_HANDLE);
  }
  CHECK(system->State() == "Running");
  CHECK_FALSE(process->HasExited());
}

TEST_CASE("case 34: the service goes while waiting: ServiceDisconnect to every registration") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const auto process = system->Run(TestPrograms().sleep);
  const auto second = System::Open(system->id());
  if (!HostUnderTest::Current().DisruptService()) {
    return DoesNotApply("this host's service cannot be disrupted from here");
  }
  for (Registration* registration :
       {&system->registration(), &second->registration(), &process->registration()}) {
    registration->Await(abi::HcsNotificationServiceDisconnect);
    CHECK(registration->Count(abi::HcsNotificationServiceDisconnect) == 1);
    CHECK(registration->Count(kSystemExited) == 0);
    CHECK(registration->Count(kProcessExited) == 0);
  }
  // The container is not the service's to lose.
  const auto reopened = System::Open(system->id());
  CHECK(reopened->State() == "Running");
  std::unique_ptr<Process> same;
  CHECK(reopened->TryOpenProcess(process->id(), &same).code == abi::S_OK);
  reopened->TerminateAndAwait();
}

}  // namespace
}  // namespace hcs::conformance
