// A folder, and what is below it by relative names. No symbolic link is ever followed
// on the way, so that nothing can lead out of it, whoever else writes into it.
//
// The seam to the operating system: on Windows, the same with NtCreateFile relative to
// a handle.

#ifndef HCS_CORE_LAYER_ROOTED_FOLDER_H_
#define HCS_CORE_LAYER_ROOTED_FOLDER_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layer/rooted_file.h"
#include "core/platform/unique_fd.h"

namespace hcs::layer {

enum class ItemKind {
  kFile,
  kDirectory,
  kOther,  // A symbolic link, a device, a pipe: nothing that a layer's folder has.
};

struct FolderItem {
  std::string name;  // Its own alone.
  ItemKind kind = ItemKind::kOther;
};

// Names are as layer_name.h allows them, and in the file system's own case; an empty
// one is the folder itself. Errors name the file and what could not be done: NOT_FOUND,
// ALREADY_EXISTS and others of errno. One thread at a time.
class RootedFolder {
 public:
  // `path`, which may be a symbolic link, must be a directory.
  static absl::StatusOr<RootedFolder> Open(const std::filesystem::path& path);

  // Private to this user, as everything that is made here. ALREADY_EXISTS.
  absl::StatusOr<RootedFile> CreateFile(std::string_view name);
  absl::Status CreateDirectory(std::string_view name);
  // A second name, in this folder, of `target` in `from`. The times of the directory that
  // it is put into stay as they were.
  absl::Status LinkFile(RootedFolder& from, std::string_view target, std::string_view name);

  // For reading: a file or directory, nothing else.
  absl::StatusOr<RootedFile> OpenItem(std::string_view name);
  // NOT_FOUND when there is nothing.
  absl::StatusOr<ItemKind> KindOf(std::string_view name);
  // Ordered by name, byte by byte.
  absl::StatusOr<std::vector<FolderItem>> List(std::string_view name);

  // A file; or a directory with all that is in it. What is not there is no error.
  absl::Status Remove(std::string_view name);

 private:
  explicit RootedFolder(platform::UniqueFd root) : root_(std::move(root)) {}

  // The directory that `name` is in: a descriptor that stays this folder's, valid
  // until the next call.
  absl::StatusOr<int> ParentOf(std::string_view name);

  platform::UniqueFd root_;
  // The parent that was asked for last: entries come folder by folder.
  std::string parent_name_;
  platform::UniqueFd parent_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_ROOTED_FOLDER_H_
