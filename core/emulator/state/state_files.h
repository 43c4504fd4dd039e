// Files and folders of the state, by their folder's descriptor.

#ifndef HCS_CORE_EMULATOR_STATE_STATE_FILES_H_
#define HCS_CORE_EMULATOR_STATE_STATE_FILES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Not through a symbolic link at the end. `parent` may be AT_FDCWD, `name` a path. Empty,
// with errno set, when there is none.
platform::UniqueFd OpenStateFolder(int parent, const std::string& name);

// Locks the folder `fd` (`operation` is flock's). False when it cannot be, or is not what `path`
// names any more: whoever held the lock may have removed it meanwhile.
bool LockNamedFolder(const std::string& path, int fd, int operation);

// What is in a folder, in no order.
std::vector<std::string> NamesIn(int folder);

// A file's content; nullopt when it cannot be read.
std::optional<std::string> ReadStateFile(int folder, const char* name);

// Replaces a file as a whole. 0, or an errno value.
int WriteFileAtomically(int folder, const std::string& name, std::string_view content);

// Removes a folder with all that is in it, following no symbolic link.
void EmptyAndRemove(int parent, const std::string& name);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_STATE_FILES_H_
