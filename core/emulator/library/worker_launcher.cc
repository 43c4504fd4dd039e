#include "core/emulator/library/worker_launcher.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

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

struct SocketPair {
  UniqueFd ours;
  UniqueFd theirs;

  int Open() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno;
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
    return 0;
  }
};

}  // namespace

Outcome<UniqueFd> LaunchWorker(const std::string& worker_path, const std::string& id, int log_fd) {
  SocketPair sockets;
  if (int error = sockets.Open()) return ErrnoStatus(error, "making a socket for the worker");
  platform::SpawnRequest request;
  request.program = worker_path;
  request.arguments = {"hcs-worker", id};
  request.environment = WorkerEnvironment();
  request.working_directory = std::string("/");
  request.stdin_fd = sockets.theirs.get();
  request.stderr_fd = log_fd;
  request.kill_with_parent = false;
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  if (!spawned.ok()) return ErrnoStatus(spawned.error, "starting " + worker_path);
  // It has made a child that is the worker, and ends.
  while (waitpid(spawned.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return std::move(sockets.ours);
}

Outcome<ConfinedWorker> LaunchConfinedWorker(ContainerLaunch launch,
                                             const ReservedSystem& reserved) {
  SocketPair sockets;
  if (int error = sockets.Open()) return ErrnoStatus(error, "making a socket for the worker");
  launch.worker_mode = "--inside";
  launch.stdin_fd = sockets.theirs.get();
  const Outcome<int> process_id = StartContainer(launch, reserved);
  if (!process_id.ok()) return process_id.failure();
  return ConfinedWorker{std::move(sockets.ours), *process_id};
}

}  // namespace hcs::emulator
