#include "core/abi/vmcompute.h"

namespace hcs::abi {

std::string_view NotificationTypeName(uint32_t type) {
  switch (type) {
    case HcsNotificationInvalid: return "Invalid";
    case HcsNotificationSystemExited: return "SystemExited";
    case HcsNotificationSystemCreateCompleted: return "SystemCreateCompleted";
    case HcsNotificationSystemStartCompleted: return "SystemStartCompleted";
    case HcsNotificationSystemPauseCompleted: return "SystemPauseCompleted";
    case HcsNotificationSystemResumeCompleted: return "SystemResumeCompleted";
    case HcsNotificationSystemCrashReport: return "SystemCrashReport";
    case HcsNotificationSystemSiloJobCreated: return "SystemSiloJobCreated";
    case HcsNotificationSystemSaveCompleted: return "SystemSaveCompleted";
    case HcsNotificationSystemRdpEnhancedModeStateChanged:
      return "SystemRdpEnhancedModeStateChanged";
    case HcsNotificationSystemShutdownFailed: return "SystemShutdownFailed";
    case HcsNotificationSystemGetPropertiesCompleted: return "SystemGetPropertiesCompleted";
    case HcsNotificationSystemModifyCompleted: return "SystemModifyCompleted";
    case HcsNotificationSystemCrashInitiated: return "SystemCrashInitiated";
    case HcsNotificationSystemGuestConnectionClosed: return "SystemGuestConnectionClosed";
    case HcsNotificationProcessExited: return "ProcessExited";
    case HcsNotificationServiceDisconnect: return "ServiceDisconnect";
    default: return "Unknown";
  }
}

std::vector<std::string_view> MissingExports(const HcsFunctionTable& table) {
  std::vector<std::string_view> missing;
#define HCS_COLLECT_MISSING(name, parameters) \
  if (table.name == nullptr) missing.emplace_back(#name);
  HCS_VMCOMPUTE_EXPORTS(HCS_COLLECT_MISSING)
#undef HCS_COLLECT_MISSING
  return missing;
}

}  // namespace hcs::abi
