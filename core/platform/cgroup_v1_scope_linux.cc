// A container as a folder in each of the legacy hierarchies.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>
#include <utility>

#include "core/platform/scopes_linux.h"
#include "core/platform/unique_fd.h"

namespace hcs::platform {
namespace {

using Clock = std::chrono::steady_clock;

// cpu.shares that weight 100 stands for, and the kernel's least.
constexpr uint64_t kNormalShares = 1024;
constexpr uint64_t kNormalWeight = 100;
constexpr uint64_t kLeastShares = 2;

struct PlacedFolder {
  CgroupFolder folder;
  std::string base;
  UniqueFd tasks;  // Open for JoinFromChild.
};

class CgroupV1Scope final : public ContainerScope {
 public:
  explicit CgroupV1Scope(const Options& options)
      : surroundings_(options.surroundings), disk_(DiskFor(options)) {}

  int Make(const Options& options);

  ScopeKind kind() const override { return ScopeKind::kCgroupV1; }
  EnforceableLimits enforceable() const override;
  int SetLimits(const ResourceLimits& limits) override;
  std::vector<pid_t> Members() const override { return Folder("freezer")->Members(); }
  int Freeze(std::chrono::milliseconds timeout) override;
  int Thaw() override { return Folder("freezer")->Write("freezer.state", "THAWED"); }
  int KillAll(std::chrono::milliseconds timeout) override { return KillUntilEmpty(this, timeout); }
  ScopeStatistics Statistics() const override;
  int Destroy() override;
  int JoinFromChild() const override;

 private:
  int MakeFolder(const CgroupMount& mount, const std::string& name);
  const CgroupFolder* Folder(std::string_view controller) const;
  int WriteIfSupported(std::string_view controller, std::string_view file, std::string_view value);
  int SetMemoryLimit(const std::optional<uint64_t>& bytes);
  int SetProcessorLimits(const ResourceLimits& limits);
  int SetStorageLimits(const ResourceLimits& limits);
  void ReadMemory(const std::vector<pid_t>& members, ScopeStatistics* statistics) const;
  void ReadProcessor(ScopeStatistics* statistics) const;

