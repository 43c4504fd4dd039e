// The C ABI of vmcompute.dll: its types, constants and function table.
//
// This is the seam of the project: the real DLL, the emulated host and any
// fault-injecting decorator all fill the same `HcsFunctionTable`, and only
// core/host calls it. Names are Windows' own, so that a reader can look each
// of them up. Facts: shared reference `vmcompute-abi.md`, sections 1 to 3.
//
// Conventions, for every function of the table:
//   * Strings are NUL-terminated UTF-16 (`PCWSTR`, 16-bit units on every
//     platform).
//   * Every out `PWSTR` belongs to the caller, who frees it with the table's
//     own `CoTaskMemFree`.
//   * The calling convention is the platform's only one: x64 is supported,
//     32-bit x86 (where it would be `__stdcall`) is not.
//   * `HANDLE`s of a `HcsProcessInformation` are Windows pipe handles opened for
//     overlapped I/O or, on other systems, file descriptors carried in the
//     pointer. 0 means "none" on both, so descriptor 0 is never handed out.

#ifndef HCS_CORE_ABI_VMCOMPUTE_H_
#define HCS_CORE_ABI_VMCOMPUTE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hcs::abi {

using HRESULT = int32_t;
using HANDLE = void*;
using PWSTR = char16_t*;
using PCWSTR = const char16_t*;

// Opaque handles; nullptr is none. They are distinct types so that the
// compiler tells a process from a system.
using HCS_SYSTEM = struct HcsSystemOpaque*;
using HCS_PROCESS = struct HcsProcessOpaque*;
using HCS_CALLBACK = struct HcsCallbackOpaque*;

// Filled by HcsCreateProcess and HcsGetProcessInfo. The pipe handles are the
// caller's to close; one that was not asked for is nullptr.
struct HcsProcessInformation {
  uint32_t ProcessId;
  uint32_t Reserved;
  HANDLE StdInput;
  HANDLE StdOutput;
  HANDLE StdError;
};

// The `type` argument of a notification callback.
enum HcsNotificationType : uint32_t {
  HcsNotificationInvalid = 0x00000000,
  HcsNotificationSystemExited = 0x00000001,
  HcsNotificationSystemCreateCompleted = 0x00000002,
  HcsNotificationSystemStartCompleted = 0x00000003,
  HcsNotificationSystemPauseCompleted = 0x00000004,
  HcsNotificationSystemResumeCompleted = 0x00000005,
  HcsNotificationSystemCrashReport = 0x00000006,
  HcsNotificationSystemSiloJobCreated = 0x00000007,
  HcsNotificationSystemSaveCompleted = 0x00000008,
  HcsNotificationSystemRdpEnhancedModeStateChanged = 0x00000009,
  HcsNotificationSystemShutdownFailed = 0x0000000A,
  HcsNotificationSystemGetPropertiesCompleted = 0x0000000B,
  HcsNotificationSystemModifyCompleted = 0x0000000C,
  HcsNotificationSystemCrashInitiated = 0x0000000D,
  HcsNotificationSystemGuestConnectionClosed = 0x0000000E,
  HcsNotificationProcessExited = 0x00010000,
  HcsNotificationServiceDisconnect = 0x01000000,
};

// The Windows spelling of a notification type without its prefix, such as
// "SystemExited"; "Unknown" for a value that is not in the enum.
std::string_view NotificationTypeName(uint32_t type);

// Arrives on a thread of the host's own: several at once for different
// registrations, in order for one. It must neither block nor call the table;
// `data` (a JSON document or nullptr) is valid during the call only.
using HcsNotificationCallback = void (*)(uint32_t type, void* context, HRESULT status, PCWSTR data);

struct GUID {
  uint32_t Data1;
  uint16_t Data2;
  uint16_t Data3;
  uint8_t Data4[8];
};

// `HomeDir` holds the layer folders, unless it is empty: then the id that goes
// with it is a full path. Flavour 1 (Filter) is the only one in use.
struct DriverInfo {
  int32_t Flavour;
  PCWSTR HomeDir;
};

