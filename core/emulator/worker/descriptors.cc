#include "core/emulator/worker/descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace hcs::emulator::worker {
namespace {

using platform::UniqueFd;

constexpr int kPipeBytes = 1 << 20;
constexpr int kFirstFd = 3;

}  // namespace

void SetNonBlocking(int fd, bool non_blocking) {
  const int flags = fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, non_blocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int OpenPipe(Pipe* pipe) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
  pipe->reader.reset(ends[0]);
  pipe->writer.reset(ends[1]);
  // Refused beyond the user's share of pipe memory: then it is a smaller pipe.
  fcntl(ends[0], F_SETPIPE_SZ, kPipeBytes);
  return 0;
}

UniqueFd ReopenPipe(int fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const int access = fcntl(fd, F_GETFL) & O_ACCMODE;
  // Non-blocking, or the kernel would wait for somebody at the other end.
  UniqueFd reopened(open(path.c_str(), access | O_CLOEXEC | O_NONBLOCK));
  if (!reopened) return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, kFirstFd));
  SetNonBlocking(reopened.get(), false);
  return reopened;
}

}  // namespace hcs::emulator::worker
