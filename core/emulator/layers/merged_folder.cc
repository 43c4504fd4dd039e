#include "core/emulator/layers/merged_folder.h"

#include <fcntl.h>

#include <cerrno>
#include <set>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/overlay_marks.h"
#include "core/emulator/state/state_files.h"

namespace hcs::emulator {

using platform::UniqueFd;

Outcome<MergedFolder> MergedFolder::Open(const std::vector<std::string>& folders) {
  MergedFolder merged;
  for (const std::string& path : folders) {
    UniqueFd folder = OpenStateFolder(AT_FDCWD, path);
    if (!folder) return ErrnoStatus(errno, path);
    if (!merged.Add(std::move(folder))) break;
  }
  if (Status status = merged.List(); !status.ok()) return status;
  return merged;
}

Outcome<MergedFolder> MergedFolder::Of(UniqueFd folder) {
  MergedFolder merged;
  merged.Add(std::move(folder));
  if (Status status = merged.List(); !status.ok()) return status;
  return merged;
}

Outcome<MergedFolder> MergedFolder::Enter(const std::string& name) const {
  MergedFolder merged;
  for (const UniqueFd& layer : folders_) {
    struct stat found {};
    if (fstatat(layer.get(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISDIR(found.st_mode)) break;
    UniqueFd folder = OpenStateFolder(layer.get(), name);
    if (!folder) return ErrnoStatus(errno, name);
    if (!merged.Add(std::move(folder))) break;
  }
  if (merged.folders_.empty()) return Status{abi::ERROR_PATH_NOT_FOUND, name + " is no folder"};
  if (Status status = merged.List(); !status.ok()) return status;
  return merged;
}

bool MergedFolder::Add(UniqueFd folder) {
  folders_.push_back(std::move(folder));
  return !IsOpaque(folders_.back().get());
}

Status MergedFolder::List() {
  std::set<std::string> removed;
  for (const UniqueFd& layer : folders_) {
    for (const std::string& name : NamesIn(layer.get())) {
      if (removed.contains(name) || items_.contains(name)) continue;
      Item item = {layer.get(), {}};
      if (fstatat(layer.get(), name.c_str(), &item.status, AT_SYMLINK_NOFOLLOW) != 0) {
        return ErrnoStatus(errno, name);
      }
      if (IsWhiteout(item.status)) {
        removed.insert(name);
      } else {
        items_.emplace(name, item);
      }
    }
  }
  return {};
}

}  // namespace hcs::emulator
