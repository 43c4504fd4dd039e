#include "core/emulator/channel/protocol.h"
#include "core/emulator/library/compute_functions.h"
#include "core/emulator/library/function_body.h"

namespace hcs::emulator {
namespace {

using abi::HCS_CALLBACK;
using abi::HCS_PROCESS;
using abi::HCS_SYSTEM;
using abi::HcsProcessInformation;
using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;

HRESULT CreateProcess(HCS_SYSTEM system, PCWSTR parameters, HcsProcessInformation* information,
                      HCS_PROCESS* process, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (process == nullptr) return MissingOutParameter();
    *process = nullptr;
    return PutHandle(service.CreateProcess(NumberOf(system), Utf8Of(parameters), information),
                     process);
  });
}

HRESULT OpenProcess(HCS_SYSTEM system, uint32_t process_id, HCS_PROCESS* process, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (process == nullptr) return MissingOutParameter();
    *process = nullptr;
    return PutHandle(service.OpenProcess(NumberOf(system), process_id), process);
  });
}

HRESULT CloseProcess(HCS_PROCESS process) {
  return RunFunction(
      nullptr, [&](ComputeService& service) { return service.CloseProcess(NumberOf(process)); });
}

// The functions that differ in their method alone.
HRESULT ChangeProcess(HCS_PROCESS process, const char* method, PCWSTR document, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    return PutText(service.CallProcess(NumberOf(process), method, Utf8Of(document)), nullptr);
  });
}

HRESULT TerminateProcess(HCS_PROCESS process, PWSTR* result) {
  return ChangeProcess(process, protocol::kTerminateProcess, nullptr, result);
}

HRESULT SignalProcess(HCS_PROCESS process, PCWSTR options, PWSTR* result) {
  return ChangeProcess(process, protocol::kSignalProcess, options, result);
}

HRESULT ModifyProcess(HCS_PROCESS process, PCWSTR settings, PWSTR* result) {
  return ChangeProcess(process, protocol::kModifyProcess, settings, result);
}

HRESULT GetProcessInfo(HCS_PROCESS process, HcsProcessInformation* information, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (information == nullptr) return MissingOutParameter();
    *information = {};
    return service.GetProcessInformation(NumberOf(process), information);
  });
}

HRESULT GetProcessProperties(HCS_PROCESS process, PWSTR* properties, PWSTR* result) {
  return RunFunction(result, [&](ComputeService& service) {
    if (properties == nullptr) return MissingOutParameter();
    *properties = nullptr;
    return PutText(service.CallProcess(NumberOf(process), protocol::kGetProcessProperties, {}),
                   properties);
  });
}

HRESULT RegisterProcessCallback(HCS_PROCESS process, abi::HcsNotificationCallback callback,
                                void* context, HCS_CALLBACK* registration) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    if (callback == nullptr || registration == nullptr) return MissingOutParameter();
    *registration = nullptr;
    return PutHandle(service.RegisterProcess(NumberOf(process), callback, context), registration);
  });
}

HRESULT UnregisterProcessCallback(HCS_CALLBACK registration) {
  return RunFunction(nullptr, [&](ComputeService& service) {
    return service.Unregister(NumberOf(registration), /*of_process=*/true);
  });
}

}  // namespace

void AddProcessFunctions(abi::HcsFunctionTable* table) {
  table->HcsCreateProcess = CreateProcess;
  table->HcsOpenProcess = OpenProcess;
  table->HcsCloseProcess = CloseProcess;
  table->HcsTerminateProcess = TerminateProcess;
  table->HcsSignalProcess = SignalProcess;
  table->HcsGetProcessInfo = GetProcessInfo;
  table->HcsGetProcessProperties = GetProcessProperties;
  table->HcsModifyProcess = ModifyProcess;
  table->HcsRegisterProcessCallback = RegisterProcessCallback;
  table->HcsUnregisterProcessCallback = UnregisterProcessCallback;
}

}  // namespace hcs::emulator
