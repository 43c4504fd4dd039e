// The ids of compute systems, and the folder names that stand for them.

#ifndef HCS_CORE_EMULATOR_STATE_SYSTEM_ID_H_
#define HCS_CORE_EMULATOR_STATE_SYSTEM_ID_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// In bytes of the folder's name (below). An id of letters, digits, '-', '_' and '.'
// is as long as its folder's name.
inline constexpr size_t kMaxFolderNameBytes = 240;

// The id in UTF-8, or 0x80070057: it must be valid UTF-16, not empty, not "." or "..",
// without '/', '\' and control characters, and not too long. (Assumption: the real
// host documents no rule.)
Outcome<std::string> CheckSystemId(std::u16string_view id);

// A name that every file system takes and that differs for ids that differ: what
// Windows or Linux forbid in names is written as %XX, a leading dot as well.
std::string FolderNameOfId(std::string_view id);

// nullopt for a name that FolderNameOfId does not make.
std::optional<std::string> IdOfFolderName(std::string_view name);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_SYSTEM_ID_H_
