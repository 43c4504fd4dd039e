// GUIDs as text: the runtime ids of compute systems, the ids of networks.

#ifndef HCS_CORE_EMULATOR_STATE_GUID_H_
#define HCS_CORE_EMULATOR_STATE_GUID_H_

#include <optional>
#include <string>
#include <string_view>

namespace hcs::emulator {

// A version 4 GUID in lower case, without braces.
std::string NewGuidText();

// What callers write, in any case and perhaps in braces, as NewGuidText would write it;
// nullopt for what is no GUID.
std::optional<std::string> ReadGuidText(std::string_view text);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_GUID_H_
