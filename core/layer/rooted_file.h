// An open file of a RootedFolder, with Windows' times.

#ifndef HCS_CORE_LAYER_ROOTED_FILE_H_
#define HCS_CORE_LAYER_ROOTED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"
#include "core/platform/unique_fd.h"

namespace hcs::layer {

// Errors name the file, as the folder knows it. One thread at a time.
class RootedFile {
 public:
  RootedFile() = default;
  RootedFile(platform::UniqueFd descriptor, std::string name)
      : descriptor_(std::move(descriptor)), name_(std::move(name)) {}

  explicit operator bool() const { return static_cast<bool>(descriptor_); }
  const std::string& name() const { return name_; }

  absl::StatusOr<uint64_t> Size() const;

  // Up to `capacity` bytes from `offset`; 0 at the end.
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) const;
  // All of `bytes`. What lies between the end so far and `offset` becomes a hole.
  absl::Status WriteAt(uint64_t offset, std::string_view bytes);
  absl::Status Resize(uint64_t size);

  // The four times and the attributes that the file system itself knows of: a
  // directory or not, and read-only. On Linux it keeps the times of access and last
  // write; all four are in the extended attribute `user.hcsd.times` besides, where
  // the file system has those. There, a file without it (or written to since) has
  // its last write for its creation.
  absl::StatusOr<abi::FILE_BASIC_INFO> BasicInfo() const;
  // Sets the times; after the last write, and before SetReadOnly.
  absl::Status SetTimes(const abi::FILE_BASIC_INFO& info);
  absl::Status SetReadOnly();

 private:
  platform::UniqueFd descriptor_;
  std::string name_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_ROOTED_FILE_H_
