#include "core/emulator/layers/staged_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>

#include "core/emulator/errno_status.h"
#include "core/emulator/state/guid.h"
#include "core/emulator/state/state_files.h"

namespace hcs::emulator {
namespace {

namespace fs = std::filesystem;
using platform::UniqueFd;

constexpr std::string_view kNewPrefix = ".hcs-new-";
constexpr std::string_view kDeadPrefix = ".hcs-dead-";
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kPrivateMode = 0700;

std::string SiblingOf(const std::string& path, std::string_view prefix) {
  return fs::path(path).parent_path() / (std::string(prefix) + NewGuidText());
}

// Gives `to` the files that `from` has besides. They stay in `from` as well: whoever dies
// here leaves it as it was.
Status LinkMissing(const std::string& from, const std::string& to) {
  std::error_code error;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path target = fs::path(to) / entry->path().filename();
    std::error_code gone;
    if (!entry->is_regular_file(gone) || entry->is_symlink(gone)) continue;
    if (link(entry->path().c_str(), target.c_str()) != 0 && errno != EEXIST) {
      return ErrnoStatus(errno, target.native());
    }
  }
  return error ? ErrnoStatus(error.value(), from) : Status();
}

}  // namespace

Outcome<StagedFolder> StagedFolder::Beside(const std::string& target) {
  for (;;) {
    std::string path = SiblingOf(target, kNewPrefix);
    if (mkdir(path.c_str(), kFolderMode) != 0) {
      if (errno == ENOENT) return Status{abi::ERROR_PATH_NOT_FOUND, "no folder for " + target};
      return ErrnoStatus(errno, path);
    }
    UniqueFd fd = OpenStateFolder(AT_FDCWD, path);
    if (fd && LockNamedFolder(path, fd.get(), LOCK_EX | LOCK_NB))
      return StagedFolder(target, path, std::move(fd));
  }
}

StagedFolder::~StagedFolder() {
  if (fd_) RemoveTree(path_);
}

Status StagedFolder::Publish() {
  if (syncfs(fd_.get()) != 0) return ErrnoStatus(errno, "writing the layer to the disk");
  int error = renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0
                  ? 0
                  : errno;
  if (error == EEXIST) return ReplaceTarget();
  if (error != 0) return ErrnoStatus(error, target_);
  const UniqueFd parent = OpenStateFolder(AT_FDCWD, fs::path(target_).parent_path());
  if (parent) fsync(parent.get());
  fd_.reset();
  return {};
}

Status StagedFolder::ReplaceTarget() {
  struct stat found {};
  if (lstat(target_.c_str(), &found) != 0) return ErrnoStatus(errno, target_);
  if (!S_ISDIR(found.st_mode)) return ErrnoStatus(EEXIST, target_);
  if (Status status = LinkMissing(target_, path_); !status.ok()) return status;
  if (renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0) {
    return ErrnoStatus(errno, target_);
  }
  // What was the target has this folder's temporary name now.
  fd_.reset();
  return DiscardFolder(path_);
}

Status RemoveTree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) return {};
  // Folders that are read-only, or, as overlayfs' own, without any rights.
  chmod(path.c_str(), kPrivateMode);
  for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_symlink(gone) && entry->is_directory(gone)) {
      chmod(entry->path().c_str(), kPrivateMode);
    }
  }
  fs::remove_all(path, error);
  return error ? ErrnoStatus(error.value(), path) : Status();
}

Status DiscardFolder(const std::string& path) {
  // Locked before it has its new name: no one else may find it and think it left.
  UniqueFd fd = OpenStateFolder(AT_FDCWD, path);
  if (!fd) return errno == ENOENT ? Status() : ErrnoStatus(errno, path);
  while (flock(fd.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  const std::string dead = SiblingOf(path, kDeadPrefix);
  if (rename(path.c_str(), dead.c_str()) != 0) {
    return errno == ENOENT ? Status() : ErrnoStatus(errno, path);
  }
  return RemoveTree(dead);
}

void RemoveLeftovers(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (!name.starts_with(kNewPrefix) && !name.starts_with(kDeadPrefix)) continue;
    const UniqueFd fd = OpenStateFolder(AT_FDCWD, entry->path());
    if (fd && LockNamedFolder(entry->path(), fd.get(), LOCK_EX | LOCK_NB))
      RemoveTree(entry->path());
  }
}

}  // namespace hcs::emulator
