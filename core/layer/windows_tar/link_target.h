// A symbolic link or junction of Windows as a tar has it: a target, in UTF-8.

#ifndef HCS_CORE_LAYER_WINDOWS_TAR_LINK_TARGET_H_
#define HCS_CORE_LAYER_WINDOWS_TAR_LINK_TARGET_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hcs::layer {

struct LinkTarget {
  std::string target;  // With '/' for '\'.
  bool mount_point = false;
};

// Of a reparse buffer; nullopt when that is no link, or none that has a target.
std::optional<LinkTarget> LinkTargetOf(std::string_view reparse_buffer);

// The reparse buffer that Windows itself makes for such a link: what begins with a drive, a
// server or "\\?\" is absolute, all else relative. INVALID_ARGUMENT: invalid UTF-8, a target
// that is too long, a junction to what is relative. LinkTargetOf gives the target back.
absl::StatusOr<std::string> ReparseBufferOf(const LinkTarget& link);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_WINDOWS_TAR_LINK_TARGET_H_
