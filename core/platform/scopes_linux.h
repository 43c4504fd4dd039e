// The three kinds of ContainerScope, for container_scope_linux.cc to choose from, and
// what they share.

#ifndef HCS_CORE_PLATFORM_SCOPES_LINUX_H_
#define HCS_CORE_PLATFORM_SCOPES_LINUX_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/cgroup_files_linux.h"
#include "core/platform/container_scope.h"
#include "core/platform/proc_files_linux.h"

namespace hcs::platform {

// The controllers of version 1 that a scope uses.
inline constexpr const char* kScopeControllers[] = {"freezer", "memory", "cpu", "cpuacct", "blkio"};

// Each returns 0 or an errno value: ENOTSUP where the machine lacks what the kind
// needs, EACCES or EROFS where it does not let us, EEXIST for a name in use.
int CreateCgroupV1Scope(const ContainerScope::Options& options,
                        std::unique_ptr<ContainerScope>* scope);
int CreateCgroupV2Scope(const ContainerScope::Options& options,
                        std::unique_ptr<ContainerScope>* scope);
int CreateDescendantsScope(const ContainerScope::Options& options,
                           std::unique_ptr<ContainerScope>* scope);

// Where the scope's folders belong, and the disk that its storage limits govern.
std::vector<CgroupMount> MountsFor(const ContainerScope::Options& options);
std::optional<std::string> DiskFor(const ContainerScope::Options& options);

// EINVAL for a limit out of its range, else 0.
int CheckLimits(const ResourceLimits& limits);

// A bandwidth of the processors, as the kernel's scheduler limits it.
struct ProcessorQuota {
  static constexpr uint64_t kPeriodMicroseconds = 100'000;
  std::optional<uint64_t> microseconds_per_period;  // None: unlimited.
};

// The smaller of what processor_count and processor_maximum allow.
ProcessorQuota QuotaFor(const ResourceLimits& limits);

// What the disk did for living and for exited processes. An exited process' figures are
// in those of the one that waited for it, which is a member or, in the end, the caller.
class StorageMeter {
 public:
  // What the caller has waited for so far is not counted.
  StorageMeter() : before_(ReadReapedStorageUse()) {}

  void AddTo(const std::vector<pid_t>& members, ScopeStatistics* statistics) const;

 private:
  StorageUse before_;
};

// What members hold in memory, for scopes without a memory controller. The peak is the
// highest that was seen: nobody keeps it for us.
class PeakMemory {
 public:
  void AddMembers(const std::vector<pid_t>& members, ScopeStatistics* statistics) const;
  uint64_t Update(uint64_t commit_bytes) const;

 private:
  mutable uint64_t bytes_ = 0;
};

// KillAll, for every kind: SIGKILL for all Members until there are none, which stand
// still for all rounds but the first, so that not even a fork bomb outruns it.
int KillUntilEmpty(ContainerScope* scope, std::chrono::milliseconds timeout);

// Removes `folder`, which has no members: waits for the kernel to notice that it has
// none, for a moment. 0, or an errno value.
int RemoveEmptied(const CgroupFolder& folder, const std::string& base);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_SCOPES_LINUX_H_
