// Folders that are there whole or not at all, whenever the process dies.
//
// A folder is made beside its place, as .hcs-new-GUID, and renamed when it is whole;
// one that goes is renamed to .hcs-dead-GUID first. Both are locked (flock) by the
// process that works on them: what nobody has locked was left behind by one that died.

#ifndef HCS_CORE_EMULATOR_LAYERS_STAGED_FOLDER_H_
#define HCS_CORE_EMULATOR_LAYERS_STAGED_FOLDER_H_

#include <string>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// A folder that is being made. Removed at the end unless it was published. Not
// thread-safe.
class StagedFolder {
 public:
  // Beside `target`, whose parent folder must be there (0x80070003).
  static Outcome<StagedFolder> Beside(const std::string& target);

  StagedFolder(StagedFolder&& other) noexcept = default;
  StagedFolder& operator=(StagedFolder&&) = delete;
  ~StagedFolder();

  const std::string& path() const { return path_; }
  int fd() const { return fd_.get(); }

  // Writes everything through to the disk and renames it to the target. What is at the
  // target already, if anything, must be a folder, and is discarded, but for the files
  // directly in it that this one does not have. 0x800700B7 when it is no folder.
  Status Publish();

 private:
  StagedFolder(std::string target, std::string path, platform::UniqueFd fd)
      : target_(std::move(target)), path_(std::move(path)), fd_(std::move(fd)) {}

  Status ReplaceTarget();

  std::string target_;
  std::string path_;
  platform::UniqueFd fd_;
};

// Removes a folder of this user's with all that is in it, whatever the rights of folders in
// it are. Fine when there is none.
Status RemoveTree(const std::string& path);

// Removes a folder: from its place at once, from the disk before it returns, or, when
// the process dies meanwhile, by RemoveLeftovers.
Status DiscardFolder(const std::string& path);

// Removes what dead processes have left in `folder`.
void RemoveLeftovers(const std::string& folder);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_STAGED_FOLDER_H_
