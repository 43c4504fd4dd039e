#include "core/emulator/layers/tree_walk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/disk_attributes.h"
#include "core/emulator/layers/folder_below.h"
#include "core/emulator/layers/overlay_marks.h"
#include "core/emulator/state/state_files.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr std::array<const char*, 3> kRoots = {"Files", "Hives", "UtilityVM"};
constexpr char kUtilityVm[] = "UtilityVM";

bool LeadToTheSame(int folder, int other, const std::string& name) {
  const std::optional<std::string> target = ReadLink(folder, name);
  return target && target == ReadLink(other, name);
}

bool IsSameKind(const struct stat& one, const struct stat& two) {
  return (one.st_mode & S_IFMT) == (two.st_mode & S_IFMT) &&
         (!(S_ISCHR(one.st_mode) || S_ISBLK(one.st_mode)) || one.st_rdev == two.st_rdev);
}

}  // namespace

Outcome<TreeWalk> TreeWalk::Begin(const std::string& layer,
                                  const std::vector<std::string>& parents) {
  TreeWalk walk;
  Level root;
  root.folder = OpenStateFolder(AT_FDCWD, layer);
  if (!root.folder) return ErrnoStatus(errno, layer);
  root.names.assign(kRoots.begin(), kRoots.end());
  for (size_t i = 0; i < parents.size(); ++i) {
    UniqueFd folder = OpenStateFolder(AT_FDCWD, parents[i]);
    if (!folder) return ErrnoStatus(errno, parents[i]);
    root.parents.push_back({i, std::move(folder)});
  }
  walk.levels_.push_back(std::move(root));
  return walk;
}

Outcome<std::optional<WalkedItem>> TreeWalk::Next() {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next == level.names.size()) {
      levels_.pop_back();
      continue;
    }
    const std::string name = level.names[level.next++];
    Outcome<std::optional<WalkedItem>> item = Look(level, name);
    if (!item.ok()) return item;
    if (!*item) continue;
    if (S_ISDIR((*item)->status.st_mode)) {
      if (Status status = Enter(**item); !status.ok()) return status;
      // The level that it is in may have moved: its descriptor has not.
    }
    return item;
  }
  return std::optional<WalkedItem>();
}

// Nothing when the root does not have it.
Outcome<std::optional<WalkedItem>> TreeWalk::Look(const Level& level, const std::string& name) {
  WalkedItem item;
  item.folder = level.folder.get();
  item.disk_name = name;
  item.disk_path = JoinPath(level.disk_path, name);
  if (fstatat(item.folder, name.c_str(), &item.status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT && level.disk_path.find('/') == std::string::npos) {
      return std::optional<WalkedItem>();
    }
    return Status{abi::ERROR_SHARING_VIOLATION, item.disk_path + " has gone meanwhile"};
  }
  item.is_removed = IsWhiteout(item.status);
  for (const ParentFolder& parent : level.parents) {
    struct stat found {};
    if (fstatat(parent.folder.get(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (IsWhiteout(found)) break;
    item.parent_of_name = parent.parent;
    if (IsSameKind(item.status, found) &&
        (!S_ISLNK(found.st_mode) || LeadToTheSame(item.folder, parent.folder.get(), name))) {
      item.parent = parent.parent;
      item.parent_status = found;
    }
    break;
  }
  if (S_ISDIR(item.status.st_mode)) {
    const UniqueFd folder = OpenStateFolder(item.folder, name);
    if (!folder) return ErrnoStatus(errno, item.disk_path);
    item.is_opaque = IsOpaque(folder.get());
  }
  return std::optional<WalkedItem>(std::move(item));
}

Status TreeWalk::Enter(const WalkedItem& item) {
  Level level;
  level.disk_path = item.disk_path;
  level.folder = OpenStateFolder(item.folder, item.disk_name);
  if (!level.folder) return ErrnoStatus(errno, item.disk_path);
  if (item.disk_path == kUtilityVm) {
    level.names = {"Files"};
  } else {
    level.names = NamesIn(level.folder.get());
    std::ranges::sort(level.names);
  }
  for (const ParentFolder& parent : levels_.back().parents) {
    if (item.is_opaque) break;
    struct stat found {};
    if (fstatat(parent.folder.get(), item.disk_name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    if (!S_ISDIR(found.st_mode)) break;
    UniqueFd folder = OpenStateFolder(parent.folder.get(), item.disk_name);
    if (!folder) return ErrnoStatus(errno, item.disk_path);
    const bool hides = IsOpaque(folder.get());
    level.parents.push_back({parent.parent, std::move(folder)});
    if (hides) break;
  }
  levels_.push_back(std::move(level));
  return {};
}

}  // namespace hcs::emulator
