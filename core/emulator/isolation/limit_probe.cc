#include "core/emulator/isolation/limit_probe.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <sstream>

#include "core/emulator/errno_status.h"
#include "core/emulator/state/process_end.h"
#include "core/platform/process.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr int kProbeTimeoutMs = 30'000;
// More than it ever tells, and less than a pipe holds.
constexpr size_t kMaxAnswerBytes = 4096;

Status AwaitProbe(pid_t probe) {
  const bool ended = AwaitProcessEnd(probe, kProbeTimeoutMs);
  if (!ended) kill(probe, SIGKILL);
  int wait_status = 0;
  while (waitpid(probe, &wait_status, 0) < 0 && errno == EINTR) {
  }
  if (!ended) return {abi::VMCOMPUTE_TIMEOUT, "the worker does not come to an end"};
  if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return {};
  return {abi::ERROR_GEN_FAILURE, "the worker could make no scope"};
}

}  // namespace

Outcome<LimitProbe> ProbeLimits(const std::string& worker_path) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return ErrnoStatus(errno, "making a pipe");
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  platform::SpawnRequest request;
  request.program = worker_path;
  // Of this process alone; probes of one process come one after the other.
  request.arguments = {"hcs-worker", "--limits", "hcsd/limits-" + std::to_string(getpid())};
  request.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  request.working_directory = "/";
  request.stdout_fd = theirs.get();
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  if (!spawned.ok()) return ErrnoStatus(spawned.error, "starting " + worker_path);
  if (Status status = AwaitProbe(spawned.pid); !status.ok()) return status;
  theirs.reset();
  std::array<char, kMaxAnswerBytes> answer{};
  const ssize_t size = read(ours.get(), answer.data(), answer.size());
  std::istringstream lines(std::string(answer.data(), size > 0 ? static_cast<size_t>(size) : 0));
  LimitProbe probe;
  if (!std::getline(lines, probe.scope)) {
    return Status{abi::ERROR_GEN_FAILURE, "the worker did not tell its scope"};
  }
  for (std::string name; std::getline(lines, name);) probe.not_enforced.push_back(name);
  return probe;
}

}  // namespace hcs::emulator
