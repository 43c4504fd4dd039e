// Folders below another, by their paths: no symbolic link on the way is followed, and
// nothing leads out. Paths may be longer than a system call takes.

#ifndef HCS_CORE_EMULATOR_LAYERS_FOLDER_BELOW_H_
#define HCS_CORE_EMULATOR_LAYERS_FOLDER_BELOW_H_

#include <string>
#include <string_view>

#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// For reading. An empty path is `root` itself. Empty, with errno set, when there is no
// such folder.
platform::UniqueFd OpenFolderBelow(int root, std::string_view path);

// The folder and the last component of "a/b/c".
std::string_view FolderPartOf(std::string_view path);
std::string NamePartOf(std::string_view path);

// "a/b"; or `name` alone when `folder` is empty.
std::string JoinPath(std::string_view folder, std::string_view name);

// The folder that was asked for last stays open: entries come folder by folder. Not
// thread-safe.
class FolderCache {
 public:
  // `root` must outlive it.
  explicit FolderCache(int root) : root_(root) {}

  // A descriptor that stays this one's, until the next call. -1, with errno set, when
  // there is no such folder.
  int Open(std::string_view path);

  // Forgets it: it may be another one now.
  void Forget() { folder_.reset(); }

 private:
  int root_;
  std::string path_;
  platform::UniqueFd folder_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_FOLDER_BELOW_H_
