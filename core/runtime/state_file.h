// The few file operations that the state store needs. Names and contents are
// private to the daemon's user.

#ifndef HCS_CORE_RUNTIME_STATE_FILE_H_
#define HCS_CORE_RUNTIME_STATE_FILE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hcs::runtime {

// With its parents; one that exists is left as it is.
absl::Status CreatePrivateDirectory(const std::filesystem::path& path);

absl::StatusOr<std::string> ReadStateFile(const std::filesystem::path& path);

// Appends with one write to a file that has `size` bytes. What a write that
// failed half way has left there is cut off.
absl::Status AppendToStateFile(const std::filesystem::path& path, uint64_t size,
                               std::string_view bytes);

// Writes beside `path` (with `.new` at the end of its name), then renames: who
// reads finds the old content or the new. Creates the file if missing.
absl::Status ReplaceStateFile(const std::filesystem::path& path, std::string_view bytes);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STATE_FILE_H_
