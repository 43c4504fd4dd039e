#include "tests/conformance/session.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <thread>
#include <utility>

#include "core/platform/unicode.h"

namespace hcs::conformance {
namespace {

std::string TakeText(abi::PWSTR text) {
  if (text == nullptr) return "";
  std::string taken = platform::Utf16ToUtf8(text);
  Table().CoTaskMemFree(text);
  return taken;
}

// Calls a function whose last parameter is the result document.
template <typename Function, typename... Arguments>
Answer Call(Function function, Arguments... arguments) {
  abi::PWSTR result = nullptr;
  const Code code = function(arguments..., &result);
  return {.code = code, .text = "", .result = TakeText(result)};
}

// The same for one that has an out string before it.
template <typename Function, typename... Arguments>
Answer Query(Function function, Arguments... arguments) {
  abi::PWSTR text = nullptr;
  Answer answer = Call(function, arguments..., &text);
  answer.text = TakeText(text);
  return answer;
}

Json Merged(Json document, const Json& fields) {
  document.update(fields.is_null() ? Json::object() : fields);
  return document;
}

}  // namespace

const abi::HcsFunctionTable& Table() { return HostUnderTest::Current().table(); }

std::u16string Wide(const std::string& text) { return platform::Utf8ToUtf16(text); }

std::string UniqueId(const std::string& name) {
  static const uint32_t run = std::random_device()();
  static std::atomic<int> count = 0;
  return "conformance-" + std::to_string(run) + "-" + std::to_string(++count) + "-" + name;
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

bool Code::IsOneOf(std::initializer_list<abi::HRESULT> codes) const {
  return std::any_of(codes.begin(), codes.end(), [this](Code code) { return code == *this; });
}

uint32_t Code::Family(abi::HRESULT value) {
  const auto bits = static_cast<uint32_t>(value);
  return bits >> 16 == 0xC037 ? bits & ~0x40000000u : bits;
}

std::ostream& operator<<(std::ostream& stream, const Code& code) {
  return stream << (code.ok() ? "S_OK" : abi::HresultName(code.value_)) << " ("
                << abi::HresultText(code.value_) << ")";
}

std::unique_ptr<Registration> Registration::On(abi::HCS_SYSTEM system) {
  auto registration = std::unique_ptr<Registration>(new Registration(true));
  const Code code = Table().HcsRegisterComputeSystemCallback(system, Callback, registration.get(),
                                                             &registration->handle_);
  REQUIRE(code == abi::S_OK);
  return registration;
}

std::unique_ptr<Registration> Registration::On(abi::HCS_PROCESS process) {
  auto registration = std::unique_ptr<Registration>(new Registration(false));
  const Code code = Table().HcsRegisterProcessCallback(process, Callback, registration.get(),
                                                       &registration->handle_);
  REQUIRE(code == abi::S_OK);
  return registration;
}

void Registration::Callback(uint32_t type, void* context, abi::HRESULT status, abi::PCWSTR data) {
  static std::atomic<uint64_t> sequence = 0;
  const uint64_t entered = ++sequence;
  auto* registration = static_cast<Registration*>(context);
  const std::lock_guard lock(registration->mutex_);
  registration->arrived_late_ |= registration->unregistered_;
  registration->notifications_.push_back(
      {type, status, data == nullptr ? "" : platform::Utf16ToUtf8(data), entered});
  registration->arrived_.notify_all();
}

Notification Registration::Await(uint32_t type) {
  std::unique_lock lock(mutex_);
  const auto find = [this, type] {
    return std::find_if(notifications_.begin(), notifications_.end(),
                        [type](const Notification& entry) { return entry.type == type; });
  };
  INFO("waiting for " << abi::NotificationTypeName(type));
  const bool arrived =
      arrived_.wait_for(lock, kDeadline, [&] { return find() != notifications_.end(); });
  REQUIRE(arrived);
  return *find();
}

std::vector<Notification> Registration::All() const {
  const std::lock_guard lock(mutex_);
  return notifications_;
}

size_t Registration::Count(uint32_t type) const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(notifications_.begin(), notifications_.end(),
                    [type](const Notification& entry) { return entry.type == type; }));
}

void Registration::Unregister() {
  const abi::HCS_CALLBACK handle = std::exchange(handle_, nullptr);
  if (handle == nullptr) return;
  of_system_ ? Table().HcsUnregisterComputeSystemCallback(handle)
             : Table().HcsUnregisterProcessCallback(handle);
  const std::lock_guard lock(mutex_);
  unregistered_ = true;
}

bool Registration::ArrivedLate() const {
  const std::lock_guard lock(mutex_);
  return arrived_late_;
}

System::System(std::string id, abi::HCS_SYSTEM handle, bool owned)
    : id_(std::move(id)), handle_(handle), owned_(owned), registration_(Registration::On(handle)) {}

Answer System::TryCreate(const std::string& id, const std::string& document,
                         std::unique_ptr<System>* system) {
  abi::HCS_SYSTEM handle = nullptr;
  const Answer answer = Call(Table().HcsCreateComputeSystem, Wide(id).c_str(),
                             Wide(document).c_str(), nullptr, &handle);
  if (handle != nullptr) system->reset(new System(id, handle, true));
  return answer;
}

Answer System::TryOpen(const std::string& id, std::unique_ptr<System>* system) {
  abi::HCS_SYSTEM handle = nullptr;
  const Answer answer = Call(Table().HcsOpenComputeSystem, Wide(id).c_str(), &handle);
  if (handle != nullptr) system->reset(new System(id, handle, false));
  return answer;
}

