// Names that Win32 keeps for devices.

#ifndef HCS_CORE_PLATFORM_DEVICE_NAME_H_
#define HCS_CORE_PLATFORM_DEVICE_NAME_H_

#include <string_view>

namespace hcs::platform {

// Whether Win32 opens a device for this name of a file ("nul", "aux.h", "COM1", "LPT\u00b3"):
// in any case, with any extension, and with spaces before that.
bool IsDeviceName(std::string_view component);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_DEVICE_NAME_H_
