// A container as the descendants of the calling process, where no control group can
// be had.

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/platform/scopes_linux.h"

namespace hcs::platform {
namespace {

using Clock = std::chrono::steady_clock;

uint64_t To100ns(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 10'000'000 + static_cast<uint64_t>(time.tv_usec) * 10;
}

struct ProcessorUse {
  uint64_t user_100ns = 0;
  uint64_t kernel_100ns = 0;
};

// Of all that the calling process has waited for.
ProcessorUse ReapedProcessorUse() {
  rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return {To100ns(usage.ru_utime), To100ns(usage.ru_stime)};
}

// Stopped, or in a wait that no signal ends with a stop to follow it: the parent of a vfork
// waits like that for a child that has been stopped before it executes.
bool StandsStill(const ProcessEntry& entry) {
  if (entry.stat.state == 'T') return true;
  if (entry.stat.state != 'D') return false;
  const auto status = ReadPseudoFile("/proc/" + std::to_string(entry.pid) + "/status");
  constexpr std::string_view kKey = "\nShdPnd:\t";
  const size_t key = status ? status->find(kKey) : std::string::npos;
  if (key == std::string::npos) return false;
  const uint64_t pending = std::strtoull(status->c_str() + key + kKey.size(), nullptr, 16);
  return (pending >> (SIGSTOP - 1) & 1) != 0;
}

class DescendantsScope final : public ContainerScope {
 public:
  ScopeKind kind() const override { return ScopeKind::kDescendants; }
  EnforceableLimits enforceable() const override { return {}; }
  int SetLimits(const ResourceLimits& limits) override { return CheckLimits(limits); }
  std::vector<pid_t> Members() const override;
  int Freeze(std::chrono::milliseconds timeout) override;
  int Thaw() override;
  int KillAll(std::chrono::milliseconds timeout) override;
  ScopeStatistics Statistics() const override;
  int Destroy() override { return Members().empty() ? 0 : EBUSY; }
  int JoinFromChild() const override { return 0; }  // It is one by being a child.

 private:
  ProcessorUse reaped_before_ = ReapedProcessorUse();
  StorageMeter storage_;
  PeakMemory peak_;
};

std::vector<pid_t> DescendantsScope::Members() const {
  std::vector<pid_t> members;
  for (const auto& [pid, stat] : DescendantsOf(getpid())) {
    if (!stat.exited()) members.push_back(pid);
  }
  return members;
}

// A stopped process cannot start another, so the walks come to an end: when one finds
// nothing that is not stopped.
int DescendantsScope::Freeze(std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  while (true) {
    bool all_stopped = true;
    for (const ProcessEntry& entry : DescendantsOf(getpid())) {
      if (entry.stat.exited() || StandsStill(entry)) continue;
      all_stopped = false;
      kill(entry.pid, SIGSTOP);
    }
    if (all_stopped) return 0;
    if (Clock::now() > deadline) {
      Thaw();
      return ETIMEDOUT;
    }
    PauseBriefly();
  }
}

int DescendantsScope::Thaw() {
  for (const pid_t pid : Members()) kill(pid, SIGCONT);
  return 0;
}

int DescendantsScope::KillAll(std::chrono::milliseconds timeout) {
  return KillUntilEmpty(this, timeout);  // SIGKILL needs no SIGCONT, but Thaw does no harm.
}

ScopeStatistics DescendantsScope::Statistics() const {
  const ProcessorUse reaped = ReapedProcessorUse();
  ScopeStatistics statistics;
  statistics.processor_user_100ns = reaped.user_100ns - reaped_before_.user_100ns;
  statistics.processor_kernel_100ns = reaped.kernel_100ns - reaped_before_.kernel_100ns;
  std::vector<pid_t> members;
  for (const auto& [pid, stat] : DescendantsOf(getpid())) {
    members.push_back(pid);
    statistics.processor_user_100ns += TicksTo100ns(stat.user_ticks + stat.reaped_user_ticks);
    statistics.processor_kernel_100ns += TicksTo100ns(stat.kernel_ticks + stat.reaped_kernel_ticks);
  }
  statistics.processor_total_100ns =
      statistics.processor_user_100ns + statistics.processor_kernel_100ns;
  peak_.AddMembers(members, &statistics);
  storage_.AddTo(members, &statistics);
  return statistics;
}

}  // namespace

int CreateDescendantsScope(const ContainerScope::Options&, std::unique_ptr<ContainerScope>* scope) {
  *scope = std::make_unique<DescendantsScope>();
  return 0;
}

}  // namespace hcs::platform
