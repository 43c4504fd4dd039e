#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "core/platform/pipe_write.h"

namespace hcs::platform {

void MakeNonBlocking(int pipe) {
  const int flags = fcntl(pipe, F_GETFL);
  if (flags >= 0) (void)fcntl(pipe, F_SETFL, flags | O_NONBLOCK);
}

PipeWrite WriteWithoutBlocking(int pipe, std::string_view bytes) {
  for (;;) {
    const ssize_t written = write(pipe, bytes.data(), bytes.size());
    if (written >= 0) return {PipeWrite::kWritten, static_cast<size_t>(written)};
    if (errno == EINTR) continue;
    return {errno == EAGAIN ? PipeWrite::kFull : PipeWrite::kClosed, 0};
  }
}

void IgnoreBrokenPipes() { (void)std::signal(SIGPIPE, SIG_IGN); }

}  // namespace hcs::platform
