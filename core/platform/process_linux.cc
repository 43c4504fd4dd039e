#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "core/platform/clone_child_linux.h"
#include "core/platform/container_scope.h"
#include "core/platform/process.h"

namespace hcs::platform {
namespace {

constexpr int kFirstOtherFd = 3;
constexpr size_t kChildStackBytes = 64 * 1024;

// What the child works with. Made by the parent, whose memory the child shares; the
// child may therefore allocate nothing, and it writes its failure here.
struct ChildPlan {
  const SpawnRequest* request;
  char* const* arguments;
  char* const* environment;
  // request->passed_fds, moved by the child to where nothing overwrites them.
  std::array<int, kMaxPassedFds> passed = {};
  sigset_t signals_before;
  pid_t parent;
  bool born_in_scope = false;
  SpawnStep failed_step = SpawnStep::kNone;
  int error = 0;
};

std::vector<char*> PointersTo(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Everything from here to ChildMain runs in the child, on a stack of its own, in its
// parent's memory: system calls alone, and those without the C library's functions where
// these, or what a sanitizer puts in their place, note the change in that memory. Each step
// returns 0 or an errno value.

int OpenNull() {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC));
}

int DuplicateAs(int source, int target) {
  return static_cast<int>(syscall(SYS_dup3, source, target, 0));
}

int JoinScope(const ChildPlan& plan) {
  const ContainerScope* scope = plan.request->scope;
  return scope == nullptr || plan.born_in_scope ? 0 : scope->JoinFromChild();
}

// Replaces the standard streams. The three sources are first moved out of 0 to 2, so
// that no duplication closes one that is still needed.
int SetStreams(const SpawnRequest& request) {
  std::array<int, 3> sources = {request.stdin_fd, request.stdout_fd, request.stderr_fd};
  for (int& source : sources) {
    source = source < 0 ? OpenNull() : source;
    if (source >= 0 && source < kFirstOtherFd) source = fcntl(source, F_DUPFD, kFirstOtherFd);
    if (source < 0) return errno;
  }
  for (int target = 0; target < kFirstOtherFd; ++target) {
    if (DuplicateAs(sources[target], target) < 0) return errno;
  }
  return 0;
}

int FirstFreeFd(const SpawnRequest& request) {
  return kFirstOtherFd + static_cast<int>(request.passed_fds.size());
}

// Out of the way of every number that is about to be given away.
int SetPassedFdsAside(ChildPlan& plan) {
  const SpawnRequest& request = *plan.request;
  for (size_t i = 0; i < request.passed_fds.size(); ++i) {
    plan.passed[i] = fcntl(request.passed_fds[i], F_DUPFD_CLOEXEC, FirstFreeFd(request));
    if (plan.passed[i] < 0) return errno;
  }
  return 0;
}

int SetPassedFds(const ChildPlan& plan) {
  for (size_t i = 0; i < plan.request->passed_fds.size(); ++i) {
    if (DuplicateAs(plan.passed[i], kFirstOtherFd + static_cast<int>(i)) < 0) return errno;
  }
  return 0;
}

int CloseOtherFds(const SpawnRequest& request) {
  // At execution, not now: until then the child may need what the parent holds.
  const auto first = static_cast<unsigned>(FirstFreeFd(request));
  return syscall(SYS_close_range, first, ~0u, CLOSE_RANGE_CLOEXEC) == 0 ? 0 : errno;
}

int SetSessionAndStreams(ChildPlan& plan) {
  if (setsid() < 0) return errno;
  if (const int error = SetPassedFdsAside(plan)) return error;
  if (const int error = SetStreams(*plan.request)) return error;
  if (const int error = SetPassedFds(plan)) return error;
  if (plan.request->controlling_terminal && syscall(SYS_ioctl, STDIN_FILENO, TIOCSCTTY, 0) != 0) {
    return errno;
  }
  umask(022);
  return CloseOtherFds(*plan.request);
}

int SetCredentials(const ChildPlan& plan) {
  if (!plan.request->credentials) return 0;
  const Credentials& credentials = *plan.request->credentials;
  const gid_t gid = credentials.gid;
  const uid_t uid = credentials.uid;
  if (syscall(SYS_setgroups, credentials.groups.size(), credentials.groups.data()) != 0 ||
      syscall(SYS_setresgid, gid, gid, gid) != 0 || syscall(SYS_setresuid, uid, uid, uid) != 0) {
    return errno;
  }
  return 0;
}

int EnterWorkingDirectory(const ChildPlan& plan) {
  const std::string& directory = plan.request->working_directory;
  return directory.empty() || chdir(directory.c_str()) == 0 ? 0 : errno;
}

// After the credentials, which would clear it. Whether the parent died before this is
// seen from having another one.
void TieToParent(const ChildPlan& plan) {
  if (!plan.request->kill_with_parent) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent) _exit(127);
}