// One parent layer. LayerId is NameToGuid of the last component of Path.
struct WC_LAYER_DESCRIPTOR {
  GUID LayerId;
  uint32_t Flags;  // The top bit is Dirty: made from a sandbox by a snapshot.
  PCWSTR Path;
};

// Times are 100 ns units since 1601-01-01 UTC.
struct FILE_BASIC_INFO {
  int64_t CreationTime;
  int64_t LastAccessTime;
  int64_t LastWriteTime;
  int64_t ChangeTime;
  uint32_t FileAttributes;
  uint32_t Padding;
};
static_assert(sizeof(FILE_BASIC_INFO) == 40);

// X(name, parameters): every export of vmcompute.dll that the product uses, in
// the reference's order. Each returns an HRESULT.
// clang-format off
#define HCS_VMCOMPUTE_EXPORTS(X)                                                                \
  X(HcsEnumerateComputeSystems, (PCWSTR query, PWSTR * systems, PWSTR * result))                \
  X(HcsCreateComputeSystem, (PCWSTR id, PCWSTR configuration, HANDLE identity,                  \
                             HCS_SYSTEM * system, PWSTR * result))                              \
  X(HcsOpenComputeSystem, (PCWSTR id, HCS_SYSTEM * system, PWSTR * result))                     \
  X(HcsCloseComputeSystem, (HCS_SYSTEM system))                                                 \
  X(HcsStartComputeSystem, (HCS_SYSTEM system, PCWSTR options, PWSTR * result))                 \
  X(HcsShutdownComputeSystem, (HCS_SYSTEM system, PCWSTR options, PWSTR * result))              \
  X(HcsTerminateComputeSystem, (HCS_SYSTEM system, PCWSTR options, PWSTR * result))             \
  X(HcsPauseComputeSystem, (HCS_SYSTEM system, PCWSTR options, PWSTR * result))                 \
  X(HcsResumeComputeSystem, (HCS_SYSTEM system, PCWSTR options, PWSTR * result))                \
  X(HcsSaveComputeSystem, (HCS_SYSTEM system, PCWSTR options, PWSTR * result))                  \
  X(HcsGetComputeSystemProperties,                                                              \
    (HCS_SYSTEM system, PCWSTR query, PWSTR * properties, PWSTR * result))                      \
  X(HcsModifyComputeSystem, (HCS_SYSTEM system, PCWSTR configuration, PWSTR * result))          \
  X(HcsRegisterComputeSystemCallback, (HCS_SYSTEM system, HcsNotificationCallback callback,     \
                                       void* context, HCS_CALLBACK* registration))              \
  X(HcsUnregisterComputeSystemCallback, (HCS_CALLBACK registration))                            \
  X(HcsCreateProcess, (HCS_SYSTEM system, PCWSTR parameters, HcsProcessInformation * info,      \
                       HCS_PROCESS * process, PWSTR * result))                                  \
  X(HcsOpenProcess, (HCS_SYSTEM system, uint32_t pid, HCS_PROCESS * process, PWSTR * result))   \
  X(HcsCloseProcess, (HCS_PROCESS process))                                                     \
  X(HcsTerminateProcess, (HCS_PROCESS process, PWSTR * result))                                 \
  X(HcsSignalProcess, (HCS_PROCESS process, PCWSTR options, PWSTR * result))                    \
  X(HcsGetProcessInfo, (HCS_PROCESS process, HcsProcessInformation * info, PWSTR * result))     \
  X(HcsGetProcessProperties, (HCS_PROCESS process, PWSTR * properties, PWSTR * result))         \
  X(HcsModifyProcess, (HCS_PROCESS process, PCWSTR settings, PWSTR * result))                   \
  X(HcsRegisterProcessCallback, (HCS_PROCESS process, HcsNotificationCallback callback,         \
                                 void* context, HCS_CALLBACK* registration))                    \
  X(HcsUnregisterProcessCallback, (HCS_CALLBACK registration))                                  \
  X(HcsGetServiceProperties, (PCWSTR query, PWSTR * properties, PWSTR * result))                \
  X(HcsModifyServiceSettings, (PCWSTR settings, PWSTR * result))                                \
  X(HNSCall, (PCWSTR method, PCWSTR path, PCWSTR request, PWSTR * response))                    \
  X(ActivateLayer, (DriverInfo * info, PCWSTR id))                                              \
  X(DeactivateLayer, (DriverInfo * info, PCWSTR id))                                            \
  X(DestroyLayer, (DriverInfo * info, PCWSTR id))                                               \
  X(UnprepareLayer, (DriverInfo * info, PCWSTR id))                                             \
  X(CreateLayer, (DriverInfo * info, PCWSTR id, PCWSTR parent))                                 \
  X(CreateSandboxLayer, (DriverInfo * info, PCWSTR id, PCWSTR parent,                           \
                         WC_LAYER_DESCRIPTOR * descriptors, uint32_t count))                    \
  X(ExpandSandboxSize, (DriverInfo * info, PCWSTR id, uint64_t bytes))                          \
  X(PrepareLayer,                                                                               \
    (DriverInfo * info, PCWSTR id, WC_LAYER_DESCRIPTOR * descriptors, uint32_t count))          \
  X(GetLayerMountPath, (DriverInfo * info, PCWSTR id, size_t* length, PWSTR path))              \
  X(LayerExists, (DriverInfo * info, PCWSTR id, uint32_t* exists))                              \
  X(ImportLayer, (DriverInfo * info, PCWSTR id, PCWSTR folder,                                  \
                  WC_LAYER_DESCRIPTOR * descriptors, uint32_t count))                           \
  X(ExportLayer, (DriverInfo * info, PCWSTR id, PCWSTR folder,                                  \
                  WC_LAYER_DESCRIPTOR * descriptors, uint32_t count))                           \
  X(CopyLayer, (DriverInfo * info, PCWSTR source, PCWSTR destination,                           \
                WC_LAYER_DESCRIPTOR * descriptors, uint32_t count))                             \
  X(GetBaseImages, (PWSTR * images))                                                            \
  X(NameToGuid, (PCWSTR name, GUID * guid))                                                     \
  X(ProcessBaseImage, (PCWSTR path))                                                            \
  X(ProcessUtilityImage, (PCWSTR path))                                                         \
  X(GrantVmAccess, (PCWSTR vm, PCWSTR path))                                                    \
  X(ImportLayerBegin, (DriverInfo * info, PCWSTR id, WC_LAYER_DESCRIPTOR * descriptors,         \
                       uint32_t count, void** context))                                         \
  X(ImportLayerNext, (void* context, PCWSTR name, FILE_BASIC_INFO* basic_info))                 \
  X(ImportLayerWrite, (void* context, const uint8_t* buffer, uint32_t length))                  \
  X(ImportLayerEnd, (void* context))                                                            \
  X(ExportLayerBegin, (DriverInfo * info, PCWSTR id, WC_LAYER_DESCRIPTOR * descriptors,         \
                       uint32_t count, void** context))                                         \
  X(ExportLayerNext, (void* context, PWSTR* name, FILE_BASIC_INFO* basic_info, int64_t* size,   \
                      uint32_t* deleted))                                                       \
  X(ExportLayerRead, (void* context, uint8_t* buffer, uint32_t length, uint32_t* read))         \
  X(ExportLayerEnd, (void* context))
// clang-format on

// A host: one pointer for each export, nullptr for those that it lacks.
// A table is immutable once filled, and may be used from any thread.
struct HcsFunctionTable {
#define HCS_DECLARE_ENTRY(name, parameters) HRESULT(*name) parameters = nullptr;
  HCS_VMCOMPUTE_EXPORTS(HCS_DECLARE_ENTRY)
#undef HCS_DECLARE_ENTRY

  // ole32's, beside vmcompute's own: frees every out PWSTR. Never nullptr.
  void (*CoTaskMemFree)(void* memory) = nullptr;
};

// The names of the exports that `table` lacks, in the reference's order.
std::vector<std::string_view> MissingExports(const HcsFunctionTable& table);

}  // namespace hcs::abi

#endif  // HCS_CORE_ABI_VMCOMPUTE_H_