std::unique_ptr<System> System::Create(const std::string& id, const Json& fields) {
  std::unique_ptr<System> system;
  const Answer answer =
      TryCreate(id, Merged(HostUnderTest::Current().container(), fields).dump(), &system);
  INFO(answer.result);
  REQUIRE(answer.code.IsOneOf({abi::S_OK, abi::VMCOMPUTE_OPERATION_PENDING}));
  REQUIRE(system != nullptr);
  REQUIRE(system->Finish(answer.code, abi::HcsNotificationSystemCreateCompleted) == abi::S_OK);
  return system;
}

std::unique_ptr<System> System::CreateRunning(const std::string& id, const Json& fields) {
  auto system = Create(id, fields);
  REQUIRE(system->Finish(system->Start(), abi::HcsNotificationSystemStartCompleted) == abi::S_OK);
  return system;
}

std::unique_ptr<System> System::Open(const std::string& id) {
  std::unique_ptr<System> system;
  REQUIRE(TryOpen(id, &system).code == abi::S_OK);
  REQUIRE(system != nullptr);
  return system;
}

System::~System() {
  if (handle_ == nullptr) return;
  if (owned_ && Terminate().pending()) {
    Eventually([this] { return registration_->Count(abi::HcsNotificationSystemExited) > 0; });
  }
  Close();
}

void System::Close() {
  registration_.reset();
  Table().HcsCloseComputeSystem(std::exchange(handle_, nullptr));
}

Code System::Start() { return Call(Table().HcsStartComputeSystem, handle_, u"").code; }
Code System::Pause() { return Call(Table().HcsPauseComputeSystem, handle_, u"").code; }
Code System::Resume() { return Call(Table().HcsResumeComputeSystem, handle_, u"").code; }
Code System::Shutdown() { return Call(Table().HcsShutdownComputeSystem, handle_, u"").code; }
Code System::Terminate() { return Call(Table().HcsTerminateComputeSystem, handle_, u"").code; }

Answer System::Properties(const Json& query) {
  return Query(Table().HcsGetComputeSystemProperties, handle_, Wide(query.dump()).c_str());
}

Code System::Finish(Code called, uint32_t completion) {
  return called.pending() ? registration_->Await(completion).status : called;
}

void System::TerminateAndAwait() {
  REQUIRE(Terminate().IsOneOf({abi::S_OK, abi::VMCOMPUTE_OPERATION_PENDING}));
  registration_->Await(abi::HcsNotificationSystemExited);
}

std::string System::State() {
  const Answer answer = Properties();
  REQUIRE(answer.code == abi::S_OK);
  return answer.json().value("State", "");
}

Answer System::TryRun(const Json& parameters, std::unique_ptr<Process>* process) {
  abi::HCS_PROCESS handle = nullptr;
  abi::HcsProcessInformation information = {};
  const Answer answer = Call(Table().HcsCreateProcess, handle_, Wide(parameters.dump()).c_str(),
                             &information, &handle);
  if (handle != nullptr) *process = std::make_unique<Process>(handle, information);
  return answer;
}

std::unique_ptr<Process> System::Run(const std::string& command_line, const Json& fields) {
  std::unique_ptr<Process> process;
  const Answer answer = TryRun(Merged({{"CommandLine", command_line}}, fields), &process);
  INFO(answer.result);
  REQUIRE(answer.code == abi::S_OK);
  REQUIRE(process != nullptr);
  return process;
}

Answer System::TryOpenProcess(uint32_t process_id, std::unique_ptr<Process>* process) {
  abi::HCS_PROCESS handle = nullptr;
  const Answer answer = Call(Table().HcsOpenProcess, handle_, process_id, &handle);
  if (handle == nullptr) return answer;
  const abi::HcsProcessInformation information = {.ProcessId = process_id};
  *process = std::make_unique<Process>(handle, information);
  return answer;
}

Process::Process(abi::HCS_PROCESS handle, const abi::HcsProcessInformation& information)
    : in(information.StdInput),
      out(information.StdOutput),
      err(information.StdError),
      handle_(handle),
      id_(information.ProcessId),
      registration_(Registration::On(handle)) {}

Process::~Process() {
  registration_.reset();
  Table().HcsCloseProcess(handle_);
}

Answer Process::Properties() { return Query(Table().HcsGetProcessProperties, handle_); }

Code Process::Terminate() { return Call(Table().HcsTerminateProcess, handle_).code; }

Answer Process::Modify(const Json& settings) {
  return Call(Table().HcsModifyProcess, handle_, Wide(settings.dump()).c_str());
}

bool Process::HasExited() {
  const Answer answer = Properties();
  REQUIRE(answer.code == abi::S_OK);
  return answer.json().value("Exited", false);
}

uint32_t Process::AwaitExit() {
  registration_->Await(abi::HcsNotificationProcessExited);
  const Answer answer = Properties();
  REQUIRE(answer.code == abi::S_OK);
  const Json status = answer.json();
  REQUIRE(status.value("Exited", false));
  return status.value("ExitCode", ~0u);
}

Answer Enumerate(const Json& query) {
  return Query(Table().HcsEnumerateComputeSystems, Wide(query.dump()).c_str());
}

bool IsEnumerated(const std::string& id) {
  const Answer answer = Enumerate();
  REQUIRE(answer.code == abi::S_OK);
  const Json systems = answer.json();
  return std::any_of(systems.begin(), systems.end(),
                     [&id](const Json& system) { return system.value("Id", "") == id; });
}

}  // namespace hcs::conformance
