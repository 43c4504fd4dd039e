#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/layer_name.h"
#include "core/layer/rooted_file.h"

namespace hcs::layer {
namespace {

// Five int64, little-endian: the time of last write as the file system keeps it, by
// which it is told that nobody has written since; then FILE_BASIC_INFO's four.
constexpr char kTimesAttribute[] = "user.hcsd.times";
constexpr size_t kTimesBytes = 5 * sizeof(int64_t);

absl::Status LastError(const char* action, std::string_view name) {
  return absl::ErrnoToStatus(errno, std::string("cannot ") + action + " " + QuotedName(name));
}

// A file system of today keeps no time that Windows has not.
int64_t FileTimeOf(const timespec& time) {
  return ToFileTime({time.tv_sec, static_cast<uint32_t>(time.tv_nsec)}).value_or(0);
}

timespec TimespecOf(int64_t file_time) {
  const UnixTime time = ToUnixTime(file_time);
  timespec result = {};
  result.tv_sec = time.seconds;
  result.tv_nsec = time.nanoseconds;
  return result;
}

// The recorded times, unless there are none or the file was written to since.
bool LoadTimes(int file, int64_t last_write, abi::FILE_BASIC_INFO* info) {
  std::array<char, kTimesBytes> buffer;
  if (fgetxattr(file, kTimesAttribute, buffer.data(), buffer.size()) != kTimesBytes) return false;
  const std::string_view bytes(buffer.data(), buffer.size());
  const auto time = [bytes](size_t index) {
    return static_cast<int64_t>(LoadLittleEndian<uint64_t>(bytes, index * sizeof(int64_t)));
  };
  if (time(0) != last_write) return false;
  info->CreationTime = time(1);
  info->LastAccessTime = time(2);
  info->LastWriteTime = time(3);
  info->ChangeTime = time(4);
  return true;
}

}  // namespace

absl::StatusOr<uint64_t> RootedFile::Size() const {
  struct stat status;
  if (fstat(descriptor_.get(), &status) != 0) return LastError("look at", name_);
  return static_cast<uint64_t>(status.st_size);
}

absl::StatusOr<size_t> RootedFile::ReadAt(uint64_t offset, char* buffer, size_t capacity) const {
  for (;;) {
    const ssize_t count = pread(descriptor_.get(), buffer, capacity, static_cast<off_t>(offset));
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR) return LastError("read", name_);
  }
}

absl::Status RootedFile::WriteAt(uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return LastError("write", name_);
    bytes.remove_prefix(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return absl::OkStatus();
}

absl::Status RootedFile::Resize(uint64_t size) {
  if (ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) {
    return LastError("resize", name_);
  }
  return absl::OkStatus();
}

absl::StatusOr<abi::FILE_BASIC_INFO> RootedFile::BasicInfo() const {
  struct stat status;
  if (fstat(descriptor_.get(), &status) != 0) return LastError("look at", name_);
  abi::FILE_BASIC_INFO info = {};
  if (S_ISDIR(status.st_mode)) {
    info.FileAttributes = kAttributeDirectory;
  } else {
    const bool read_only = (status.st_mode & S_IWUSR) == 0;
    info.FileAttributes = read_only ? kAttributeReadOnly : kAttributeNormal;
  }
  const int64_t last_write = FileTimeOf(status.st_mtim);
  if (LoadTimes(descriptor_.get(), last_write, &info)) return info;
  info.LastAccessTime = FileTimeOf(status.st_atim);
  info.ChangeTime = FileTimeOf(status.st_ctim);
  info.LastWriteTime = info.CreationTime = last_write;
  return info;
}

absl::Status RootedFile::SetTimes(const abi::FILE_BASIC_INFO& info) {
  const int file = descriptor_.get();
  const timespec times[] = {TimespecOf(info.LastAccessTime), TimespecOf(info.LastWriteTime)};
  struct stat status;
  if (futimens(file, times) != 0 || fstat(file, &status) != 0) {
    return LastError("set the times of", name_);
  }
  std::string bytes;
  for (const int64_t time : {FileTimeOf(status.st_mtim), info.CreationTime, info.LastAccessTime,
                             info.LastWriteTime, info.ChangeTime}) {
    AppendLittleEndian(static_cast<uint64_t>(time), &bytes);
  }
  // The file system may have no extended attributes, and says so in many ways.
  fsetxattr(file, kTimesAttribute, bytes.data(), bytes.size(), 0);
  return absl::OkStatus();
}

absl::Status RootedFile::SetReadOnly() {
  if (fchmod(descriptor_.get(), S_IRUSR) != 0) return LastError("write-protect", name_);
  return absl::OkStatus();
}

}  // namespace hcs::layer
