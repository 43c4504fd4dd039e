#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/document/invalid_field.h"
#include "core/host/compute_service.h"
#include "tests/unit/host_fake_table.h"

namespace hcs::host {
namespace {

template <typename T>
T Take(absl::StatusOr<T> value) {
  INFO(value.status().ToString());
  REQUIRE(value.ok());
  return *std::move(value);
}

// A pipe whose one end is given to the table as a HANDLE.
struct GivenPipe {
  GivenPipe() { REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
  ~GivenPipe() { ::close(ends[0]); }
  abi::HANDLE handle() const {
    return reinterpret_cast<abi::HANDLE>(static_cast<intptr_t>(ends[1]));
  }
  // Whether nobody holds the end that was given.
  bool is_closed() const {
    char byte;
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return ::read(ends[0], &byte, 1) == 0;
  }
  std::array<int, 2> ends{};
};

TEST_CASE("Every function of a system reaches its export", "[host]") {
  FakeTable fake;
  {
    const ComputeService service(fake.table);
    const CreatedSystem created = Take(service.Create("wéb", "{\"c\":1}"));
    CHECK(created.completion == Completion::kDone);
    const ComputeSystem& system = created.system;
    CHECK(system.id() == "wéb");
    CHECK(Take(system.Start("s")) == Completion::kDone);
    CHECK(Take(system.Shutdown()) == Completion::kDone);
    CHECK(Take(system.Terminate("t")) == Completion::kDone);
    CHECK(Take(system.Pause()) == Completion::kDone);
    CHECK(Take(system.Resume()) == Completion::kDone);
    CHECK(Take(system.Save()) == Completion::kDone);
    CHECK(Take(system.Modify("m")) == Completion::kDone);
    CHECK(Take(system.GetProperties("q")) == "{}");
    CHECK(Take(system.OpenProcess(42)).process_id() == 42);
  }
  CHECK(fake.calls() == std::vector<std::string>{
                            "HcsCreateComputeSystem(wéb,{\"c\":1})", "HcsStartComputeSystem(s)",
                            "HcsShutdownComputeSystem()", "HcsTerminateComputeSystem(t)",
                            "HcsPauseComputeSystem()", "HcsResumeComputeSystem()",
                            "HcsSaveComputeSystem()", "HcsModifyComputeSystem(m)",
                            "HcsGetComputeSystemProperties(q)", "HcsOpenProcess(42)",
                            "HcsCloseProcess()", "HcsCloseComputeSystem()"});
  CHECK(fake.texts_alive() == 0);
}

TEST_CASE("Every function of a process reaches its export", "[host]") {
  FakeTable fake;
  {
    const ComputeService service(fake.table);
    const ComputeSystem system = Take(service.Open("a"));
    fake.information.ProcessId = 77;
    const CreatedProcess created = Take(system.CreateProcess("{\"p\":1}"));
    CHECK(created.information.process_id == 77);
    CHECK(created.process.process_id() == 77);
    CHECK_FALSE(created.information.std_input);
    CHECK(Take(created.process.Terminate()) == Completion::kDone);
    CHECK(Take(created.process.Signal("s")) == Completion::kDone);
    CHECK(Take(created.process.Modify("m")) == Completion::kDone);
    CHECK(Take(created.process.GetProperties()) == "{}");
    fake.information.ProcessId = 77;
    CHECK(Take(created.process.GetInformation()).process_id == 77);
  }
  CHECK(fake.calls() == std::vector<std::string>{
                            "HcsOpenComputeSystem(a)", "HcsCreateProcess({\"p\":1})",
                            "HcsTerminateProcess()", "HcsSignalProcess(s)", "HcsModifyProcess(m)",
                            "HcsGetProcessProperties()", "HcsGetProcessInfo()", "HcsCloseProcess()",
                            "HcsCloseComputeSystem()"});
  CHECK(fake.texts_alive() == 0);
}

TEST_CASE("Every function of the service reaches its export", "[host]") {
  FakeTable fake;
  fake.SetAnswer("HcsEnumerateComputeSystems", {.out = u"[]"});
  const ComputeService service(fake.table);
  CHECK(Take(service.Enumerate("{\"Ids\":[]}")) == "[]");
  CHECK(Take(service.GetServiceProperties("q")) == "{}");
  CHECK(service.ModifyServiceSettings("s").ok());
  CHECK(Take(service.CallHns("GET", "/networks/", "")) == "{}");
  CHECK(fake.calls() == std::vector<std::string>{"HcsEnumerateComputeSystems({\"Ids\":[]})",
                                                 "HcsGetServiceProperties(q)",
                                                 "HcsModifyServiceSettings(s)",
                                                 "HNSCall(GET /networks/ )"});
  CHECK(fake.texts_alive() == 0);
}

TEST_CASE("Pending is told, in both of its forms", "[host]") {
  for (const abi::HRESULT pending :
       {abi::VMCOMPUTE_OPERATION_PENDING, abi::HCS_E_OPERATION_PENDING}) {
    FakeTable fake;
    fake.SetAnswer("HcsCreateComputeSystem", {.hresult = pending});
    fake.SetAnswer("HcsStartComputeSystem", {.hresult = pending});
    fake.SetAnswer("HcsTerminateProcess", {.hresult = pending});
    const ComputeService service(fake.table);
    const CreatedSystem created = Take(service.Create("a", "{}"));
    CHECK(created.completion == Completion::kPending);
    CHECK(Take(created.system.Start()) == Completion::kPending);
    CHECK(Take(Take(created.system.OpenProcess(1)).Terminate()) == Completion::kPending);
  }
}

TEST_CASE("A failure carries the export, the object and the result document", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Take(service.Open("a"));
  const Process process = Take(system.OpenProcess(9));
  fake.SetAnswer("HcsStartComputeSystem",
                 {.hresult = abi::VMCOMPUTE_INVALID_STATE, .result = u"{\"ErrorMessage\":\"é\"}"});
  fake.SetAnswer("HcsSignalProcess", {.hresult = abi::ERROR_NOT_FOUND, .result = u"garbage"});
  const auto start = HostErrorOf(system.Start().status());
  REQUIRE(start);
  CHECK(start->operation() == "HcsStartComputeSystem");
  CHECK(start->object() == "a");
  CHECK(start->message() == "é");
  const auto signal = HostErrorOf(process.Signal("{}").status());
  REQUIRE(signal);
  CHECK(signal->object() == "a:9");
  CHECK(signal->raw_document() == "garbage");
  CHECK(fake.texts_alive() == 0);
}

TEST_CASE("A host that answers with nothing is UNEXPECTED_VALUE", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Take(service.Open("a"));
  const Process process = Take(system.OpenProcess(1));
  for (const char* function :
       {"HcsEnumerateComputeSystems", "HcsGetServiceProperties", "HcsGetComputeSystemProperties",
        "HcsGetProcessProperties", "HNSCall"}) {
    fake.SetAnswer(function, {.out = std::nullopt});
  }
  for (const char* function :
       {"HcsCreateComputeSystem", "HcsOpenComputeSystem", "HcsCreateProcess", "HcsOpenProcess"}) {
    fake.SetAnswer(function, {.gives_handle = false});
  }
  const auto unexpected = [](const absl::Status& status) {
    return IsOwnError(status, OwnError::kUnexpectedValue);
  };
  CHECK(unexpected(service.Enumerate("{}").status()));
  CHECK(unexpected(service.GetServiceProperties("{}").status()));
  CHECK(unexpected(service.CallHns("GET", "/", "").status()));
  CHECK(unexpected(system.GetProperties("{}").status()));
  CHECK(unexpected(process.GetProperties().status()));
  CHECK(unexpected(service.Create("a", "{}").status()));
  CHECK(unexpected(service.Open("a").status()));
  CHECK(unexpected(system.CreateProcess("{}").status()));
  CHECK(unexpected(system.OpenProcess(1).status()));
}

TEST_CASE("Text that the host cannot take is refused by name", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Take(service.Open("a"));
  const auto nul = service.Open(std::string_view("a\0b", 3)).status();
  CHECK(nul.code() == absl::StatusCode::kInvalidArgument);
  CHECK(nul.message() == "id: must not hold a NUL character");
  CHECK(nul.GetPayload(document::kBadRequestTypeUrl).has_value());
  CHECK(service.Create("a", "\xff").status().message() == "configuration: must be valid UTF-8");
  CHECK(system.Start("\xed\xa0\x80").status().message() == "options: must be valid UTF-8");
  CHECK(fake.calls().size() == 1);
}

TEST_CASE("What the host gives that is not UTF-16 is replaced", "[host]") {
  FakeTable fake;
  fake.SetAnswer("HcsEnumerateComputeSystems", {.out = std::u16string{u'[', 0xD800, u']'}});
  const ComputeService service(fake.table);
  CHECK(Take(service.Enumerate("")) == "[\uFFFD]");
}

TEST_CASE("An export that is missing is named", "[host]") {
  FakeTable fake;
  fake.table.HcsSignalProcess = nullptr;
  fake.table.HNSCall = nullptr;
  const ComputeService service(fake.table);
  const ComputeSystem system = Take(service.Open("a"));
  const auto signal = Take(system.OpenProcess(1)).Signal("{}").status();
  CHECK(signal.code() == absl::StatusCode::kUnimplemented);
  CHECK_THAT(std::string(signal.message()), Catch::Contains("HcsSignalProcess"));
  CHECK(service.IsTp4());
  CHECK(service.CallHns("GET", "/", "").status().code() == absl::StatusCode::kUnimplemented);
  const auto missing = service.MissingExports();
  CHECK(std::count(missing.begin(), missing.end(), "HcsSignalProcess") == 1);
  CHECK(std::count(missing.begin(), missing.end(), "HcsOpenProcess") == 0);
}

TEST_CASE("A table without any function answers every call", "[host]") {
  const abi::HcsFunctionTable none;
  const ComputeService service(none);
  CHECK(service.Enumerate("{}").status().code() == absl::StatusCode::kUnimplemented);
  CHECK(service.Open("a").status().code() == absl::StatusCode::kUnimplemented);
  CHECK(service.Create("a", "{}").status().code() == absl::StatusCode::kUnimplemented);
}

TEST_CASE("A handle is closed once, and then answers HANDLE_CLOSED", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  {
    ComputeSystem system = Take(service.Open("a"));
    Process process = Take(system.OpenProcess(1));
    process.Close();
    process.Close();
    CHECK(IsOwnError(process.Terminate().status(), OwnError::kHandleClosed));
    CHECK(IsOwnError(process.Register([](Notification) {}).status(), OwnError::kHandleClosed));
    system.Close();
    system.Close();
    CHECK(IsOwnError(system.Start().status(), OwnError::kHandleClosed));
    CHECK(IsOwnError(system.OpenProcess(1).status(), OwnError::kHandleClosed));
    CHECK(IsOwnError(system.Register([](Notification) {}).status(), OwnError::kHandleClosed));
    const ComputeSystem moved = std::move(system);
    CHECK(moved.id() == "a");
  }
  CHECK(fake.count("HcsCloseProcess") == 1);
  CHECK(fake.count("HcsCloseComputeSystem") == 1);
}

TEST_CASE("Assigning to a handle closes what it held", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  ComputeSystem system = Take(service.Open("a"));
  system = Take(service.Open("b"));
  CHECK(system.id() == "b");
  CHECK(fake.count("HcsCloseComputeSystem") == 1);
}

TEST_CASE("Closing does not wait for a call, nor pull its handle away", "[host]") {
  FakeTable fake;
  std::latch inside(1), go_on(1);
  fake.SetAnswer("HcsStartComputeSystem", {.during = [&] {
                   inside.count_down();
                   go_on.wait();
                 }});
  const ComputeService service(fake.table);
  ComputeSystem system = Take(service.Open("a"));
  absl::Status started;
  std::thread caller([&] { started = system.Start().status(); });
  inside.wait();
  const auto calls = service.CallsInFlight();
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].function == "HcsStartComputeSystem");
  CHECK(calls[0].object == "a");
  system.Close();
  CHECK(fake.count("HcsCloseComputeSystem") == 0);
  CHECK(IsOwnError(system.Pause().status(), OwnError::kHandleClosed));
  go_on.count_down();
  caller.join();
  CHECK(started.ok());
  CHECK(fake.count("HcsCloseComputeSystem") == 1);
  CHECK(service.CallsInFlight().empty());
}

TEST_CASE("A registration keeps its system from being closed", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  std::optional<ComputeSystem> system = Take(service.Open("a"));
  Registration registration = Take(system->Register([](Notification) {}));
  system.reset();
  CHECK(fake.count("HcsCloseComputeSystem") == 0);
  registration.Unregister();
  CHECK(fake.calls().back() == "HcsCloseComputeSystem()");
}

TEST_CASE("Pipes belong to whoever gets them", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Take(service.Open("a"));
  GivenPipe in, out;
  fake.information = {.ProcessId = 5, .StdInput = in.handle(), .StdOutput = out.handle()};
  {
    CreatedProcess created = Take(system.CreateProcess("{}"));
    CHECK(created.information.std_input.get() == in.ends[1]);
    CHECK(created.information.std_output.get() == out.ends[1]);
    CHECK_FALSE(created.information.std_error);
    created.process.Close();
    CHECK_FALSE(out.is_closed());
  }
  CHECK(in.is_closed());
  CHECK(out.is_closed());
}

TEST_CASE("Pipes of a call that failed are closed", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Take(service.Open("a"));
  const Process process = Take(system.OpenProcess(1));
  fake.SetAnswer("HcsCreateProcess", {.gives_handle = false});
  fake.SetAnswer("HcsGetProcessInfo", {.hresult = abi::E_FAIL});
  GivenPipe first, second;
  fake.information = {.StdError = first.handle()};
  CHECK_FALSE(system.CreateProcess("{}").ok());
  CHECK(first.is_closed());
  fake.information = {.StdInput = second.handle()};
  CHECK_FALSE(process.GetInformation().ok());
  CHECK(second.is_closed());
}

}  // namespace
}  // namespace hcs::host
