#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "daemon/service/state_lock.h"

namespace hcs::service {
namespace {

absl::Status Failed(const std::string& path, int error) {
  return absl::ErrnoToStatus(error, absl::StrCat("--state: ", path));
}

std::string HolderOf(int lock) {
  std::array<char, 32> text{};
  const ssize_t size = pread(lock, text.data(), text.size(), 0);
  return std::string(text.data(), size > 0 ? size : 0);
}

}  // namespace

absl::StatusOr<platform::UniqueFd> LockState(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) chmod(folder.c_str(), 0711);
  if (error) return Failed(folder, error.value());
  const std::string path = folder + "/hcsd.lock";
  platform::UniqueFd lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return Failed(path, errno);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Failed(path, errno);
    return absl::AlreadyExistsError(absl::StrCat(
        "--state: ", folder, " is in use by another hcsd, process ", HolderOf(lock.get())));
  }
  const std::string holder = absl::StrCat(getpid());
  if (ftruncate(lock.get(), 0) != 0 ||
      pwrite(lock.get(), holder.data(), holder.size(), 0) != ssize_t(holder.size())) {
    return Failed(path, errno);
  }
  return lock;
}

}  // namespace hcs::service
