// libvmcompute.so: the emulated host as a library that exports vmcompute's functions by
// name, for callers that load one as they would load Windows' own.
//
// The first call starts the host. It is configured by the environment:
//   HCS_EMULATOR_STATE    the state folder; else hcsd-emulator in $XDG_RUNTIME_DIR or /run
//   HCS_EMULATOR_WORKER   the worker; else hcs-worker beside this library or in ../bin
//   HCS_EMULATOR_BUILD    the Windows build number; else the host's default
//   HCS_EMULATOR_ISOLATION  auto, namespaces or process; else auto
//   HCS_EMULATOR_LAYER_STREAMS  on or off: with off, ImportLayerBegin, ExportLayerBegin and
//                         what follows them answer 0x80070032; else on
// Where it cannot start, every function answers 0x800706BA (the service is down), and the
// reason is on standard error.

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "core/abi/hresult.h"
#include "core/abi/vmcompute.h"
#include "core/emulator/emulated_host.h"

namespace {

using hcs::abi::HcsFunctionTable;
using hcs::emulator::EmulatedHost;

std::string FromEnvironment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

std::string LibraryFolder() {
  Dl_info library{};
  if (dladdr(reinterpret_cast<const void*>(&LibraryFolder), &library) == 0) return {};
  const std::string path = library.dli_fname;
  return path.substr(0, path.rfind('/') + 1);
}

std::string FindWorker() {
  const std::string beside = LibraryFolder() + "hcs-worker";
  return access(beside.c_str(), X_OK) == 0 ? beside : LibraryFolder() + "../bin/hcs-worker";
}

class HostOfEnvironment {
 public:
  HostOfEnvironment() {
    EmulatedHost::Options options;
    options.state_folder = FromEnvironment(
        "HCS_EMULATOR_STATE", FromEnvironment("XDG_RUNTIME_DIR", "/run") + "/hcsd-emulator");
    options.worker_path = FromEnvironment("HCS_EMULATOR_WORKER", FindWorker());
    const std::string build = FromEnvironment("HCS_EMULATOR_BUILD", "");
    if (!build.empty()) {
      options.build_number = static_cast<uint32_t>(std::strtoul(build.c_str(), nullptr, 10));
    }
    const std::string isolation = FromEnvironment("HCS_EMULATOR_ISOLATION", "auto");
    const auto setting = hcs::emulator::IsolationSettingOf(isolation);
    if (!setting) {
      std::fprintf(stderr,
                   "vmcompute: HCS_EMULATOR_ISOLATION is \"%s\", not one of:", isolation.c_str());
      for (const std::string_view word : hcs::emulator::kIsolationWords) {
        std::fprintf(stderr, " %s", std::string(word).c_str());
      }
      std::fputs("\n", stderr);
      return;
    }
    options.isolation = *setting;
    const std::string streams = FromEnvironment("HCS_EMULATOR_LAYER_STREAMS", "on");
    if (streams != "on" && streams != "off") {
      std::fprintf(stderr, "vmcompute: HCS_EMULATOR_LAYER_STREAMS is \"%s\", not on or off\n",
                   streams.c_str());
      return;
    }
    options.layer_streams = streams == "on";
    auto made = EmulatedHost::Create(options);
    if (const auto* error = std::get_if<std::string>(&made)) {
      std::fprintf(stderr, "vmcompute: %s\n", error->c_str());
    } else {
      host_ = std::get<std::unique_ptr<EmulatedHost>>(std::move(made));
    }
  }

  const HcsFunctionTable& functions() const {
    return host_ ? host_->functions() : EmulatedHost::table();
  }

 private:
  std::unique_ptr<EmulatedHost> host_;
};

const HcsFunctionTable& Host() {
  static const HostOfEnvironment host;
  return host.functions();
}

// For exports that the host may be told not to have: a library cannot take back a name.
template <typename Function, typename... Arguments>
hcs::abi::HRESULT CallIfThere(Function function, Arguments... arguments) {
  return function == nullptr ? hcs::abi::ERROR_NOT_SUPPORTED : function(arguments...);
}

}  // namespace

