// HRESULTs of HCS, HNS and HCN: values, symbolic names and classification.
//
// One table (hresult.cc) holds them all; core/host, the emulated host and the
// client library read it, so that an error has the same name and meaning
// everywhere. Facts: shared reference `vmcompute-abi.md`, section 3.

#ifndef HCS_CORE_ABI_HRESULT_H_
#define HCS_CORE_ABI_HRESULT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "core/abi/vmcompute.h"

namespace hcs::abi {

// X(name, value, meaning)
#define HCS_HRESULTS(X)                                                                          \
  X(VMCOMPUTE_TERMINATED_DURING_START, 0xC0370100, "terminated while starting")                  \
  X(VMCOMPUTE_IMAGE_MISMATCH, 0xC0370101, "the image's operating system does not fit the host")  \
  X(VMCOMPUTE_HYPERV_NOT_INSTALLED, 0xC0370102, "Hyper-V is not installed")                      \
  X(VMCOMPUTE_OPERATION_PENDING, 0xC0370103, "the operation completes later")                    \
  X(VMCOMPUTE_TOO_MANY_NOTIFICATIONS, 0xC0370104, "too many notification registrations")         \
  X(VMCOMPUTE_INVALID_STATE, 0xC0370105, "illegal in the compute system's present state")        \
  X(VMCOMPUTE_UNEXPECTED_EXIT, 0xC0370106, "the compute system exited unexpectedly")             \
  X(VMCOMPUTE_TERMINATED, 0xC0370107, "the compute system was terminated")                       \
  X(VMCOMPUTE_CONNECT_FAILED, 0xC0370108, "connecting to the compute system failed")             \
  X(VMCOMPUTE_TIMEOUT, 0xC0370109, "the host's own time limit ran out")                          \
  X(VMCOMPUTE_CONNECTION_CLOSED, 0xC037010A, "the connection to the compute system was closed")  \
  X(VMCOMPUTE_UNKNOWN_MESSAGE, 0xC037010B, "the guest does not support the request")             \
  X(VMCOMPUTE_UNSUPPORTED_PROTOCOL_VERSION, 0xC037010C, "unsupported protocol version")          \
  X(VMCOMPUTE_INVALID_JSON, 0xC037010D, "the document is malformed or a field has a wrong type") \
  X(VMCOMPUTE_SYSTEM_NOT_FOUND, 0xC037010E, "no such compute system")                            \
  X(VMCOMPUTE_SYSTEM_ALREADY_EXISTS, 0xC037010F, "a compute system with this id exists")         \
  X(VMCOMPUTE_SYSTEM_ALREADY_STOPPED, 0xC0370110, "the compute system has already stopped")      \
  X(VMCOMPUTE_PROTOCOL_ERROR, 0xC0370111, "protocol error")                                      \
  X(VMCOMPUTE_INVALID_LAYER, 0xC0370112, "invalid layer")                                        \
  X(HCS_E_TERMINATED_DURING_START, 0x80370100, "terminated while starting")                      \
  X(HCS_E_IMAGE_MISMATCH, 0x80370101, "the image's operating system does not fit the host")      \
  X(HCS_E_HYPERV_NOT_INSTALLED, 0x80370102, "Hyper-V is not installed")                          \
  X(HCS_E_OPERATION_PENDING, 0x80370103, "the operation completes later")                        \
  X(HCS_E_TOO_MANY_NOTIFICATIONS, 0x80370104, "too many notification registrations")             \
  X(HCS_E_INVALID_STATE, 0x80370105, "illegal in the compute system's present state")            \
  X(HCS_E_UNEXPECTED_EXIT, 0x80370106, "the compute system exited unexpectedly")                 \
  X(HCS_E_TERMINATED, 0x80370107, "the compute system was terminated")                           \
  X(HCS_E_CONNECT_FAILED, 0x80370108, "connecting to the compute system failed")                 \
  X(HCS_E_CONNECTION_TIMEOUT, 0x80370109, "the host's own time limit ran out")                   \
  X(HCS_E_CONNECTION_CLOSED, 0x8037010A, "the connection to the compute system was closed")      \
  X(HCS_E_UNKNOWN_MESSAGE, 0x8037010B, "the guest does not support the request")                 \
  X(HCS_E_UNSUPPORTED_PROTOCOL_VERSION, 0x8037010C, "unsupported protocol version")              \
  X(HCS_E_INVALID_JSON, 0x8037010D, "the document is malformed or a field has a wrong type")     \
  X(HCS_E_SYSTEM_NOT_FOUND, 0x8037010E, "no such compute system")                                \
  X(HCS_E_SYSTEM_ALREADY_EXISTS, 0x8037010F, "a compute system with this id exists")             \
  X(HCS_E_SYSTEM_ALREADY_STOPPED, 0x80370110, "the compute system has already stopped")          \
  X(HCS_E_PROTOCOL_ERROR, 0x80370111, "protocol error")                                          \
  X(HCS_E_INVALID_LAYER, 0x80370112, "invalid layer")                                            \
  X(HCS_E_ACCESS_DENIED, 0x8037011B, "access denied")                                            \
  X(HCS_E_PROCESS_INFO_NOT_AVAILABLE, 0x8037011D, "the process information is not available")    \
  X(HCS_E_SERVICE_DISCONNECT, 0x8037011E, "the connection to the compute service was lost")      \
  X(HCS_E_PROCESS_ALREADY_STOPPED, 0x8037011F, "the process has already exited")                 \
  X(HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION, 0x80370120,                                       \
    "the compute system is not configured for the operation")                                    \
  X(ERROR_FILE_NOT_FOUND, 0x80070002, "file not found")                                          \
  X(ERROR_PATH_NOT_FOUND, 0x80070003, "path not found")                                          \
  X(ERROR_ACCESS_DENIED, 0x80070005, "access denied")                                            \
  X(ERROR_INVALID_HANDLE, 0x80070006, "the handle is closed or was never valid")                 \
  X(ERROR_INVALID_DATA, 0x8007000D, "invalid data")                                              \
  X(ERROR_OUTOFMEMORY, 0x8007000E, "out of memory")                                              \
  X(ERROR_NO_MORE_FILES, 0x80070012, "no more files")                                            \
  X(ERROR_SHARING_VIOLATION, 0x80070020, "something else is using it")                           \
  X(ERROR_NOT_SUPPORTED, 0x80070032, "not supported")                                            \
  X(ERROR_INVALID_PARAMETER, 0x80070057, "invalid parameter")                                    \
  X(ERROR_DISK_FULL, 0x80070070, "the disk is full")                                             \
  X(ERROR_INSUFFICIENT_BUFFER, 0x8007007A, "the buffer is too small")                            \
  X(ERROR_PROC_NOT_FOUND, 0x8007007F, "the export or the process was not found")                 \
  X(ERROR_DIR_NOT_EMPTY, 0x80070091, "the folder is not empty")                                  \
  X(ERROR_ALREADY_EXISTS, 0x800700B7, "already exists")                                          \
  X(ERROR_DIRECTORY, 0x8007010B, "the folder name is invalid")                                   \
  X(ERROR_NOT_FOUND, 0x80070490, "element not found")                                            \
  X(ERROR_PRIVILEGE_NOT_HELD, 0x80070522, "a required privilege is not held")                    \
  X(ERROR_NO_SYSTEM_RESOURCES, 0x800705AA, "what the system can give has run out")               \
  X(ERROR_OBJECT_ALREADY_EXISTS, 0x80071392, "the object already exists")                        \
  X(ERROR_GEN_FAILURE, 0x8007001F, "a general failure")                                          \
  X(RPC_S_SERVER_UNAVAILABLE, 0x800706BA, "the service is down")                                 \
  X(RPC_S_CALL_FAILED, 0x800706BE, "the call to the service failed")                             \
  X(E_NOTIMPL, 0x80004001, "not implemented")                                                    \
  X(E_FAIL, 0x80004005, "unspecified failure")                                                   \
  X(E_UNEXPECTED, 0x8000FFFF, "unexpected failure")                                              \
  X(HCN_E_NETWORK_NOT_FOUND, 0x803B0001, "network not found")                                    \
  X(HCN_E_ENDPOINT_NOT_FOUND, 0x803B0002, "endpoint not found")                                  \
  X(HCN_E_LAYER_NOT_FOUND, 0x803B0003, "network layer not found")                                \
  X(HCN_E_SWITCH_NOT_FOUND, 0x803B0004, "switch not found")                                      \
  X(HCN_E_SUBNET_NOT_FOUND, 0x803B0005, "subnet not found")                                      \
  X(HCN_E_ADAPTER_NOT_FOUND, 0x803B0006, "adapter not found")                                    \
  X(HCN_E_PORT_NOT_FOUND, 0x803B0007, "port not found")                                          \
  X(HCN_E_POLICY_NOT_FOUND, 0x803B0008, "policy not found")                                      \
  X(HCN_E_INVALID_NETWORK, 0x803B000A, "invalid network")                                        \
  X(HCN_E_INVALID_NETWORK_TYPE, 0x803B000B, "invalid network type")                              \
  X(HCN_E_INVALID_ENDPOINT, 0x803B000C, "invalid endpoint")                                      \
  X(HCN_E_INVALID_POLICY, 0x803B000D, "invalid policy")                                          \
  X(HCN_E_INVALID_POLICY_TYPE, 0x803B000E, "invalid policy type")                                \
  X(HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION, 0x803B000F, "a remote endpoint cannot do that")     \
  X(HCN_E_NETWORK_ALREADY_EXISTS, 0x803B0010, "network already exists")                          \
  X(HCN_E_LAYER_ALREADY_EXISTS, 0x803B0011, "network layer already exists")                      \
  X(HCN_E_POLICY_ALREADY_EXISTS, 0x803B0012, "policy already exists")                            \
  X(HCN_E_PORT_ALREADY_EXISTS, 0x803B0013, "port already exists")                                \
  X(HCN_E_ENDPOINT_ALREADY_ATTACHED, 0x803B0014, "endpoint already attached")                    \
  X(HCN_E_REQUEST_UNSUPPORTED, 0x803B0015, "request unsupported")                                \
  X(HCN_E_INVALID_JSON, 0x803B001B, "invalid JSON")                                              \
  X(HCN_E_ENDPOINT_SHARING_DISABLED, 0x803B001D, "endpoint sharing disabled")                    \
  X(HCN_E_INVALID_IP, 0x803B001E, "invalid IP address")

inline constexpr HRESULT S_OK = 0;
#define HCS_DECLARE_HRESULT(name, value, meaning) \
  inline constexpr HRESULT name = static_cast<HRESULT>(value);
HCS_HRESULTS(HCS_DECLARE_HRESULT)
#undef HCS_DECLARE_HRESULT

// What an error means to a caller. Bits, since the host's codes are ambiguous:
// ERROR_NOT_FOUND is both kNotExist and kAlreadyStopped, as in the Go API of
// 2016, on purpose.
enum HresultClass : uint32_t {
  kNoClass = 0,
  kNotExist = 1u << 0,
  kAlreadyExists = 1u << 1,
  kAlreadyStopped = 1u << 2,
  kPending = 1u << 3,
  kTimeout = 1u << 4,
  kInvalidState = 1u << 5,
  kAccessDenied = 1u << 6,
  kServiceDisconnected = 1u << 7,
  kUnexpectedExit = 1u << 8,
  kHandleClosed = 1u << 9,
  kProcNotFound = 1u << 10,
  kNotSupported = 1u << 11,
  kInvalidArgument = 1u << 12,
  kResourceExhausted = 1u << 13,
  // A file, folder or network object that the call names is missing. Apart from
  // kNotExist, which keeps to the Go API's meaning: the system or process itself.
  kMissing = 1u << 14,
};

// A failed HRESULT has its sign bit set.
constexpr bool Failed(HRESULT hresult) { return hresult < 0; }

// Pending is a failure code that is not a failure; both of its spellings.
constexpr bool IsPending(HRESULT hresult) {
  return hresult == VMCOMPUTE_OPERATION_PENDING || hresult == HCS_E_OPERATION_PENDING;
}

// "VMCOMPUTE_INVALID_STATE"; for a Win32 error without an entry
// "ERROR_0x2A" (its low word), else the value itself, "0x80001234".
std::string HresultName(HRESULT hresult);

// The meaning in words, or an empty string for a code without an entry.
std::string_view HresultMeaning(HRESULT hresult);

// "0xC0370105".
std::string HresultText(HRESULT hresult);

// A combination of HresultClass bits; kNoClass for codes without one.
uint32_t ClassifyHresult(HRESULT hresult);

}  // namespace hcs::abi

#endif  // HCS_CORE_ABI_HRESULT_H_
