#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "core/platform/peeked_pipe.h"

namespace hcs::platform {
namespace {

constexpr int kScratchBytes = 1 << 20;

// Moves `bytes` from one descriptor to another without copying them.
bool SpliceAll(int from, int to, size_t bytes) {
  while (bytes > 0) {
    const ssize_t moved = splice(from, nullptr, to, nullptr, bytes, SPLICE_F_NONBLOCK);
    if (moved < 0 && errno == EINTR) continue;
    if (moved <= 0) return false;
    bytes -= static_cast<size_t>(moved);
  }
  return true;
}

bool ReadAll(int fd, char* buffer, size_t bytes) {
  while (bytes > 0) {
    const ssize_t got = read(fd, buffer, bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    buffer += got;
    bytes -= static_cast<size_t>(got);
  }
  return true;
}

// Leaves the scratch empty after a copy that failed half way.
ptrdiff_t Fail(int scratch) {
  const int error = errno;
  char rest[4096];
  while (read(scratch, rest, sizeof(rest)) > 0) {
  }
  errno = error;
  return -1;
}

}  // namespace

PeekScratch::PeekScratch() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
  read_end_.reset(ends[0]);
  write_end_.reset(ends[1]);
  // As large as the pipes that are peeked; a smaller one only peeks less at once.
  (void)fcntl(ends[1], F_SETPIPE_SZ, kScratchBytes);
  sink_.reset(open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!sink_) write_end_.reset();
}

size_t PeekedPipe::Available() const {
  int bytes = 0;
  if (ioctl(pipe_.get(), FIONREAD, &bytes) != 0) return 0;
  return static_cast<size_t>(bytes);
}

bool PeekedPipe::AtEnd() const {
  pollfd state{pipe_.get(), POLLIN, 0};
  if (poll(&state, 1, 0) <= 0) return false;
  return (state.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 && (state.revents & POLLIN) == 0;
}

ptrdiff_t PeekedPipe::Peek(PeekScratch& scratch, size_t skip, char* buffer, size_t size) {
  const ssize_t copied = tee(pipe_.get(), scratch.write_end_.get(), skip + size, SPLICE_F_NONBLOCK);
  if (copied < 0) return errno == EAGAIN ? 0 : -1;
  const auto held = static_cast<size_t>(copied);
  const size_t skipped = held < skip ? held : skip;
  const int source = scratch.read_end_.get();
  if (!SpliceAll(source, scratch.sink_.get(), skipped)) return Fail(source);
  if (!ReadAll(source, buffer, held - skipped)) return Fail(source);
  return static_cast<ptrdiff_t>(held - skipped);
}

bool PeekedPipe::Discard(PeekScratch& scratch, size_t bytes) {
  return SpliceAll(pipe_.get(), scratch.sink_.get(), bytes);
}

}  // namespace hcs::platform
