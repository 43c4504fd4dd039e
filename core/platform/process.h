// Starting a program as a process of a container, and reading its end.

#ifndef HCS_CORE_PLATFORM_PROCESS_H_
#define HCS_CORE_PLATFORM_PROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hcs::platform {

class ContainerScope;

// Whom a process runs as.
struct Credentials {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // Supplementary ones; replaces the caller's.
};

inline constexpr size_t kMaxPassedFds = 4;

struct SpawnRequest {
  std::string program;                   // A path; PATH is not searched.
  std::vector<std::string> arguments;    // argv, [0] included.
  std::vector<std::string> environment;  // "NAME=value", whole: nothing is inherited.
  std::string working_directory;         // Empty: the caller's.

  // Borrowed; -1 is /dev/null. They may be equal to each other, and may have
  // any number, 0 to 2 included.
  int stdin_fd = -1;
  int stdout_fd = -1;
  int stderr_fd = -1;

  // Borrowed; the program has them as 3, 4, ... At most kMaxPassedFds.
  std::vector<int> passed_fds;

  // The terminal on stdin_fd becomes the controlling one of the new session.
  bool controlling_terminal = false;

  // The set that the process belongs to from its first instruction on. Borrowed;
  // nullptr is none.
  const ContainerScope* scope = nullptr;

  std::optional<Credentials> credentials;  // None: the caller's.

  // SIGKILL when the thread that spawned it ends (PR_SET_PDEATHSIG), so that no
  // process outlives a worker that crashed. Its own children are not covered:
  // that is what ContainerScope::DestroyLeftovers is for.
  bool kill_with_parent = true;
};

// Where a spawn failed.
enum class SpawnStep {
  kNone,              // It did not.
  kFork,              // No process could be made (EAGAIN, ENOMEM).
  kScope,             // Joining the scope.
  kStreams,           // Standard streams, session or controlling terminal.
  kCredentials,       // EPERM.
  kWorkingDirectory,  // ENOENT, ENOTDIR, EACCES.
  kProgram,           // ENOENT, EACCES, ENOEXEC, E2BIG, ELOOP, ...
};

struct SpawnResult {
  pid_t pid = -1;  // Of the running program; -1 on failure.
  int error = 0;   // An errno value; 0 on success.
  SpawnStep failed_step = SpawnStep::kNone;

  bool ok() const { return error == 0; }
};

// Starts `request.program` in a session and process group of its own (its group
// id is its pid), with no descriptor but the three streams and passed_fds, no signal blocked,
// every signal's disposition the default one, umask 022. Returns once the program
// is running or is known not to: a program that cannot be executed or a folder
// that cannot be entered is an error here, and leaves no process behind.
//
// The caller reaps it (waitpid). Costs about a posix_spawn: the address space is
// shared with the child, not copied, until it executes. Any thread may call it,
// but see kill_with_parent. EINVAL in the step kStreams for too many descriptors.
SpawnResult SpawnProcess(const SpawnRequest& request);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_PROCESS_H_
