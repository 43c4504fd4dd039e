// Paths below a folder that is another process' root: what they name is what that
// process would find, whatever symbolic links are on the way; they never lead out.

#ifndef HCS_CORE_PLATFORM_ROOTED_PATH_H_
#define HCS_CORE_PLATFORM_ROOTED_PATH_H_

#include <string>
#include <vector>

#include "core/platform/unique_fd.h"

namespace hcs::platform {

// The folders on the way to `path`, and `path` itself, that are not there, outermost
// first. Empty when it is there, or cannot be reached.
std::vector<std::string> MissingParts(const UniqueFd& root, const std::string& path);

// Makes an empty folder or file; the folder above has to be there. 0 also when there is
// one already, or an errno value.
int MakeEmptyFolder(const UniqueFd& root, const std::string& path);
int MakeEmptyFile(const UniqueFd& root, const std::string& path);

// Removes `path` if it is an empty folder or file.
void RemoveIfEmpty(const UniqueFd& root, const std::string& path);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_ROOTED_PATH_H_
