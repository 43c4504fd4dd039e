// What the operating system knows of the process that asks.

#ifndef HCS_CORE_PLATFORM_OWN_PROCESS_H_
#define HCS_CORE_PLATFORM_OWN_PROCESS_H_

#include <cstdint>
#include <string>

namespace hcs::platform {

// Bytes of memory that are resident; 0 when the system does not say.
int64_t ResidentBytes();

// Such as "Linux 6.1.0 x86_64".
std::string OperatingSystemName();

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_OWN_PROCESS_H_
