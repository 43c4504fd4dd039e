#include "core/emulator/channel/protocol.h"
#include "core/emulator/documents/requests.h"
#include "core/emulator/library/compute_functions.h"
#include "core/emulator/library/function_body.h"

namespace hcs::emulator {
namespace {

using abi::HANDLE;
using abi::HCS_CALLBACK;
using abi::HCS_SYSTEM;
using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;

HRESULT EnumerateComputeSystems(PCWSTR query, PWSTR* systems, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (systems == nullptr) return MissingOutParameter();
    *systems = nullptr;
    return PutText(service.EnumerateSystems(Utf8Of(query)), systems);
  });
}

HRESULT CreateComputeSystem(PCWSTR id, PCWSTR configuration, HANDLE /*identity*/,
                            HCS_SYSTEM* system, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) -> Status {
    if (system == nullptr) return MissingOutParameter();
    *system = nullptr;
    Status status = PutHandle(service.CreateSystem(TextOf(id), Utf8Of(configuration)), system);
    if (!status.ok()) return status;
    return {abi::VMCOMPUTE_OPERATION_PENDING, {}};
  });
}

HRESULT OpenComputeSystem(PCWSTR id, HCS_SYSTEM* system, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (system == nullptr) return MissingOutParameter();
    *system = nullptr;
    return PutHandle(service.OpenSystem(TextOf(id)), system);
  });
}

HRESULT CloseComputeSystem(HCS_SYSTEM system) {
  return RunFunction(
      nullptr, [&](ComputeService& service) { return service.CloseSystem(NumberOf(system)); });
}

// The functions that differ in their method alone.
HRESULT ChangeSystem(HCS_SYSTEM system, const char* method, PCWSTR document, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    return PutText(service.CallSystem(NumberOf(system), method, Utf8Of(document)), nullptr);
  });
}

HRESULT StartComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return ChangeSystem(system, protocol::kStart, options, result);
}

HRESULT ShutdownComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return ChangeSystem(system, protocol::kShutdown, options, result);
}

HRESULT TerminateComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return ChangeSystem(system, protocol::kTerminate, options, result);
}

HRESULT PauseComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return ChangeSystem(system, protocol::kPause, options, result);
}

HRESULT ResumeComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return ChangeSystem(system, protocol::kResume, options, result);
}

HRESULT SaveComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return ChangeSystem(system, protocol::kSave, options, result);
}

HRESULT ModifyComputeSystem(HCS_SYSTEM system, PCWSTR configuration, PWSTR* result) {
  return ChangeSystem(system, protocol::kModify, configuration, result);
}

HRESULT GetComputeSystemProperties(HCS_SYSTEM system, PCWSTR query, PWSTR* properties,
                                   PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (properties == nullptr) return MissingOutParameter();
    *properties = nullptr;
    return PutText(service.CallSystem(NumberOf(system), protocol::kGetProperties, Utf8Of(query)),
                   properties);
  });
}

HRESULT RegisterComputeSystemCallback(HCS_SYSTEM system, abi::HcsNotificationCallback callback,
                                      void* context, HCS_CALLBACK* registration) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    if (callback == nullptr || registration == nullptr) return MissingOutParameter();
    *registration = nullptr;
    return PutHandle(service.RegisterSystem(NumberOf(system), callback, context), registration);
  });
}

HRESULT UnregisterComputeSystemCallback(HCS_CALLBACK registration) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return service.Unregister(NumberOf(registration), /*of_process=*/false);
  });
}

HRESULT GetServiceProperties(PCWSTR query, PWSTR* properties, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (properties == nullptr) return MissingOutParameter();
    *properties = nullptr;
    const Outcome<Json> document = ParseDocument(Utf8Of(query));
    if (!document.ok()) return document.failure();
    if (Status status = CheckServiceQuery(*document); !status.ok()) return status;
    return PutText(ServicePropertiesText(service.build_number()), properties);
  });
}

HRESULT ModifyServiceSettings(PCWSTR settings, PWSTR* result) {
  return RunFunction(result, [&](ComputeService&) -> Status {
    const Outcome<Json> document = ParseDocument(Utf8Of(settings));
    if (!document.ok()) return document.failure();
    return {abi::ERROR_NOT_SUPPORTED, "the emulated host has no service settings"};
  });
}

}  // namespace

void AddSystemFunctions(abi::HcsFunctionTable* table) {
  table->HcsEnumerateComputeSystems = EnumerateComputeSystems;
  table->HcsCreateComputeSystem = CreateComputeSystem;
  table->HcsOpenComputeSystem = OpenComputeSystem;
  table->HcsCloseComputeSystem = CloseComputeSystem;
  table->HcsStartComputeSystem = StartComputeSystem;
  table->HcsShutdownComputeSystem = ShutdownComputeSystem;
  table->HcsTerminateComputeSystem = TerminateComputeSystem;
  table->HcsPauseComputeSystem = PauseComputeSystem;
  table->HcsResumeComputeSystem = ResumeComputeSystem;
  table->HcsSaveComputeSystem = SaveComputeSystem;
  table->HcsGetComputeSystemProperties = GetComputeSystemProperties;
  table->HcsModifyComputeSystem = ModifyComputeSystem;
  table->HcsRegisterComputeSystemCallback = RegisterComputeSystemCallback;
  table->HcsUnregisterComputeSystemCallback = UnregisterComputeSystemCallback;
  table->HcsGetServiceProperties = GetServiceProperties;
  table->HcsModifyServiceSettings = ModifyServiceSettings;
}

}  // namespace hcs::emulator
