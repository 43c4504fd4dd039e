#include "core/abi/hresult.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hcs::abi {
namespace {

struct Entry {
  HRESULT value;
  std::string_view name;
  std::string_view meaning;
};

// clang-format off
constexpr Entry kEntries[] = {
    {S_OK, "S_OK", "success"},
#define HCS_ENTRY(name, value, meaning) {static_cast<HRESULT>(value), #name, meaning},
    HCS_HRESULTS(HCS_ENTRY)
#undef HCS_ENTRY
};
// clang-format on

const Entry* Find(HRESULT hresult) {
  const auto* found = std::find_if(std::begin(kEntries), std::end(kEntries),
                                   [&](const Entry& entry) { return entry.value == hresult; });
  return found == std::end(kEntries) ? nullptr : found;
}

constexpr uint32_t kFacilityMask = 0xFFFF0000;
constexpr uint32_t kVmcompute = 0xC0370000;
constexpr uint32_t kHcs = 0x80370000;
constexpr uint32_t kWin32 = 0x80070000;

// Newer builds report 0x8037xxxx where older ones report 0xC037xxxx.
HRESULT ToVmcomputeForm(HRESULT hresult) {
  const auto bits = static_cast<uint32_t>(hresult);
  if ((bits & kFacilityMask) != kHcs) return hresult;
  const auto old_form = static_cast<HRESULT>(kVmcompute | (bits & ~kFacilityMask));
  return old_form <= VMCOMPUTE_INVALID_LAYER ? old_form : hresult;
}

}  // namespace

std::string HresultText(HRESULT hresult) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%08X", static_cast<uint32_t>(hresult));
  return text.data();
}

std::string HresultName(HRESULT hresult) {
  if (const Entry* entry = Find(hresult)) return std::string(entry->name);
  const auto bits = static_cast<uint32_t>(hresult);
  if ((bits & kFacilityMask) != kWin32) return HresultText(hresult);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "ERROR_0x%X", bits & ~kFacilityMask);
  return text.data();
}

std::string_view HresultMeaning(HRESULT hresult) {
  const Entry* entry = Find(hresult);
  return entry == nullptr ? std::string_view() : entry->meaning;
}

uint32_t ClassifyHresult(HRESULT hresult) {
  switch (ToVmcomputeForm(hresult)) {
    case VMCOMPUTE_SYSTEM_NOT_FOUND: return kNotExist;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case HCN_E_NETWORK_NOT_FOUND:
    case HCN_E_ENDPOINT_NOT_FOUND:
    case HCN_E_LAYER_NOT_FOUND:
    case HCN_E_SWITCH_NOT_FOUND:
    case HCN_E_SUBNET_NOT_FOUND:
    case HCN_E_ADAPTER_NOT_FOUND:
    case HCN_E_PORT_NOT_FOUND:
    case HCN_E_POLICY_NOT_FOUND: return kMissing;
    case ERROR_NOT_FOUND: return kNotExist | kAlreadyStopped;
    case ERROR_PROC_NOT_FOUND: return kNotExist | kAlreadyStopped | kProcNotFound;
    case VMCOMPUTE_SYSTEM_ALREADY_EXISTS:
    case ERROR_ALREADY_EXISTS:
    case ERROR_OBJECT_ALREADY_EXISTS:
    case HCN_E_NETWORK_ALREADY_EXISTS:
    case HCN_E_LAYER_ALREADY_EXISTS:
    case HCN_E_POLICY_ALREADY_EXISTS:
    case HCN_E_PORT_ALREADY_EXISTS: return kAlreadyExists;
    case VMCOMPUTE_SYSTEM_ALREADY_STOPPED:
    case HCS_E_PROCESS_ALREADY_STOPPED: return kAlreadyStopped;
    case VMCOMPUTE_OPERATION_PENDING: return kPending;
    case VMCOMPUTE_INVALID_STATE:
    case VMCOMPUTE_HYPERV_NOT_INSTALLED:
    case HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION:
    case HCN_E_ENDPOINT_ALREADY_ATTACHED:
    case HCN_E_ENDPOINT_SHARING_DISABLED:
    case HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION:
    case ERROR_SHARING_VIOLATION:
    case ERROR_DIR_NOT_EMPTY: return kInvalidState;
    case ERROR_ACCESS_DENIED:
    case HCS_E_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD: return kAccessDenied;
    case RPC_S_SERVER_UNAVAILABLE:
    case RPC_S_CALL_FAILED:
    case HCS_E_SERVICE_DISCONNECT:
    case VMCOMPUTE_CONNECT_FAILED:
    case VMCOMPUTE_CONNECTION_CLOSED: return kServiceDisconnected;
    case VMCOMPUTE_UNEXPECTED_EXIT:
    case VMCOMPUTE_TERMINATED:
    case VMCOMPUTE_TERMINATED_DURING_START: return kUnexpectedExit;
    case ERROR_INVALID_HANDLE: return kHandleClosed;
    case VMCOMPUTE_UNKNOWN_MESSAGE:
    case ERROR_NOT_SUPPORTED:
    case HCN_E_REQUEST_UNSUPPORTED:
    case E_NOTIMPL: return kNotSupported;
    // The newer Go API reads these two as "the host does not know that", the
    // document's author as "the document is wrong": both are right.
    case VMCOMPUTE_INVALID_JSON:
    case ERROR_INVALID_DATA: return kNotSupported | kInvalidArgument;
    case ERROR_INVALID_PARAMETER:
    case ERROR_DIRECTORY:
    case VMCOMPUTE_IMAGE_MISMATCH:
    case VMCOMPUTE_INVALID_LAYER:
    case HCN_E_INVALID_NETWORK:
    case HCN_E_INVALID_NETWORK_TYPE:
    case HCN_E_INVALID_ENDPOINT:
    case HCN_E_INVALID_POLICY:
    case HCN_E_INVALID_POLICY_TYPE:
    case HCN_E_INVALID_JSON:
    case HCN_E_INVALID_IP: return kInvalidArgument;
    case ERROR_OUTOFMEMORY:
    case ERROR_DISK_FULL:
    case ERROR_NO_SYSTEM_RESOURCES:
    case VMCOMPUTE_TOO_MANY_NOTIFICATIONS: return kResourceExhausted;
    default: return kNoClass;
  }
}

}  // namespace hcs::abi