// Declares every export from the one list of them, so that a definition below with other
// parameters does not compile.
extern "C" {
using namespace hcs::abi;  // NOLINT: the list's own names

#define HCS_DECLARE_EXPORT(name, parameters) \
  __attribute__((visibility("default"))) HRESULT name parameters;
HCS_VMCOMPUTE_EXPORTS(HCS_DECLARE_EXPORT)
#undef HCS_DECLARE_EXPORT
__attribute__((visibility("default"))) void CoTaskMemFree(void* memory);

void CoTaskMemFree(void* memory) { EmulatedHost::table().CoTaskMemFree(memory); }

HRESULT HcsEnumerateComputeSystems(PCWSTR query, PWSTR* systems, PWSTR* result) {
  return Host().HcsEnumerateComputeSystems(query, systems, result);
}
HRESULT HcsCreateComputeSystem(PCWSTR id, PCWSTR configuration, HANDLE identity, HCS_SYSTEM* system,
                               PWSTR* result) {
  return Host().HcsCreateComputeSystem(id, configuration, identity, system, result);
}
HRESULT HcsOpenComputeSystem(PCWSTR id, HCS_SYSTEM* system, PWSTR* result) {
  return Host().HcsOpenComputeSystem(id, system, result);
}
HRESULT HcsCloseComputeSystem(HCS_SYSTEM system) { return Host().HcsCloseComputeSystem(system); }
HRESULT HcsStartComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return Host().HcsStartComputeSystem(system, options, result);
}
HRESULT HcsShutdownComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return Host().HcsShutdownComputeSystem(system, options, result);
}
HRESULT HcsTerminateComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return Host().HcsTerminateComputeSystem(system, options, result);
}
HRESULT HcsPauseComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return Host().HcsPauseComputeSystem(system, options, result);
}
HRESULT HcsResumeComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return Host().HcsResumeComputeSystem(system, options, result);
}
HRESULT HcsSaveComputeSystem(HCS_SYSTEM system, PCWSTR options, PWSTR* result) {
  return Host().HcsSaveComputeSystem(system, options, result);
}
HRESULT HcsGetComputeSystemProperties(HCS_SYSTEM system, PCWSTR query, PWSTR* properties,
                                      PWSTR* result) {
  return Host().HcsGetComputeSystemProperties(system, query, properties, result);
}
HRESULT HcsModifyComputeSystem(HCS_SYSTEM system, PCWSTR configuration, PWSTR* result) {
  return Host().HcsModifyComputeSystem(system, configuration, result);
}
HRESULT HcsRegisterComputeSystemCallback(HCS_SYSTEM system, HcsNotificationCallback callback,
                                         void* context, HCS_CALLBACK* registration) {
  return Host().HcsRegisterComputeSystemCallback(system, callback, context, registration);
}
HRESULT HcsUnregisterComputeSystemCallback(HCS_CALLBACK registration) {
  return Host().HcsUnregisterComputeSystemCallback(registration);
}
HRESULT HcsCreateProcess(HCS_SYSTEM system, PCWSTR parameters, HcsProcessInformation* info,
                         HCS_PROCESS* process, PWSTR* result) {
  return Host().HcsCreateProcess(system, parameters, info, process, result);
}
HRESULT HcsOpenProcess(HCS_SYSTEM system, uint32_t pid, HCS_PROCESS* process, PWSTR* result) {
  return Host().HcsOpenProcess(system, pid, process, result);
}
HRESULT HcsCloseProcess(HCS_PROCESS process) { return Host().HcsCloseProcess(process); }
HRESULT HcsTerminateProcess(HCS_PROCESS process, PWSTR* result) {
  return Host().HcsTerminateProcess(process, result);
}
HRESULT HcsSignalProcess(HCS_PROCESS process, PCWSTR options, PWSTR* result) {
  return Host().HcsSignalProcess(process, options, result);
}
HRESULT HcsGetProcessInfo(HCS_PROCESS process, HcsProcessInformation* info, PWSTR* result) {
  return Host().HcsGetProcessInfo(process, info, result);
}
HRESULT HcsGetProcessProperties(HCS_PROCESS process, PWSTR* properties, PWSTR* result) {
  return Host().HcsGetProcessProperties(process, properties, result);
}
HRESULT HcsModifyProcess(HCS_PROCESS process, PCWSTR settings, PWSTR* result) {
  return Host().HcsModifyProcess(process, settings, result);
}
HRESULT HcsRegisterProcessCallback(HCS_PROCESS process, HcsNotificationCallback callback,
                                   void* context, HCS_CALLBACK* registration) {
  return Host().HcsRegisterProcessCallback(process, callback, context, registration);
}
HRESULT HcsUnregisterProcessCallback(HCS_CALLBACK registration) {
  return Host().HcsUnregisterProcessCallback(registration);
}
HRESULT HcsGetServiceProperties(PCWSTR query, PWSTR* properties, PWSTR* result) {
  return Host().HcsGetServiceProperties(query, properties, result);
}
HRESULT HcsModifyServiceSettings(PCWSTR settings, PWSTR* result) {
  return Host().HcsModifyServiceSettings(settings, result);
}
HRESULT CreateLayer(DriverInfo* info, PCWSTR id, PCWSTR parent) {
  return Host().CreateLayer(info, id, parent);
}
HRESULT CreateSandboxLayer(DriverInfo* info, PCWSTR id, PCWSTR parent,
                           WC_LAYER_DESCRIPTOR* descriptors, uint32_t count) {
  return Host().CreateSandboxLayer(info, id, parent, descriptors, count);
}
// A library cannot take an export back: on a build without it, it is not there.
HRESULT HNSCall(PCWSTR method, PCWSTR path, PCWSTR request, PWSTR* response) {
  const auto function = Host().HNSCall;
  return function == nullptr ? hcs::abi::ERROR_PROC_NOT_FOUND
                             : function(method, path, request, response);
}
HRESULT ActivateLayer(DriverInfo* info, PCWSTR id) { return Host().ActivateLayer(info, id); }
HRESULT DeactivateLayer(DriverInfo* info, PCWSTR id) { return Host().DeactivateLayer(info, id); }
HRESULT PrepareLayer(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR* descriptors,
                     uint32_t count) {
  return Host().PrepareLayer(info, id, descriptors, count);
}
HRESULT UnprepareLayer(DriverInfo* info, PCWSTR id) { return Host().UnprepareLayer(info, id); }
HRESULT DestroyLayer(DriverInfo* info, PCWSTR id) { return Host().DestroyLayer(info, id); }
HRESULT ExpandSandboxSize(DriverInfo* info, PCWSTR id, uint64_t bytes) {
  return Host().ExpandSandboxSize(info, id, bytes);
}
HRESULT LayerExists(DriverInfo* info, PCWSTR id, uint32_t* exists) {
  return Host().LayerExists(info, id, exists);
}
HRESULT GetLayerMountPath(DriverInfo* info, PCWSTR id, size_t* length, PWSTR path) {
  return Host().GetLayerMountPath(info, id, length, path);
}
HRESULT NameToGuid(PCWSTR name, GUID* guid) { return Host().NameToGuid(name, guid); }
HRESULT ImportLayer(DriverInfo* info, PCWSTR id, PCWSTR folder, WC_LAYER_DESCRIPTOR* descriptors,
                    uint32_t count) {
  return Host().ImportLayer(info, id, folder, descriptors, count);
}
HRESULT ExportLayer(DriverInfo* info, PCWSTR id, PCWSTR folder, WC_LAYER_DESCRIPTOR* descriptors,
                    uint32_t count) {
  return Host().ExportLayer(info, id, folder, descriptors, count);
}
HRESULT CopyLayer(DriverInfo* info, PCWSTR source, PCWSTR destination,
                  WC_LAYER_DESCRIPTOR* descriptors, uint32_t count) {
  return Host().CopyLayer(info, source, destination, descriptors, count);
}
HRESULT GetBaseImages(PWSTR* images) { return Host().GetBaseImages(images); }
HRESULT ProcessBaseImage(PCWSTR path) { return Host().ProcessBaseImage(path); }
HRESULT ProcessUtilityImage(PCWSTR path) { return Host().ProcessUtilityImage(path); }
HRESULT GrantVmAccess(PCWSTR vm, PCWSTR path) { return Host().GrantVmAccess(vm, path); }
HRESULT ImportLayerBegin(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR* descriptors,
                         uint32_t count, void** context) {
  return CallIfThere(Host().ImportLayerBegin, info, id, descriptors, count, context);
}
HRESULT ImportLayerNext(void* context, PCWSTR name, FILE_BASIC_INFO* basic_info) {
  return CallIfThere(Host().ImportLayerNext, context, name, basic_info);
}
HRESULT ImportLayerWrite(void* context, const uint8_t* buffer, uint32_t length) {
  return CallIfThere(Host().ImportLayerWrite, context, buffer, length);
}
HRESULT ImportLayerEnd(void* context) { return CallIfThere(Host().ImportLayerEnd, context); }
HRESULT ExportLayerBegin(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR* descriptors,
                         uint32_t count, void** context) {
  return CallIfThere(Host().ExportLayerBegin, info, id, descriptors, count, context);
}
HRESULT ExportLayerNext(void* context, PWSTR* name, FILE_BASIC_INFO* basic_info, int64_t* size,
                        uint32_t* deleted) {
  return CallIfThere(Host().ExportLayerNext, context, name, basic_info, size, deleted);
}
HRESULT ExportLayerRead(void* context, uint8_t* buffer, uint32_t length, uint32_t* read) {
  return CallIfThere(Host().ExportLayerRead, context, buffer, length, read);
}
HRESULT ExportLayerEnd(void* context) { return CallIfThere(Host().ExportLayerEnd, context); }

}  // extern "C"
