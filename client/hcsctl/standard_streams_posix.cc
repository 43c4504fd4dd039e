#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/standard_streams.h"
#include "client/hcsctl/stop_event.h"

namespace hcs::ctl {
namespace {

// Waits for `events` at `fd`. False when `stop` is set.
bool WaitFor(int fd, int16_t events, const StopEvent& stop) {
  pollfd fds[] = {{fd, events, 0}, {stop.handle(), POLLIN, 0}};
  while (poll(fds, 2, -1) < 0 && errno == EINTR) {
  }
  return fds[1].revents == 0;
}

struct Opened {
  int fd;
  bool own;
  size_t largest_write;
};

// The descriptor that was inherited is shared with other programs, so it must keep on
// blocking. A pipe or terminal can be opened anew, without blocking; where that is not
// allowed, a pipe takes PIPE_BUF bytes without blocking once it is writable.
Opened OpenForWriting(int inherited) {
  struct stat status {};
  fstat(inherited, &status);
  if (!S_ISFIFO(status.st_mode) && !isatty(inherited)) {
    const size_t all = std::numeric_limits<ssize_t>::max();
    return {inherited, false, S_ISREG(status.st_mode) ? all : PIPE_BUF};
  }
  const std::string path = absl::StrCat("/dev/fd/", inherited);
  const int fd = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return {inherited, false, PIPE_BUF};
  return {fd, true, std::numeric_limits<ssize_t>::max()};
}

}  // namespace

StopEvent::StopEvent() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  read_end_ = ends[0];
  write_end_ = ends[1];
}

StopEvent::~StopEvent() {
  close(read_end_);
  close(write_end_);
}

void StopEvent::Set() {
  // A pipe that is full is readable as well.
  [[maybe_unused]] const ssize_t written = write(write_end_, "", 1);
}

bool StopEvent::IsSet() const {
  pollfd fd = {read_end_, POLLIN, 0};
  return poll(&fd, 1, 0) > 0;
}

size_t InputStream::Read(char* buffer, size_t size) {
  while (WaitFor(STDIN_FILENO, POLLIN, stop_)) {
    const ssize_t count = read(STDIN_FILENO, buffer, size);
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR && errno != EAGAIN) return 0;
  }
  return 0;
}

OutputStream::OutputStream(Target target, const StopEvent& stop) : stop_(stop) {
  const Opened opened = OpenForWriting(target == Target::kStdout ? STDOUT_FILENO : STDERR_FILENO);
  handle_ = opened.fd;
  own_ = opened.own;
  largest_write_ = opened.largest_write;
}

OutputStream::~OutputStream() {
  if (own_) close(handle_);
}

absl::Status OutputStream::WaitUntilWritable() const {
  if (WaitFor(handle_, POLLOUT, stop_)) return absl::OkStatus();
  return absl::CancelledError("stopped");
}

absl::Status OutputStream::Write(absl::string_view bytes) {
  bool wait = !own_;
  while (!bytes.empty()) {
    if (wait) {
      absl::Status status = WaitUntilWritable();
      if (!status.ok()) return status;
    }
    const ssize_t count = write(handle_, bytes.data(), std::min(bytes.size(), largest_write_));
    wait = !own_ || count < 0;
    if (count >= 0) {
      bytes.remove_prefix(static_cast<size_t>(count));
    } else if (errno == EPIPE || errno == EIO) {
      // EIO: the terminal is gone.
      return absl::AbortedError("nobody reads the output any more");
    } else if (errno != EAGAIN && errno != EINTR) {
      return absl::UnavailableError(absl::StrCat("writing the output: ", strerror(errno)));
    }
  }
  return absl::OkStatus();
}

void IgnoreClosedOutput() { signal(SIGPIPE, SIG_IGN); }

}  // namespace hcs::ctl
