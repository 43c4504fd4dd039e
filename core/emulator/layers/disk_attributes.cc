#include "core/emulator/layers/disk_attributes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

#include "core/layer/backup_stream/file_info.h"

namespace hcs::emulator {
namespace {

constexpr mode_t kPlainMode = 0755;
constexpr mode_t kReadOnlyMode = 0555;
constexpr mode_t kRights = 07777;
// The kernel's own limits (XATTR_LIST_MAX, XATTR_SIZE_MAX).
constexpr size_t kMaxAttributeBytes = 65536;
// What the union or this host says by an attribute is no part of a layer.
constexpr std::array<std::string_view, 4> kNotOfLayers = {"trusted.overlay.", "user.overlay.",
                                                          "user.hcsd.", "security.selinux"};

bool IsOfLayers(std::string_view name) {
  return std::ranges::none_of(kNotOfLayers,
                              [name](std::string_view own) { return name.starts_with(own); });
}

uid_t UserOf(const DiskAttributes& attributes) {
  return attributes.user.value_or(static_cast<uid_t>(-1));
}

gid_t GroupOf(const DiskAttributes& attributes) {
  return attributes.group.value_or(static_cast<gid_t>(-1));
}

std::array<timespec, 2> TimesOf(const DiskAttributes& attributes) {
  return {attributes.access, attributes.write};
}

}  // namespace

timespec DiskTime(int64_t file_time) {
  const layer::UnixTime time = layer::ToUnixTime(file_time);
  if (time.seconds < 0) return {};
  if (time.seconds > INT32_MAX) return {INT32_MAX, 0};
  timespec disk_time = {};
  disk_time.tv_sec = time.seconds;
  disk_time.tv_nsec = time.nanoseconds;
  return disk_time;
}

int64_t FileTimeOf(const timespec& time) {
  return layer::ToFileTime({time.tv_sec, static_cast<uint32_t>(time.tv_nsec)}).value_or(0);
}

std::optional<std::string> ReadLink(int folder, const std::string& name) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = readlinkat(folder, name.c_str(), target.data(), target.size());
  if (size < 0) return std::nullopt;
  return std::string(target.data(), static_cast<size_t>(size));
}

DiskAttributes DiskAttributesOf(const abi::FILE_BASIC_INFO& info, const LinuxMetadata& linux_part) {
  DiskAttributes attributes;
  const bool read_only = (info.FileAttributes & layer::kAttributeReadOnly) != 0;
  const bool folder = (info.FileAttributes & layer::kAttributeDirectory) != 0;
  attributes.mode = linux_part.mode ? *linux_part.mode & kRights
                                    : (read_only && !folder ? kReadOnlyMode : kPlainMode);
  if (linux_part.user) attributes.user = *linux_part.user;
  if (linux_part.group) attributes.group = *linux_part.group;
  attributes.attributes = linux_part.attributes;
  attributes.access = DiskTime(info.LastAccessTime);
  attributes.write = DiskTime(info.LastWriteTime);
  return attributes;
}

DiskAttributes DiskAttributesOf(int folder) {
  struct stat found {};
  if (fstat(folder, &found) != 0) return {.mode = kPlainMode};
  return {.mode = found.st_mode & kRights,
          .user = found.st_uid,
          .group = found.st_gid,
          .attributes = ReadAttributes(folder),
          .access = found.st_atim,
          .write = found.st_mtim};
}

int ApplyToOpenFile(int file, const DiskAttributes& attributes) {
  if ((attributes.user || attributes.group) &&
      fchown(file, UserOf(attributes), GroupOf(attributes)) != 0 && errno != EPERM) {
    return errno;
  }
  // After the owner, whose change takes capabilities away; before the mode, which may take
  // the right to write away.
  for (const auto& [name, value] : attributes.attributes) {
    if (IsOfLayers(name)) fsetxattr(file, name.c_str(), value.data(), value.size(), 0);
  }
  if (fchmod(file, attributes.mode) != 0) return errno;
  return futimens(file, TimesOf(attributes).data()) == 0 ? 0 : errno;
}

int ApplyToPath(int folder, const std::string& name, const DiskAttributes& attributes) {
  const char* path = name.c_str();
  struct stat found {};
  if (fstatat(folder, path, &found, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if ((attributes.user || attributes.group) &&
      fchownat(folder, path, UserOf(attributes), GroupOf(attributes), AT_SYMLINK_NOFOLLOW) != 0 &&
      errno != EPERM) {
    return errno;
  }
  if (!S_ISLNK(found.st_mode) && fchmodat(folder, path, attributes.mode, 0) != 0) return errno;
  return utimensat(folder, path, TimesOf(attributes).data(), AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

LinuxAttributes ReadAttributes(int file) {
  LinuxAttributes attributes;
  const ssize_t needed = flistxattr(file, nullptr, 0);
  if (needed <= 0) return attributes;
  std::string names(static_cast<size_t>(needed), '\0');
  const ssize_t size = flistxattr(file, names.data(), names.size());
  if (size <= 0) return attributes;
  names.resize(static_cast<size_t>(size));
  std::string value(kMaxAttributeBytes, '\0');
  for (size_t begin = 0; begin < names.size();) {
    const std::string name = names.c_str() + begin;
    begin += name.size() + 1;
    if (!IsOfLayers(name)) continue;
    const ssize_t bytes = fgetxattr(file, name.c_str(), value.data(), value.size());
    if (bytes >= 0) attributes.emplace_back(name, value.substr(0, static_cast<size_t>(bytes)));
  }
  std::ranges::sort(attributes);
  return attributes;
}

bool MayHaveAttribute(int file, const std::string& name) {
  return IsOfLayers(name) && fgetxattr(file, name.c_str(), nullptr, 0) < 0 && errno == ENODATA;
}

}  // namespace hcs::emulator
