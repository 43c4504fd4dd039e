#include "tests/unit/host_fake_table.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/platform/unicode.h"

namespace hcs::host {
namespace {

using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;

FakeTable* instance = nullptr;

FakeTable& Fake() { return FakeTable::Instance(); }

std::string Utf8(PCWSTR text) { return platform::Utf16ToUtf8(text); }

template <typename Handle>
Handle FakeHandle(const FakeTable::Answer& answer) {
  return answer.gives_handle ? reinterpret_cast<Handle>(0x1234) : nullptr;
}

HRESULT Finish(const FakeTable::Answer& answer, PWSTR* result) {
  *result = Fake().GiveText(answer.result);
  return answer.hresult;
}

// A function of a system that takes a document, by name.
#define HCS_FAKE_CONTROL(name)                                    \
  HRESULT name(abi::HCS_SYSTEM, PCWSTR document, PWSTR* result) { \
    return Finish(Fake().Record(#name, Utf8(document)), result);  \
  }
HCS_FAKE_CONTROL(HcsStartComputeSystem)
HCS_FAKE_CONTROL(HcsShutdownComputeSystem)
HCS_FAKE_CONTROL(HcsTerminateComputeSystem)
HCS_FAKE_CONTROL(HcsPauseComputeSystem)
HCS_FAKE_CONTROL(HcsResumeComputeSystem)
HCS_FAKE_CONTROL(HcsSaveComputeSystem)
HCS_FAKE_CONTROL(HcsModifyComputeSystem)
#undef HCS_FAKE_CONTROL

HRESULT HcsCreateComputeSystem(PCWSTR id, PCWSTR configuration, abi::HANDLE identity,
                               abi::HCS_SYSTEM* system, PWSTR* result) {
  const auto answer =
      Fake().Record("HcsCreateComputeSystem", Utf8(id) + "," + Utf8(configuration) +
                                                  (identity == nullptr ? "" : ",identity"));
  *system = FakeHandle<abi::HCS_SYSTEM>(answer);
  return Finish(answer, result);
}

HRESULT HcsOpenComputeSystem(PCWSTR id, abi::HCS_SYSTEM* system, PWSTR* result) {
  const auto answer = Fake().Record("HcsOpenComputeSystem", Utf8(id));
  *system = FakeHandle<abi::HCS_SYSTEM>(answer);
  return Finish(answer, result);
}

HRESULT HcsCloseComputeSystem(abi::HCS_SYSTEM) {
  return Fake().Record("HcsCloseComputeSystem", "").hresult;
}

// A function that takes a query and gives a document.
#define HCS_FAKE_QUERY(name)                               \
  HRESULT name(PCWSTR query, PWSTR* out, PWSTR* result) {  \
    const auto answer = Fake().Record(#name, Utf8(query)); \
    *out = Fake().GiveText(answer.out);                    \
    return Finish(answer, result);                         \
  }
HCS_FAKE_QUERY(HcsEnumerateComputeSystems)
HCS_FAKE_QUERY(HcsGetServiceProperties)
#undef HCS_FAKE_QUERY

HRESULT HcsGetComputeSystemProperties(abi::HCS_SYSTEM, PCWSTR query, PWSTR* out, PWSTR* result) {
  const auto answer = Fake().Record("HcsGetComputeSystemProperties", Utf8(query));
  *out = Fake().GiveText(answer.out);
  return Finish(answer, result);
}

HRESULT HcsModifyServiceSettings(PCWSTR settings, PWSTR* result) {
  return Finish(Fake().Record("HcsModifyServiceSettings", Utf8(settings)), result);
}

HRESULT HcsCreateProcess(abi::HCS_SYSTEM, PCWSTR parameters, abi::HcsProcessInformation* info,
                         abi::HCS_PROCESS* process, PWSTR* result) {
  const auto answer = Fake().Record("HcsCreateProcess", Utf8(parameters));
  *info = std::exchange(Fake().information, {});
  *process = FakeHandle<abi::HCS_PROCESS>(answer);
  return Finish(answer, result);
}

HRESULT HcsOpenProcess(abi::HCS_SYSTEM, uint32_t pid, abi::HCS_PROCESS* process, PWSTR* result) {
  const auto answer = Fake().Record("HcsOpenProcess", std::to_string(pid));
  *process = FakeHandle<abi::HCS_PROCESS>(answer);
  return Finish(answer, result);
}

HRESULT HcsCloseProcess(abi::HCS_PROCESS) { return Fake().Record("HcsCloseProcess", "").hresult; }

HRESULT HcsTerminateProcess(abi::HCS_PROCESS, PWSTR* result) {
  return Finish(Fake().Record("HcsTerminateProcess", ""), result);
}

HRESULT HcsSignalProcess(abi::HCS_PROCESS, PCWSTR options, PWSTR* result) {
  return Finish(Fake().Record("HcsSignalProcess", Utf8(options)), result);
}

HRESULT HcsGetProcessInfo(abi::HCS_PROCESS, abi::HcsProcessInformation* info, PWSTR* result) {
  const auto answer = Fake().Record("HcsGetProcessInfo", "");
  *info = std::exchange(Fake().information, {});
  return Finish(answer, result);
}

HRESULT HcsGetProcessProperties(abi::HCS_PROCESS, PWSTR* out, PWSTR* result) {
  const auto answer = Fake().Record("HcsGetProcessProperties", "");
  *out = Fake().GiveText(answer.out);
  return Finish(answer, result);
}

HRESULT HcsModifyProcess(abi::HCS_PROCESS, PCWSTR settings, PWSTR* result) {
  return Finish(Fake().Record("HcsModifyProcess", Utf8(settings)), result);
}

template <typename Handle>
HRESULT Register(Handle, abi::HcsNotificationCallback callback, void* context,
                 abi::HCS_CALLBACK* registration) {
  const auto answer = Fake().Record("Register", "");
  if (!abi::Failed(answer.hresult)) *registration = Fake().AddRegistration(callback, context);
  return answer.hresult;
}

HRESULT Unregister(abi::HCS_CALLBACK registration) {
  const auto answer = Fake().Record("Unregister", "");
  Fake().RemoveRegistration(registration);
  return answer.hresult;
}

HRESULT HNSCall(PCWSTR method, PCWSTR path, PCWSTR request, PWSTR* response) {
  const auto answer =
      Fake().Record("HNSCall", Utf8(method) + " " + Utf8(path) + " " + Utf8(request));
  *response = Fake().GiveText(answer.out);
  return answer.hresult;
}

void CoTaskMemFree(void* text) { Fake().FreeText(text); }

void FillSystemFunctions(abi::HcsFunctionTable& table) {
  table.HcsEnumerateComputeSystems = &HcsEnumerateComputeSystems;
  table.HcsCreateComputeSystem = &HcsCreateComputeSystem;
  table.HcsOpenComputeSystem = &HcsOpenComputeSystem;
  table.HcsCloseComputeSystem = &HcsCloseComputeSystem;
  table.HcsStartComputeSystem = &HcsStartComputeSystem;
  table.HcsShutdownComputeSystem = &HcsShutdownComputeSystem;
  table.HcsTerminateComputeSystem = &HcsTerminateComputeSystem;
  table.HcsPauseComputeSystem = &HcsPauseComputeSystem;
  table.HcsResumeComputeSystem = &HcsResumeComputeSystem;
  table.HcsSaveComputeSystem = &HcsSaveComputeSystem;
  table.HcsGetComputeSystemProperties = &HcsGetComputeSystemProperties;
  table.HcsModifyComputeSystem = &HcsModifyComputeSystem;
  table.HcsRegisterComputeSystemCallback = &Register<abi::HCS_SYSTEM>;
  table.HcsUnregisterComputeSystemCallback = &Unregister;
  table.HcsGetServiceProperties = &HcsGetServiceProperties;
  table.HcsModifyServiceSettings = &HcsModifyServiceSettings;
  table.HNSCall = &HNSCall;
}

void FillProcessFunctions(abi::HcsFunctionTable& table) {
  table.HcsCreateProcess = &HcsCreateProcess;
  table.HcsOpenProcess = &HcsOpenProcess;
  table.HcsCloseProcess = &HcsCloseProcess;
  table.HcsTerminateProcess = &HcsTerminateProcess;
  table.HcsSignalProcess = &HcsSignalProcess;
  table.HcsGetProcessInfo = &HcsGetProcessInfo;
  table.HcsGetProcessProperties = &HcsGetProcessProperties;
  table.HcsModifyProcess = &HcsModifyProcess;
  table.HcsRegisterProcessCallback = &Register<abi::HCS_PROCESS>;
  table.HcsUnregisterProcessCallback = &Unregister;
}

}  // namespace

FakeTable::FakeTable() {
  instance = this;
  FillSystemFunctions(table);
  FillProcessFunctions(table);
  table.CoTaskMemFree = &CoTaskMemFree;
}

FakeTable::~FakeTable() { instance = nullptr; }

FakeTable& FakeTable::Instance() { return *instance; }

void FakeTable::SetAnswer(const std::string& function, Answer answer) {
  const std::lock_guard lock(mutex_);
  answers_[function] = std::move(answer);
}

std::vector<std::string> FakeTable::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

int FakeTable::count(const std::string& function) const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::count_if(calls_.begin(), calls_.end(), [&](const std::string& call) {
    return call.starts_with(function + "(");
  }));
}

FakeTable::Answer FakeTable::Record(const std::string& function, const std::string& arguments) {
  Answer answer;
  {
    const std::lock_guard lock(mutex_);
    calls_.push_back(function + "(" + arguments + ")");
    if (const auto found = answers_.find(function); found != answers_.end()) answer = found->second;
  }
  if (answer.during) answer.during();
  return answer;
}

abi::PWSTR FakeTable::GiveText(const std::optional<std::u16string>& text) {
  if (!text) return nullptr;
  const size_t bytes = (text->size() + 1) * sizeof(char16_t);
  void* memory = std::malloc(bytes);
  std::memcpy(memory, text->c_str(), bytes);
  ++texts_alive_;
  return static_cast<abi::PWSTR>(memory);
}

void FakeTable::FreeText(void* text) {
  std::free(text);
  --texts_alive_;
}

abi::HCS_CALLBACK FakeTable::AddRegistration(abi::HcsNotificationCallback callback, void* context) {
  const std::lock_guard lock(mutex_);
  registrations_.push_back({callback, context, true});
  return reinterpret_cast<abi::HCS_CALLBACK>(registrations_.size());
}

void FakeTable::RemoveRegistration(abi::HCS_CALLBACK registration) {
  const std::lock_guard lock(mutex_);
  registrations_.at(reinterpret_cast<size_t>(registration) - 1).alive = false;
}

void FakeTable::Notify(uint32_t type, abi::HRESULT status, const char16_t* data) {
  std::vector<Registration> registrations;
  {
    const std::lock_guard lock(mutex_);
    registrations = registrations_;
  }
  for (const Registration& registration : registrations) {
    if (registration.alive) registration.callback(type, registration.context, status, data);
  }
}

void FakeTable::NotifyLate(uint32_t type) {
  std::vector<Registration> registrations;
  {
    const std::lock_guard lock(mutex_);
    registrations = registrations_;
  }
  for (const Registration& registration : registrations) {
    registration.callback(type, registration.context, abi::S_OK, nullptr);
  }
}

size_t FakeTable::registrations() const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(registrations_.begin(), registrations_.end(),
                    [](const Registration& registration) { return registration.alive; }));
}

}  // namespace hcs::host
