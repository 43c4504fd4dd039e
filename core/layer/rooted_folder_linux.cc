#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "core/layer/layer_name.h"
#include "core/layer/rooted_folder.h"

namespace hcs::layer {
namespace {

using platform::UniqueFd;

constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kPrivateDirectory = 0700;

absl::Status LastError(const char* action, std::string_view name) {
  return absl::ErrnoToStatus(errno, std::string("cannot ") + action + " " + QuotedName(name));
}

UniqueFd OpenAt(int folder, const std::string& name, int flags) {
  int fd;
  do {
    fd = openat(folder, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, kPrivateFile);
  } while (fd < 0 && errno == EINTR);
  return UniqueFd(fd);
}

// Reading is no access: a folder that is read twice has the same times. Linux allows that to a
// file's owner, and to root, alone.
UniqueFd OpenForReadingAt(int folder, const std::string& name, int flags) {
  UniqueFd file = OpenAt(folder, name, O_RDONLY | O_NOATIME | flags);
  return file || errno != EPERM ? std::move(file) : OpenAt(folder, name, O_RDONLY | flags);
}

// For its children alone: no permission to read it is needed.
UniqueFd OpenDirectoryAt(int folder, const std::string& name) {
  return OpenAt(folder, name, O_PATH | O_DIRECTORY);
}

std::string LastComponent(std::string_view name) {
  return name.empty() ? "." : std::string(name.substr(name.rfind('\\') + 1));
}

ItemKind KindOfMode(mode_t mode) {
  if (S_ISREG(mode)) return ItemKind::kFile;
  return S_ISDIR(mode) ? ItemKind::kDirectory : ItemKind::kOther;
}

// What cannot be looked at is kOther: opening it says why.
ItemKind KindAt(int folder, const char* name) {
  struct stat status;
  if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return ItemKind::kOther;
  return KindOfMode(status.st_mode);
}

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

// Calls visit(folder, item) for each item, but "." and "..", until it returns false. False,
// with errno set, if the directory cannot be read.
template <typename Visit>
bool ForEachItem(UniqueFd folder, Visit visit) {
  const Directory directory(fdopendir(folder.get()), closedir);
  if (!directory) return false;
  (void)folder.release();
  for (;;) {
    errno = 0;
    const dirent* item = readdir(directory.get());
    if (item == nullptr) return errno == 0;
    const std::string_view name = item->d_name;
    if (name == "." || name == "..") continue;
    if (!visit(dirfd(directory.get()), *item)) return true;
  }
}

ItemKind KindOfItem(int folder, const dirent& item) {
  switch (item.d_type) {
    case DT_REG: return ItemKind::kFile;
    case DT_DIR: return ItemKind::kDirectory;
    case DT_UNKNOWN: return KindAt(folder, item.d_name);
    default: return ItemKind::kOther;
  }
}

// A file, or a tree; false with errno set. As deep as layer_name.h allows.
bool RemoveAt(int folder, const std::string& name);

bool EmptyDirectory(int parent, const std::string& name) {
  UniqueFd directory = OpenAt(parent, name, O_RDONLY | O_DIRECTORY);
  if (!directory) return false;
  bool removed = true;
  const bool read = ForEachItem(std::move(directory), [&removed](int folder, const dirent& item) {
    removed = RemoveAt(folder, item.d_name);
    return removed;
  });
  return read && removed;
}

bool RemoveAt(int folder, const std::string& name) {
  if (unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT) return true;
  if (errno != EISDIR && errno != EPERM) return false;
  if (unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0) return true;
  if (errno != ENOTEMPTY && errno != EEXIST) return false;
  return EmptyDirectory(folder, name) && unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0;
}

}  // namespace

absl::StatusOr<RootedFolder> RootedFolder::Open(const std::filesystem::path& path) {
  UniqueFd root(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return absl::ErrnoToStatus(errno, "cannot open the folder " + path.string());
  return RootedFolder(std::move(root));
}

absl::StatusOr<int> RootedFolder::ParentOf(std::string_view name) {
  const std::string_view parent = ParentName(name);
  if (parent.empty()) return root_.get();
  if (parent_ && parent == parent_name_) return parent_.get();
  UniqueFd directory;
  for (const std::string_view component : NameComponents(parent)) {
    const int from = directory ? directory.get() : root_.get();
    UniqueFd next = OpenDirectoryAt(from, std::string(component));
    if (!next) return LastError("open the folder of", name);
    directory = std::move(next);
  }
  parent_ = std::move(directory);
  parent_name_ = parent;
  return parent_.get();
}

absl::StatusOr<RootedFile> RootedFolder::CreateFile(std::string_view name) {
  const absl::StatusOr<int> parent = ParentOf(name);
  if (!parent.ok()) return parent.status();
  UniqueFd file = OpenAt(*parent, LastComponent(name), O_RDWR | O_CREAT | O_EXCL);
  if (!file) return LastError("create", name);
  return RootedFile(std::move(file), std::string(name));
}

absl::Status RootedFolder::CreateDirectory(std::string_view name) {
  const absl::StatusOr<int> parent = ParentOf(name);
  if (!parent.ok()) return parent.status();
  if (mkdirat(*parent, LastComponent(name).c_str(), kPrivateDirectory) != 0) {
    return LastError("create", name);
  }
  return absl::OkStatus();
}

absl::Status RootedFolder::LinkFile(RootedFolder& from, std::string_view target,
                                    std::string_view name) {
  const absl::StatusOr<int> cached = from.ParentOf(target);
  if (!cached.ok()) return cached.status();
  const UniqueFd source(fcntl(*cached, F_DUPFD_CLOEXEC, 3));
  if (!source) return LastError("link", name);
  const absl::StatusOr<int> parent = ParentOf(name);
  if (!parent.ok()) return parent.status();
  struct stat before;
  if (fstat(*parent, &before) != 0) return LastError("read the times of the folder of", name);
  if (linkat(source.get(), LastComponent(target).c_str(), *parent, LastComponent(name).c_str(),
             0) != 0) {
    return LastError("link", name);
  }
  const timespec times[] = {before.st_atim, before.st_mtim};
  if (utimensat(*parent, ".", times, 0) != 0)
    return LastError("set the times of the folder of", name);
  return absl::OkStatus();
}

absl::StatusOr<RootedFile> RootedFolder::OpenItem(std::string_view name) {
  const absl::StatusOr<int> parent = ParentOf(name);
  if (!parent.ok()) return parent.status();
  // A pipe without a writer must not keep this waiting.
  UniqueFd file = OpenForReadingAt(*parent, LastComponent(name), O_NONBLOCK);
  struct stat status;
  if (!file || fstat(file.get(), &status) != 0) return LastError("open", name);
  if (KindOfMode(status.st_mode) == ItemKind::kOther) {
    return InvalidName(name, "must be a file or a directory");
  }
  return RootedFile(std::move(file), std::string(name));
}

absl::StatusOr<ItemKind> RootedFolder::KindOf(std::string_view name) {
  const absl::StatusOr<int> parent = ParentOf(name);
  if (!parent.ok()) return parent.status();
  struct stat status;
  if (fstatat(*parent, LastComponent(name).c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return LastError("look at", name);
  }
  return KindOfMode(status.st_mode);
}

absl::StatusOr<std::vector<FolderItem>> RootedFolder::List(std::string_view name) {
  const absl::StatusOr<int> parent = ParentOf(name);
  if (!parent.ok()) return parent.status();
  UniqueFd folder = OpenForReadingAt(*parent, LastComponent(name), O_DIRECTORY);
  if (!folder) return LastError("list", name);
  std::vector<FolderItem> items;
  const bool read = ForEachItem(std::move(folder), [&items](int fd, const dirent& item) {
    items.push_back({item.d_name, KindOfItem(fd, item)});
    return true;
  });
  if (!read) return LastError("list", name);
  std::ranges::sort(items, {}, &FolderItem::name);
  return items;
}

absl::Status RootedFolder::Remove(std::string_view name) {
  const absl::StatusOr<int> parent = ParentOf(name);
  if (absl::IsNotFound(parent.status())) return absl::OkStatus();
  if (!parent.ok()) return parent.status();
  const bool removed = RemoveAt(*parent, LastComponent(name));
  // It may have been what is remembered, or hold it.
  const absl::Status status = removed ? absl::OkStatus() : LastError("remove", name);
  parent_.reset();
  parent_name_.clear();
  return status;
}

}  // namespace hcs::layer
