#include "core/emulator/state/process_end.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "core/platform/unique_fd.h"

namespace hcs::emulator {

bool AwaitProcessEnd(int pid, int timeout_ms) {
  const platform::UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!process) return errno == ESRCH;
  pollfd ended{process.get(), POLLIN, 0};
  int count = 0;
  do {
    count = poll(&ended, 1, timeout_ms);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

}  // namespace hcs::emulator
