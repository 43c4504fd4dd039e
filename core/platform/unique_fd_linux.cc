#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/platform/unique_fd.h"

namespace hcs::platform {

void UniqueFd::reset(int fd) {
  const int old = std::exchange(fd_, fd);
  if (old < 0) return;
  const int saved_errno = errno;
  close(old);  // Not retried on EINTR: Linux has closed it by then.
  errno = saved_errno;
}

UniqueFd UniqueFd::Duplicate() const { return UniqueFd(fcntl(fd_, F_DUPFD_CLOEXEC, 3)); }

}  // namespace hcs::platform
