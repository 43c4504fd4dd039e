#include "core/emulator/layers/transport_files.h"

#include <fcntl.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/disk_attributes.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

using layer::AppendLittleEndian;
using layer::LoadLittleEndian;
using platform::UniqueFd;

constexpr char kTimesAttribute[] = "user.hcsd.times";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kVersionLine = "Version 1.0";
constexpr std::u16string_view kFilesPrefix = uR"(\Files)";

timespec TimespecOf(int64_t file_time) {
  const layer::UnixTime time = layer::ToUnixTime(file_time);
  timespec disk_time = {};
  disk_time.tv_sec = time.seconds;
  disk_time.tv_nsec = time.nanoseconds;
  return disk_time;
}

std::string_view TakeLine(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Status Broken(const std::string& rule) {
  return {abi::ERROR_INVALID_DATA, std::string(kTombstonesFile) + " " + rule};
}

}  // namespace

abi::FILE_BASIC_INFO InfoOfTransportFile(int file, const struct stat& status) {
  abi::FILE_BASIC_INFO info = {};
  const bool read_only = (status.st_mode & S_IWUSR) == 0;
  info.FileAttributes = S_ISDIR(status.st_mode) ? layer::kAttributeDirectory
                        : read_only             ? layer::kAttributeReadOnly
                                                : layer::kAttributeNormal;
  info.LastWriteTime = info.CreationTime = FileTimeOf(status.st_mtim);
  info.LastAccessTime = FileTimeOf(status.st_atim);
  info.ChangeTime = FileTimeOf(status.st_ctim);
  std::array<char, 5 * sizeof(int64_t)> bytes{};
  const ssize_t size = fgetxattr(file, kTimesAttribute, bytes.data(), bytes.size());
  if (size != static_cast<ssize_t>(bytes.size())) return info;
  std::array<int64_t, 5> times{};
  for (size_t i = 0; i < times.size(); ++i) {
    times[i] = static_cast<int64_t>(
        LoadLittleEndian<uint64_t>({bytes.data(), bytes.size()}, i * sizeof(int64_t)));
  }
  // The first is the last write as the file system has it: otherwise somebody has written
  // since.
  if (times[0] != info.LastWriteTime) return info;
  return {times[1], times[2], times[3], times[4], info.FileAttributes, 0};
}

int SetTransportTimes(int file, const abi::FILE_BASIC_INFO& info) {
  const std::array<timespec, 2> times = {TimespecOf(info.LastAccessTime),
                                         TimespecOf(info.LastWriteTime)};
  struct stat status {};
  if (futimens(file, times.data()) != 0 || fstat(file, &status) != 0) return errno;
  std::string bytes;
  for (const int64_t time : {FileTimeOf(status.st_mtim), info.CreationTime, info.LastAccessTime,
                             info.LastWriteTime, info.ChangeTime}) {
    AppendLittleEndian(static_cast<uint64_t>(time), &bytes);
  }
  fsetxattr(file, kTimesAttribute, bytes.data(), bytes.size(), 0);
  return 0;
}

Outcome<std::vector<std::u16string>> ParseTombstones(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (TakeLine(&text) != kVersionLine) return Broken("does not begin with \"Version 1.0\"");
  std::vector<std::u16string> names;
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    if (line.empty()) continue;
    const std::optional<std::u16string> name = platform::Utf8ToUtf16Strict(line);
    if (!name || !line.starts_with('\\')) return Broken("has a line that is no name");
    names.push_back(std::u16string(kFilesPrefix) + *name);
  }
  return names;
}

std::string TombstonesHeader() {
  return std::string(kByteOrderMark) + std::string(kVersionLine) + "\n";
}

std::string TombstoneLine(std::u16string_view name) {
  return platform::Utf16ToUtf8(name.substr(kFilesPrefix.size())) + "\n";
}

Outcome<UniqueFd> OpenTransportFile(int folder, const std::string& name, struct stat* status) {
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  UniqueFd file(openat(folder, name.c_str(), kFlags));
  if (!file && errno != ELOOP) return ErrnoStatus(errno, name);
  if (!file || fstat(file.get(), status) != 0 || !S_ISREG(status->st_mode)) {
    return Status{abi::ERROR_INVALID_DATA, name + " is not a file"};
  }
  return file;
}

}  // namespace hcs::emulator