void ResetSignals() {
  constexpr size_t kMaskBytes = _NSIG / 8;
  // The kernel's struct sigaction, all zero: SIG_DFL.
  const uint64_t standard[4] = {};
  for (int signal = 1; signal < _NSIG; ++signal) {
    // The kernel refuses SIGKILL and SIGSTOP: they are default anyway.
    syscall(SYS_rt_sigaction, signal, standard, nullptr, kMaskBytes);
  }
  const uint64_t none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, kMaskBytes);
}

int Execute(const ChildPlan& plan) {
  ResetSignals();
  execve(plan.request->program.c_str(), plan.arguments, plan.environment);
  return errno;
}

int ChildMain(void* argument) {
  ChildPlan& plan = *static_cast<ChildPlan*>(argument);
  const auto attempt = [&plan](SpawnStep step, auto action) {
    if (plan.error != 0) return;
    plan.error = action(plan);
    if (plan.error != 0) plan.failed_step = step;
  };
  attempt(SpawnStep::kScope, JoinScope);
  attempt(SpawnStep::kStreams, SetSessionAndStreams);
  attempt(SpawnStep::kCredentials, SetCredentials);
  attempt(SpawnStep::kWorkingDirectory, EnterWorkingDirectory);
  if (plan.error == 0) TieToParent(plan);
  attempt(SpawnStep::kProgram, Execute);
  _exit(127);
}

// A stack for the child, with a guard page below it: made once per thread and kept,
// since mapping it would cost as much as the rest of a spawn's own work.
class ChildStack {
 public:
  ChildStack() {
    void* memory = mmap(nullptr, kChildStackBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED) return;
    memory_ = static_cast<char*>(memory);
    mprotect(memory_, static_cast<size_t>(sysconf(_SC_PAGESIZE)), PROT_NONE);
  }
  ChildStack(const ChildStack&) = delete;
  ChildStack& operator=(const ChildStack&) = delete;
  ~ChildStack() {
    if (memory_ != nullptr) munmap(memory_, kChildStackBytes);
  }

  // A null bottom when there was no memory for it.
  StackMemory memory() const { return {.bottom = memory_, .size = kChildStackBytes}; }

 private:
  char* memory_ = nullptr;
};

// A child that is born in its scope is cheaper than one that moves there; not every
// kind of scope and not every machine allows it.
pid_t CloneInScope(ChildPlan* plan, StackMemory stack) {
  const ContainerScope* scope = plan->request->scope;
  const int folder = scope == nullptr ? -1 : scope->BirthFolder();
  if (folder >= 0) {
    plan->born_in_scope = true;
    const pid_t pid = CloneChildInto(folder, ChildMain, plan, stack);
    if (pid >= 0 || (errno != ENOSYS && errno != EPERM && errno != EINVAL)) return pid;
    plan->born_in_scope = false;
  }
  return CloneChild(ChildMain, plan, stack);
}

// Signals wait while parent and child share their memory: a handler of the parent
// would otherwise run in the child, on the parent's data.
pid_t StartChild(ChildPlan* plan) {
  thread_local const ChildStack stack;
  if (stack.memory().bottom == nullptr) {
    errno = ENOMEM;
    return -1;
  }
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &plan->signals_before);
  const pid_t pid = CloneInScope(plan, stack.memory());
  const int clone_errno = errno;
  pthread_sigmask(SIG_SETMASK, &plan->signals_before, nullptr);
  errno = clone_errno;
  return pid;
}

}  // namespace

SpawnResult SpawnProcess(const SpawnRequest& request) {
  if (request.passed_fds.size() > kMaxPassedFds) {
    return {.error = EINVAL, .failed_step = SpawnStep::kStreams};
  }
  const std::vector<char*> arguments = PointersTo(request.arguments);
  const std::vector<char*> environment = PointersTo(request.environment);
  ChildPlan plan{.request = &request,
                 .arguments = arguments.data(),
                 .environment = environment.data(),
                 .signals_before = {},
                 .parent = getpid()};
  const pid_t pid = StartChild(&plan);
  if (pid < 0) return {.error = errno, .failed_step = SpawnStep::kFork};
  if (plan.error == 0) return {.pid = pid};
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {.error = plan.error, .failed_step = plan.failed_step};
}

}  // namespace hcs::platform
