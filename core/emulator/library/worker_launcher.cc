#include "core/emulator/library/worker_launcher.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "core/emulator/errno_status.h"
#include "core/platform/process.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

// Nothing of this process' environment is the worker's business, but for what
// instrumented builds are told by it.
std::vector<std::string> WorkerEnvironment() {
  std::vector<std::string> environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) {
      environment.push_back(std::string(name) + "=" + value);
    }
  }
  return environment;
}

}  // namespace

Outcome<UniqueFd> LaunchWorker(const std::string& worker_path, const std::string& id, int log_fd) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return ErrnoStatus(errno, "making a socket for the worker");
  }
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  platform::SpawnRequest request;
  request.program = worker_path;
  request.arguments = {"hcs-worker", id};
  request.environment = WorkerEnvironment();
  request.working_directory = std::string("/");
  request.stdin_fd = theirs.get();
  request.stderr_fd = log_fd;
  request.kill_with_parent = false;
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  if (!spawned.ok()) return ErrnoStatus(spawned.error, "starting " + worker_path);
  // It has made a child that is the worker, and ends.
  while (waitpid(spawned.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return ours;
}

bool AwaitProcessEnd(int pid, int timeout_ms) {
  const UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!process) return errno == ESRCH;
  pollfd ended{process.get(), POLLIN, 0};
  int count = 0;
  do {
    count = poll(&ended, 1, timeout_ms);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

}  // namespace hcs::emulator