  const std::shared_ptr<const ScopeSurroundings> surroundings_;  // Kept open.
  std::optional<std::string> disk_;
  std::vector<PlacedFolder> folders_;  // One per hierarchy; several controllers may share it.
  std::map<std::string, size_t, std::less<>> by_controller_;
  PeakMemory peak_;
  StorageMeter storage_;
};

int CgroupV1Scope::Make(const Options& options) {
  for (const CgroupMount& mount : MountsFor(options)) {
    const bool wanted = std::any_of(std::begin(kScopeControllers), std::end(kScopeControllers),
                                    [&mount](const char* controller) {
                                      return std::count(mount.controllers.begin(),
                                                        mount.controllers.end(), controller) > 0;
                                    });
    if (!wanted) continue;
    const int error = MakeFolder(mount, options.name);
    if (error == EEXIST) {
      Destroy();
      return EEXIST;
    }
  }
  if (Folder("freezer") != nullptr && Folder("cpuacct") != nullptr) return 0;
  Destroy();
  return ENOTSUP;
}

int CgroupV1Scope::MakeFolder(const CgroupMount& mount, const std::string& name) {
  PlacedFolder placed{
      .folder = CgroupFolder(mount.own + "/" + name), .base = mount.own, .tasks = {}};
  if (const int error = placed.folder.Make(placed.base)) return error;
  // "tasks" moves a single thread: unlike "cgroup.procs" it takes no lock that costs
  // milliseconds, and the child that joins has but one thread.
  placed.tasks.reset(open(placed.folder.File("tasks").c_str(), O_WRONLY | O_CLOEXEC));
  if (!placed.tasks) {
    const int error = errno;
    placed.folder.Remove(placed.base);
    return error;
  }
  for (const std::string& controller : mount.controllers) {
    by_controller_.emplace(controller, folders_.size());
  }
  folders_.push_back(std::move(placed));
  return 0;
}

const CgroupFolder* CgroupV1Scope::Folder(std::string_view controller) const {
  const auto found = by_controller_.find(controller);
  return found == by_controller_.end() ? nullptr : &folders_[found->second].folder;
}

EnforceableLimits CgroupV1Scope::enforceable() const {
  const auto has = [this](std::string_view controller, std::string_view file) {
    const CgroupFolder* folder = Folder(controller);
    return folder != nullptr && folder->Has(file);
  };
  return {.memory = has("memory", "memory.limit_in_bytes"),
          .processor_count = has("cpu", "cpu.cfs_quota_us"),
          .processor_maximum = has("cpu", "cpu.cfs_quota_us"),
          .processor_weight = has("cpu", "cpu.shares"),
          .storage_iops = disk_ && has("blkio", "blkio.throttle.read_iops_device"),
          .storage_bandwidth = disk_ && has("blkio", "blkio.throttle.read_bps_device")};
}

int CgroupV1Scope::SetLimits(const ResourceLimits& limits) {
  if (const int error = CheckLimits(limits)) return error;
  if (const int error = SetMemoryLimit(limits.memory_bytes)) return error;
  if (const int error = SetProcessorLimits(limits)) return error;
  return SetStorageLimits(limits);
}

int CgroupV1Scope::WriteIfSupported(std::string_view controller, std::string_view file,
                                    std::string_view value) {
  const CgroupFolder* folder = Folder(controller);
  return folder != nullptr && folder->Has(file) ? folder->Write(file, value) : 0;
}

int CgroupV1Scope::SetMemoryLimit(const std::optional<uint64_t>& bytes) {
  const std::string limit = bytes ? std::to_string(*bytes) : "-1";
  // Memory with swap can be no less than memory: out of the way first, then down to it,
  // so that swap is no way around the limit.
  if (const int error = WriteIfSupported("memory", "memory.memsw.limit_in_bytes", "-1"))
    return error;
  if (const int error = WriteIfSupported("memory", "memory.limit_in_bytes", limit)) return error;
  return WriteIfSupported("memory", "memory.memsw.limit_in_bytes", limit);
}

int CgroupV1Scope::SetProcessorLimits(const ResourceLimits& limits) {
  const auto quota = QuotaFor(limits).microseconds_per_period;
  const std::string quota_text = quota ? std::to_string(*quota) : "-1";
  const std::string period = std::to_string(ProcessorQuota::kPeriodMicroseconds);
  const uint64_t weight = limits.processor_weight.value_or(kNormalWeight);
  const uint64_t shares = std::max(weight * kNormalShares / kNormalWeight, kLeastShares);
  if (const int error = WriteIfSupported("cpu", "cpu.cfs_period_us", period)) return error;
  if (const int error = WriteIfSupported("cpu", "cpu.cfs_quota_us", quota_text)) return error;
  return WriteIfSupported("cpu", "cpu.shares", std::to_string(shares));
}

int CgroupV1Scope::SetStorageLimits(const ResourceLimits& limits) {
  if (!disk_) return 0;
  const auto rule = [this](const std::optional<uint64_t>& value) {
    return *disk_ + " " + std::to_string(value.value_or(0));  // 0 removes it.
  };
  for (const char* direction : {"read", "write"}) {
    const std::string prefix = std::string("blkio.throttle.") + direction;
    if (const int error =
            WriteIfSupported("blkio", prefix + "_iops_device", rule(limits.storage_iops))) {
      return error;
    }
    if (const int error = WriteIfSupported("blkio", prefix + "_bps_device",
                                           rule(limits.storage_bytes_per_second))) {
      return error;
    }
  }
  return 0;
}

// A process that was on its way into an uninterruptible wait (vfork's, above all) misses
// the one call to stand still that a write makes, so the write is repeated until the kernel,
// which looks again at each read, finds all of them standing.
int CgroupV1Scope::Freeze(std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  const CgroupFolder* freezer = Folder("freezer");
  while (true) {
    if (const int error = freezer->Write("freezer.state", "FROZEN")) return error;
    if (freezer->Read("freezer.state") == "FROZEN\n") return 0;
    if (Clock::now() > deadline) break;
    PauseBriefly();
  }
  Thaw();
  return ETIMEDOUT;
}

void CgroupV1Scope::ReadMemory(const std::vector<pid_t>& members,
                               ScopeStatistics* statistics) const {
  const CgroupFolder* memory = Folder("memory");
  if (memory == nullptr) return peak_.AddMembers(members, statistics);
  statistics->memory_commit_bytes = memory->ReadNumber("memory.usage_in_bytes").value_or(0);
  statistics->memory_commit_peak_bytes =
      memory->ReadNumber("memory.max_usage_in_bytes").value_or(0);
  statistics->memory_private_working_set_bytes =
      NumberAfterKey(memory->Read("memory.stat").value_or(""), "total_rss ");
}

void CgroupV1Scope::ReadProcessor(ScopeStatistics* statistics) const {
  const CgroupFolder* accounting = Folder("cpuacct");
  const auto nanoseconds = [accounting](std::string_view file) {
    return accounting->ReadNumber(file).value_or(0);
  };
  // The total is exact, its split is sampled at the clock's ticks: the sum of the parts
  // has to be the total all the same.
  const auto user = static_cast<double>(nanoseconds("cpuacct.usage_user"));
  const auto kernel = static_cast<double>(nanoseconds("cpuacct.usage_sys"));
  const uint64_t total = nanoseconds("cpuacct.usage") / 100;
  const double user_part = user + kernel > 0 ? user / (user + kernel) : 1;
  statistics->processor_total_100ns = total;
  statistics->processor_user_100ns =
      std::min(total, static_cast<uint64_t>(static_cast<double>(total) * user_part));
  statistics->processor_kernel_100ns = total - statistics->processor_user_100ns;
}

ScopeStatistics CgroupV1Scope::Statistics() const {
  ScopeStatistics statistics;
  const std::vector<pid_t> members = Members();
  ReadMemory(members, &statistics);
  ReadProcessor(&statistics);
  storage_.AddTo(members, &statistics);
  return statistics;
}

int CgroupV1Scope::Destroy() {
  int first_error = 0;
  for (const PlacedFolder& placed : folders_) {
    const int error = RemoveEmptied(placed.folder, placed.base);
    if (first_error == 0) first_error = error;
  }
  return first_error;
}

int CgroupV1Scope::JoinFromChild() const {
  for (const PlacedFolder& placed : folders_) {
    if (write(placed.tasks.get(), "0", 1) < 0) return errno;
  }
  return 0;
}

}  // namespace

int CreateCgroupV1Scope(const ContainerScope::Options& options,
                        std::unique_ptr<ContainerScope>* scope) {
  auto created = std::make_unique<CgroupV1Scope>(options);
  const int error = created->Make(options);
  if (error == 0) *scope = std::move(created);
  return error;
}

}  // namespace hcs::platform
