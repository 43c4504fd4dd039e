#include "core/host/fault_injection.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "core/host/faulty_host.h"

namespace hcs::host {

namespace {

// The table's functions have no context of their own.
std::atomic<FaultyHost*> installed = nullptr;

FaultyHost& Installed() { return *installed.load(std::memory_order_acquire); }

#define HCS_NAME_EXPORT(name, parameters)            \
  struct name##Name {                                \
    static constexpr std::string_view kText = #name; \
  };
HCS_VMCOMPUTE_EXPORTS(HCS_NAME_EXPORT)
#undef HCS_NAME_EXPORT

// The export at `entry`, with faults.
template <typename Name, auto entry>
struct Faulty;

template <typename Name, typename... Parameters,
          abi::HRESULT (*abi::HcsFunctionTable::*entry)(Parameters...)>
struct Faulty<Name, entry> {
  static abi::HRESULT Call(Parameters... parameters) {
    return Installed().Intercept(Name::kText, entry, parameters...);
  }
};

// The same for those that register and unregister.
template <typename Name, auto entry, typename Handle>
abi::HRESULT Register(Handle handle, abi::HcsNotificationCallback callback, void* context,
                      abi::HCS_CALLBACK* registration) {
  return Installed().Register(Name::kText, entry, handle, callback, context, registration);
}

template <typename Name, auto entry>
abi::HRESULT Unregister(abi::HCS_CALLBACK registration) {
  return Installed().Unregister(Name::kText, entry, registration);
}

abi::HcsFunctionTable TableOver(const abi::HcsFunctionTable& wrapped) {
  using abi::HcsFunctionTable;
  HcsFunctionTable table;
#define HCS_WRAP_EXPORT(name, parameters) \
  table.name = &Faulty<name##Name, &HcsFunctionTable::name>::Call;
  HCS_VMCOMPUTE_EXPORTS(HCS_WRAP_EXPORT)
#undef HCS_WRAP_EXPORT
  table.HcsRegisterComputeSystemCallback =
      &Register<HcsRegisterComputeSystemCallbackName,
                &HcsFunctionTable::HcsRegisterComputeSystemCallback, abi::HCS_SYSTEM>;
  table.HcsRegisterProcessCallback =
      &Register<HcsRegisterProcessCallbackName, &HcsFunctionTable::HcsRegisterProcessCallback,
                abi::HCS_PROCESS>;
  table.HcsUnregisterComputeSystemCallback =
      &Unregister<HcsUnregisterComputeSystemCallbackName,
                  &HcsFunctionTable::HcsUnregisterComputeSystemCallback>;
  table.HcsUnregisterProcessCallback = &Unregister<HcsUnregisterProcessCallbackName,
                                                   &HcsFunctionTable::HcsUnregisterProcessCallback>;
#define HCS_LEAVE_OUT_MISSING(name, parameters) \
  if (wrapped.name == nullptr) table.name = nullptr;
  HCS_VMCOMPUTE_EXPORTS(HCS_LEAVE_OUT_MISSING)
#undef HCS_LEAVE_OUT_MISSING
  table.CoTaskMemFree = wrapped.CoTaskMemFree;
  return table;
}

}  // namespace

FaultInjection::FaultInjection(const abi::HcsFunctionTable& wrapped)
    : host_(std::make_unique<FaultyHost>(wrapped)), table_(TableOver(wrapped)) {
  if (installed.exchange(host_.get(), std::memory_order_acq_rel) != nullptr) {
    std::fputs("fault injection: there is one in this process already\n", stderr);
    std::abort();
  }
}

FaultInjection::~FaultInjection() {
  Clear();
  host_->WaitUntilEmpty();
  installed.store(nullptr, std::memory_order_release);
}

void FaultInjection::Fail(std::string_view function, Number call, abi::HRESULT hresult) {
  host_->calls.Fail(function, call, hresult);
}

void FaultInjection::Delay(std::string_view function, Number call, absl::Duration delay) {
  host_->calls.Delay(function, call, delay);
}

void FaultInjection::Hang(std::string_view function, Number call) {
  host_->calls.Hang(function, call);
}

void FaultInjection::Release(std::string_view function) { host_->calls.Release(function); }

bool FaultInjection::WaitForHanging(std::string_view function, int count,
                                    absl::Duration timeout) const {
  return host_->calls.WaitForHanging(function, count, timeout);
}

FaultInjection::Number FaultInjection::calls(std::string_view function) const {
  return host_->calls.calls(function);
}

void FaultInjection::Lose(uint32_t type, Number notification) {
  host_->notifications.Lose(type, notification);
}

void FaultInjection::Duplicate(uint32_t type, Number notification) {
  host_->notifications.Duplicate(type, notification);
}

void FaultInjection::Postpone(uint32_t type, Number notification, absl::Duration delay) {
  host_->notifications.Postpone(type, notification, delay);
}

void FaultInjection::ReleaseNotifications(uint32_t type) {
  host_->notifications.ReleaseNotifications(type);
}

FaultInjection::Number FaultInjection::notifications(uint32_t type) const {
  return host_->notifications.notifications(type);
}

bool FaultInjection::WaitForPostponed(uint32_t type, int count, absl::Duration timeout) const {
  return host_->notifications.WaitForPostponed(type, count, timeout);
}

void FaultInjection::DisconnectService() { host_->notifications.DisconnectService(); }

void FaultInjection::Clear() {
  host_->calls.Clear();
  host_->notifications.Clear();
}

}  // namespace hcs::host
