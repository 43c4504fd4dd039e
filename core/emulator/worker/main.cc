// hcs-worker: one compute system of the emulated host. Started by the library, with
// its first connection as standard input and its log as standard error; lives until
// the system has stopped and its last client has gone.
//
//   hcs-worker ID            a process of this machine
//   hcs-worker --inside ID   the first process of a container, with its own program as
//                            descriptor 3
//   hcs-worker --probe ID    the same, but ends at once: 0 when it could work
//   hcs-worker --limits NAME tells which limits a scope of that name cannot enforce

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string_view>

#include "core/emulator/worker/event_loop.h"
#include "core/emulator/worker/limits_mode.h"
#include "core/emulator/worker/worker.h"
#include "core/platform/container_entry.h"
#include "core/platform/unique_fd.h"

namespace {

using hcs::platform::UniqueFd;

constexpr int kFirstFd = 3;
constexpr std::string_view kInside = "--inside";
constexpr std::string_view kProbe = "--probe";
constexpr std::string_view kLimits = "--limits";

// Leaves the tree of the process that started it: that one waits for the parent alone.
bool Detach() {
  const pid_t child = fork();
  if (child > 0) _exit(0);
  return child == 0 && setsid() > 0;
}

// Standard input carried the first connection here; from now on it is empty.
UniqueFd TakeFirstConnection() {
  UniqueFd connection(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, kFirstFd));
  const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  dup2(null.get(), STDIN_FILENO);
  return connection;
}

void PrepareSignals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
}

void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Nothing of the container's may see what this process holds or can. Its name would be
// that of the descriptor that it was executed from.
bool EnterAsFirstProcess() {
  if (getpid() != 1) return false;
  UniqueFd program(kFirstFd);
  prctl(PR_SET_NAME, "hcs-worker");
  return hcs::platform::GuardFirstProcess() == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc == 3 ? argv[1] : "";
  if (mode == kLimits) return hcs::emulator::worker::TellLimits(argv[2]);
  if (argc != 2 && mode != kInside && mode != kProbe) {
    std::fputs("hcs-worker is started by the emulated host: hcs-worker ID <&CONNECTION\n", stderr);
    return 2;
  }
  if (argc == 2 ? !Detach() : !EnterAsFirstProcess()) return 1;
  if (mode == kProbe) return 0;
  umask(0077);
  PrepareSignals();
  RaiseDescriptorLimit();
  // Orphans of the container's processes are the worker's to reap.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  hcs::emulator::worker::EventLoop loop;
  const hcs::emulator::worker::Worker worker(&loop, TakeFirstConnection());
  loop.Run();
  return 0;
}
