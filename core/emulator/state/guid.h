// Random GUIDs, as text: the runtime ids of compute systems.

#ifndef HCS_CORE_EMULATOR_STATE_GUID_H_
#define HCS_CORE_EMULATOR_STATE_GUID_H_

#include <string>

namespace hcs::emulator {

// A version 4 GUID in lower case, without braces.
std::string NewGuidText();

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_GUID_H_
