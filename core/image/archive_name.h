// Names within an image archive.

#ifndef HCS_CORE_IMAGE_ARCHIVE_NAME_H_
#define HCS_CORE_IMAGE_ARCHIVE_NAME_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hcs::image {

// "a/b", however it is spelled ("./a//b/"); empty for the archive's root. INVALID_ARGUMENT,
// with the name and the rule: it is absolute, or has "..", a '\' or a NUL.
absl::StatusOr<std::string> ArchiveName(std::string_view spelled);

// What a symbolic link `name` to `target` leads to: relative to the link's own folder, and
// allowed to climb as far as the archive's root. INVALID_ARGUMENT, as above: beyond it.
absl::StatusOr<std::string> ArchiveLinkTarget(std::string_view name, std::string_view target);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_ARCHIVE_NAME_H_
