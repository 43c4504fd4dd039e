#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/platform/unique_fd.h"
#include "core/runtime/state_file.h"

namespace hcs::runtime {
namespace {

constexpr mode_t kPrivateFile = 0600;

absl::Status LastError(const char* action, const std::filesystem::path& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", action, " ", path.string()));
}

platform::UniqueFd OpenFile(const std::filesystem::path& path, int flags) {
  int fd;
  do {
    fd = open(path.c_str(), flags | O_CLOEXEC, kPrivateFile);
  } while (fd < 0 && errno == EINTR);
  return platform::UniqueFd(fd);
}

// A file on a disk is written whole by one write; less is an error such as a
// full disk, which the next attempt names.
bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(written);
  }
  return true;
}

}  // namespace

absl::Status CreatePrivateDirectory(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return absl::OkStatus();
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("cannot create ", path.parent_path().string()));
  }
  if (mkdir(path.c_str(), 0700) != 0) return LastError("create", path);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadStateFile(const std::filesystem::path& path) {
  const platform::UniqueFd file = OpenFile(path, O_RDONLY);
  struct stat status;
  if (!file || fstat(file.get(), &status) != 0) return LastError("read", path);
  std::string content;
  content.resize(status.st_size);
  size_t have = 0;
  while (have < content.size()) {
    const ssize_t count = read(file.get(), content.data() + have, content.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return LastError("read", path);
    if (count == 0) break;
    have += count;
  }
  content.resize(have);
  return content;
}

absl::Status AppendToStateFile(const std::filesystem::path& path, uint64_t size,
                               std::string_view bytes) {
  const platform::UniqueFd file = OpenFile(path, O_WRONLY | O_APPEND);
  if (!file) return LastError("open", path);
  if (WriteAll(file.get(), bytes)) return absl::OkStatus();
  absl::Status failure = LastError("write", path);
  // Shortening needs no space. If it fails all the same, the torn line is in the
  // way, and the file is set aside at the next start.
  if (ftruncate(file.get(), static_cast<off_t>(size)) != 0) return LastError("shorten", path);
  return failure;
}

absl::Status ReplaceStateFile(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path beside = path;
  beside += ".new";
  {
    const platform::UniqueFd file = OpenFile(beside, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return LastError("create", beside);
    if (!WriteAll(file.get(), bytes)) {
      absl::Status failure = LastError("write", beside);
      unlink(beside.c_str());
      return failure;
    }
  }
  if (rename(beside.c_str(), path.c_str()) != 0) return LastError("replace", path);
  return absl::OkStatus();
}

}  // namespace hcs::runtime
