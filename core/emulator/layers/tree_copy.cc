#include "core/emulator/layers/tree_copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <tuple>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/disk_attributes.h"
#include "core/emulator/layers/overlay_marks.h"
#include "core/emulator/state/state_files.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;
using Item = MergedFolder::Item;

constexpr mode_t kPrivateFolder = 0700;
constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kRights = 07777;
constexpr size_t kBufferBytes = 256 * 1024;
constexpr size_t kMaxCopied = 1 << 30;  // At once.

UniqueFd OpenToRead(int folder, const std::string& name) {
  return UniqueFd(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

std::string LinkTarget(int folder, const std::string& name) {
  return ReadLink(folder, name).value_or("");
}

DiskAttributes AttributesOf(const struct stat& status) {
  return {.mode = status.st_mode & kRights,
          .user = status.st_uid,
          .group = status.st_gid,
          .attributes = {},
          .access = status.st_atim,
          .write = status.st_mtim};
}

Status CopyContent(int from, int to, const std::string& name) {
  for (;;) {
    const ssize_t count = copy_file_range(from, nullptr, to, nullptr, kMaxCopied, 0);
    if (count > 0) continue;
    if (count == 0) return {};
    if (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP) return ErrnoStatus(errno, name);
    break;
  }
  // Between file systems that do not do it for us.
  std::string buffer(kBufferBytes, '\0');
  for (;;) {
    const ssize_t count = read(from, buffer.data(), buffer.size());
    if (count == 0) return {};
    if (count < 0 || write(to, buffer.data(), static_cast<size_t>(count)) != count) {
      return ErrnoStatus(errno, name);
    }
  }
}

Status CopyFile(const Item& item, const std::string& name, int to) {
  const UniqueFd from = OpenToRead(item.folder, name);
  if (!from) return ErrnoStatus(errno, name);
  const UniqueFd copy(
      openat(to, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateFile));
  if (!copy) return ErrnoStatus(errno, name);
  if (Status status = CopyContent(from.get(), copy.get(), name); !status.ok()) return status;
  DiskAttributes attributes = AttributesOf(item.status);
  attributes.attributes = ReadAttributes(from.get());
  const int error = ApplyToOpenFile(copy.get(), attributes);
  return error == 0 ? Status() : ErrnoStatus(error, name);
}

Status CopySpecial(const Item& item, const std::string& name, int to) {
  const struct stat& status = item.status;
  const bool made = S_ISLNK(status.st_mode)
                        ? symlinkat(LinkTarget(item.folder, name).c_str(), to, name.c_str()) == 0
                        : mknodat(to, name.c_str(), (status.st_mode & S_IFMT) | kPrivateFile,
                                  status.st_rdev) == 0;
  if (!made && errno == EPERM) {
    return {abi::ERROR_PRIVILEGE_NOT_HELD, "making the device " + name + " needs root's rights"};
  }
  const int error = made ? ApplyToPath(to, name, AttributesOf(status)) : errno;
  return error == 0 ? Status() : ErrnoStatus(error, name);
}

// Makes the folder `name` in `to`.
Outcome<UniqueFd> MakeFolder(const std::string& name, int to) {
  if (mkdirat(to, name.c_str(), kPrivateFolder) != 0) return ErrnoStatus(errno, name);
  UniqueFd folder = OpenStateFolder(to, name);
  return folder ? Outcome<UniqueFd>(std::move(folder)) : ErrnoStatus(errno, name);
}

Status CopyItem(const MergedFolder& from, const std::string& name, const Item& item, int to) {
  if (S_ISREG(item.status.st_mode)) return CopyFile(item, name, to);
  if (!S_ISDIR(item.status.st_mode)) return CopySpecial(item, name, to);
  const Outcome<MergedFolder> folder = from.Enter(name);
  if (!folder.ok()) return folder.failure();
  const Outcome<UniqueFd> copy = MakeFolder(name, to);
  return copy.ok() ? CopyFolder(*folder, copy->get()) : copy.failure();
}

bool IsBefore(const timespec& one, const timespec& two) {
  return std::tie(one.tv_sec, one.tv_nsec) < std::tie(two.tv_sec, two.tv_nsec);
}

bool IsSameTime(const timespec& one, const timespec& two) {
  return one.tv_sec == two.tv_sec && one.tv_nsec == two.tv_nsec;
}

bool HasSameContent(const Item& one, const Item& two, const std::string& name) {
  const UniqueFd first = OpenToRead(one.folder, name);
  const UniqueFd second = OpenToRead(two.folder, name);
  std::string buffer(kBufferBytes, '\0');
  std::string other(kBufferBytes, '\0');
  for (off_t offset = 0;;) {
    const ssize_t count = pread(first.get(), buffer.data(), buffer.size(), offset);
    if (count != pread(second.get(), other.data(), other.size(), offset) || count < 0) return false;
    if (count == 0) return true;
    if (!std::equal(buffer.begin(), buffer.begin() + count, other.begin())) return false;
    offset += count;
  }
}

bool HasSameAttributes(const Item& one, const Item& two, const std::string& name) {
  return ReadAttributes(OpenToRead(one.folder, name).get()) ==
         ReadAttributes(OpenToRead(two.folder, name).get());
}

// Whether `item` is as `below` is. It was a copy of it at `since`; 0 if nothing is known.
bool IsUnchanged(const Item& item, const Item& below, const timespec& since,
                 const std::string& name) {
  const struct stat& now = item.status;
  if (now.st_mode != below.status.st_mode) return false;
  if (!S_ISDIR(now.st_mode) && IsBefore(now.st_ctim, since)) return true;
  if (S_ISLNK(now.st_mode)) {
    return LinkTarget(item.folder, name) == LinkTarget(below.folder, name);
  }
  if (!IsSameTime(now.st_mtim, below.status.st_mtim)) return false;
  if (S_ISDIR(now.st_mode)) return HasSameAttributes(item, below, name);
  if (!S_ISREG(now.st_mode)) return now.st_rdev == below.status.st_rdev;
  return now.st_size == below.status.st_size && HasSameContent(item, below, name) &&
         HasSameAttributes(item, below, name);
}

bool IsFolderIn(const MergedFolder& folder, const std::string& name) {
  const auto found = folder.items().find(name);
  return found != folder.items().end() && S_ISDIR(found->second.status.st_mode);
}

// A folder that both have: it is in the difference if it is another one, or has something
// in it that is.
Status CopyFolderDifference(const MergedFolder& view, const MergedFolder& below,
                            const MergedFolder* above, const std::string& name,
                            const timespec& since, int to) {
  const Outcome<MergedFolder> in_view = view.Enter(name);
  if (!in_view.ok()) return in_view.failure();
  const Outcome<MergedFolder> in_below = below.Enter(name);
  if (!in_below.ok()) return in_below.failure();
  const Outcome<UniqueFd> copy = MakeFolder(name, to);
  if (!copy.ok()) return copy.failure();
  Status status;
  if (above != nullptr && IsFolderIn(*above, name)) {
    const Outcome<MergedFolder> in_above = above->Enter(name);
    if (!in_above.ok()) return in_above.failure();
    status = CopyDifference(*in_view, *in_below, &*in_above, since, copy->get());
  } else {
    status = CopyDifference(*in_view, *in_below, nullptr, since, copy->get());
  }
  if (!status.ok()) return status;
  if (IsUnchanged(view.items().at(name), below.items().at(name), since, name) &&
      NamesIn(copy->get()).empty()) {
    return unlinkat(to, name.c_str(), AT_REMOVEDIR) == 0 ? Status() : ErrnoStatus(errno, name);
  }
  return {};
}

}  // namespace

Status CopyFolder(const MergedFolder& from, int to) {
  for (const auto& [name, item] : from.items()) {
    if (Status status = CopyItem(from, name, item, to); !status.ok()) return status;
  }
  const int error = ApplyToOpenFile(to, DiskAttributesOf(from.nearest()));
  return error == 0 ? Status() : ErrnoStatus(error, "a folder's rights");
}

Status CopyDifference(const MergedFolder& view, const MergedFolder& below,
                      const MergedFolder* above, const timespec& since, int to) {
  for (const auto& [name, item] : view.items()) {
    const auto found = below.items().find(name);
    const bool both = found != below.items().end();
    Status status;
    if (both && S_ISDIR(item.status.st_mode) && S_ISDIR(found->second.status.st_mode)) {
      status = CopyFolderDifference(view, below, above, name, since, to);
    } else if (!both ||
               !IsUnchanged(item, found->second,
                            above != nullptr && above->items().contains(name) ? timespec{} : since,
                            name)) {
      status = CopyItem(view, name, item, to);
    }
    if (!status.ok()) return status;
  }
  for (const auto& [name, item] : below.items()) {
    if (view.items().contains(name)) continue;
    const int error = MakeWhiteout(to, name);
    if (error != 0) return ErrnoStatus(error, name);
  }
  const int error = ApplyToOpenFile(to, DiskAttributesOf(view.nearest()));
  return error == 0 ? Status() : ErrnoStatus(error, "a folder's rights");
}

}  // namespace hcs::emulator
