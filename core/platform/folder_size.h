// How much a folder takes on disk.

#ifndef HCS_CORE_PLATFORM_FOLDER_SIZE_H_
#define HCS_CORE_PLATFORM_FOLDER_SIZE_H_

#include <cstdint>
#include <optional>
#include <string>

namespace hcs::platform {

// Bytes of everything in `folder` (UTF-8) as the file system allots them: a file with
// several names counts once, what is mounted inside does not, links are not followed.
// What goes away meanwhile does not count. Nothing when there is no such folder. Takes as
// long as a walk through it.
std::optional<int64_t> FolderSize(const std::string& folder);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_FOLDER_SIZE_H_
