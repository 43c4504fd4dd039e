// The set of processes that makes up one container: its processes, all their
// descendants, and what they consume together.
//
// Three kinds of it exist; the best that the machine allows is chosen:
//   kCgroupV1     a folder in each of the legacy hierarchies (freezer, memory, cpu,
//                 cpuacct, blkio);
//   kCgroupV2     one folder of the unified hierarchy, with those of its controllers
//                 that can be enabled;
//   kDescendants  the descendants of the calling process, found in /proc. No limit
//                 can be enforced, and a process may have one such scope alone.
//
// A scope belongs to one process (a container's worker) and one thread of it.

#ifndef HCS_CORE_PLATFORM_CONTAINER_SCOPE_H_
#define HCS_CORE_PLATFORM_CONTAINER_SCOPE_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/process_statistics.h"
#include "core/platform/unique_fd.h"

namespace hcs::platform {

enum class ScopeKind { kCgroupV1, kCgroupV2, kDescendants };

std::string_view ScopeKindName(ScopeKind kind);  // "cgroup-v1", "cgroup-v2", "descendants".

// What a container may use; an unset field is unlimited.
struct ResourceLimits {
  std::optional<uint64_t> memory_bytes;
  std::optional<uint32_t> processor_count;
  std::optional<uint32_t>
      processor_maximum;                     // 1..10000: hundredths of a percent of all processors.
  std::optional<uint32_t> processor_weight;  // 1..10000; 100 is normal (assumption).
  std::optional<uint64_t> storage_iops;      // Per second, reads and writes each.
  std::optional<uint64_t> storage_bytes_per_second;  // Reads and writes each.
};

// Which of them a scope can hold a container to.
struct EnforceableLimits {
  bool memory = false;
  bool processor_count = false;
  bool processor_maximum = false;
  bool processor_weight = false;
  bool storage_iops = false;
  bool storage_bandwidth = false;
};

// What scopes are made in, held open: lets a process make its scope from within a
// container, where the control groups of the machine cannot be seen.
struct ScopeSurroundings {
  struct Hierarchy {
    bool unified = false;                  // Version 2.
    std::vector<std::string> controllers;  // Version 1.
    UniqueFd folder;                       // Scopes' folders are made below it.
  };
  std::vector<Hierarchy> hierarchies;
  std::optional<std::string> disk;  // What the storage limits govern, as "major:minor".
};

// Those of the calling process. `storage_path` as in ContainerScope::Options.
ScopeSurroundings OpenScopeSurroundings(const std::string& storage_path = "/");

class ContainerScope {
 public:
  struct Options {
    // A relative folder path that no other scope has, such as "hcsd/4be2a1": it
    // names the cgroup folders, and finds them again after a crash.
    std::string name;
    // None: the best that works.
    std::optional<ScopeKind> kind;
    // A file or folder on the disk whose I/O the storage limits govern.
    std::string storage_path = "/";
    // None: the calling process' own. They take the place of storage_path, too, and need
    // /proc to be mounted.
    std::shared_ptr<const ScopeSurroundings> surroundings;
  };

  // 0, or an errno value. The calling process becomes the one that orphans in its
  // tree are handed to (PR_SET_CHILD_SUBREAPER), and has to reap them: what an exited
  // process did to the disk is known from having waited for it.
  static int Create(const Options& options, std::unique_ptr<ContainerScope>* scope);

  // Kills what is left of the scope `name` of a process that has died, and removes
  // its folders, wherever in the hierarchies they are. 0 when nothing is left, or an
  // errno value (ETIMEDOUT when a process has not died by then).
  static int DestroyLeftovers(const std::string& name, std::chrono::milliseconds timeout);

  // Moves the calling process out of the cgroups whose folders end with `name`, into
  // those above, and removes the folders. 0, or the first errno value.
  static int LeaveAndDestroy(const std::string& name);

  virtual ~ContainerScope() = default;
  ContainerScope(const ContainerScope&) = delete;
  ContainerScope& operator=(const ContainerScope&) = delete;

  virtual ScopeKind kind() const = 0;
  virtual EnforceableLimits enforceable() const = 0;

  // Applies what is set and enforceable, lifts what is unset, leaves out the rest:
  // compare with enforceable() to tell the user. 0, or an errno value (EINVAL for a
  // value out of its range, EBUSY for less memory than is in use).
  virtual int SetLimits(const ResourceLimits& limits) = 0;

  // Processes that have not exited, in ascending order; zombies are left out.
  virtual std::vector<pid_t> Members() const = 0;

  // Stops every process: after 0 none of them runs an instruction until Thaw. A
  // process that starts while this runs is stopped, too. ETIMEDOUT after
  // `timeout`: everything runs again.
  virtual int Freeze(std::chrono::milliseconds timeout) = 0;
  virtual int Thaw() = 0;

  // SIGKILL for every process, frozen or not, until none is left; does not reap.
  // 0, or ETIMEDOUT.
  virtual int KillAll(std::chrono::milliseconds timeout) = 0;

  // What living and exited processes have used, measured by the kernel.
  virtual ScopeStatistics Statistics() const = 0;

  // One entry per member, in ascending order of pid.
  std::vector<ProcessStatistics> ProcessList() const;

  // Removes what Create made; the scope must be empty (EBUSY otherwise) and is of no
  // use afterwards. The destructor does not do it: containers outlive handles.
  virtual int Destroy() = 0;

  // For SpawnProcess alone: lets the calling process, a child that shares its
  // parent's memory, join. Async-signal-safe. 0, or an errno value.
  virtual int JoinFromChild() const = 0;

  // For SpawnProcess, too: an open folder that a child can be born into instead
  // (CLONE_INTO_CGROUP), or -1.
  virtual int BirthFolder() const { return -1; }

 protected:
  ContainerScope() = default;
};

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_CONTAINER_SCOPE_H_
