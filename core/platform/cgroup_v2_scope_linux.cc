// A container as one folder of the unified hierarchy.

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>

#include "core/platform/scopes_linux.h"
#include "core/platform/unique_fd.h"

namespace hcs::platform {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr uint32_t kNormalWeight = 100;  // The kernel's scale is the documents' own.

// Lets the folders below `base`, down to `folder`, limit what can be limited. Not all
// of it may be had, which shows in the files that `folder` has then.
void EnableControllers(const std::string& base, const fs::path& folder) {
  fs::path above = base;
  for (const fs::path& part : fs::path(folder).lexically_relative(base)) {
    for (const char* controller : {"+memory", "+cpu", "+io"}) {
      CgroupFolder(above).Write("cgroup.subtree_control", controller);
    }
    above /= part;
  }
}

class CgroupV2Scope final : public ContainerScope {
 public:
  explicit CgroupV2Scope(const Options& options)
      : surroundings_(options.surroundings), disk_(DiskFor(options)) {}

  int Make(const Options& options);

  ScopeKind kind() const override { return ScopeKind::kCgroupV2; }
  EnforceableLimits enforceable() const override;
  int SetLimits(const ResourceLimits& limits) override;
  std::vector<pid_t> Members() const override { return folder_.Members(); }
  int Freeze(std::chrono::milliseconds timeout) override;
  int Thaw() override { return folder_.Write("cgroup.freeze", "0"); }
  int KillAll(std::chrono::milliseconds timeout) override { return KillUntilEmpty(this, timeout); }
  ScopeStatistics Statistics() const override;
  int Destroy() override { return RemoveEmptied(folder_, base_); }
  int JoinFromChild() const override { return write(procs_.get(), "0", 1) < 0 ? errno : 0; }
  int BirthFolder() const override { return directory_.get(); }

 private:
  int MakeIn(const std::string& base, const std::string& name);
  int WriteIfSupported(std::string_view file, std::string_view value);
  int AwaitFrozen(Clock::time_point deadline) const;
  void ReadMemory(const std::vector<pid_t>& members, ScopeStatistics* statistics) const;

  const std::shared_ptr<const ScopeSurroundings> surroundings_;  // Kept open.
  std::optional<std::string> disk_;
  std::string base_;
  CgroupFolder folder_;
  UniqueFd procs_;  // Open for JoinFromChild.
  UniqueFd directory_;
  PeakMemory peak_;
  StorageMeter storage_;
};

int CgroupV2Scope::Make(const Options& options) {
  int error = ENOTSUP;
  for (const CgroupMount& mount : MountsFor(options)) {
    if (!mount.unified) continue;
    // Only in the root may a folder have both processes and folders with controllers.
    error = MakeIn(mount.root, options.name);
    if (error != 0 && error != EEXIST) error = MakeIn(mount.own, options.name);
  }
  return error;
}

int CgroupV2Scope::MakeIn(const std::string& base, const std::string& name) {
  base_ = base;
  folder_ = CgroupFolder(base + "/" + name);
  if (const int error = folder_.Make(base)) return error;
  EnableControllers(base, folder_.path());
  procs_.reset(open(folder_.File("cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  directory_.reset(open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const int error = !procs_ || !directory_ ? errno : folder_.Has("cgroup.freeze") ? 0 : ENOTSUP;
  if (error != 0) folder_.Remove(base);
  return error;
}

EnforceableLimits CgroupV2Scope::enforceable() const {
  return {.memory = folder_.Has("memory.max"),
          .processor_count = folder_.Has("cpu.max"),
          .processor_maximum = folder_.Has("cpu.max"),
          .processor_weight = folder_.Has("cpu.weight"),
          .storage_iops = disk_ && folder_.Has("io.max"),
          .storage_bandwidth = disk_ && folder_.Has("io.max")};
}

int CgroupV2Scope::WriteIfSupported(std::string_view file, std::string_view value) {
  return folder_.Has(file) ? folder_.Write(file, value) : 0;
}

int CgroupV2Scope::SetLimits(const ResourceLimits& limits) {
  if (const int error = CheckLimits(limits)) return error;
  const auto text = [](const auto& value) { return value ? std::to_string(*value) : "max"; };
  const std::string quota = text(QuotaFor(limits).microseconds_per_period) + " " +
                            std::to_string(ProcessorQuota::kPeriodMicroseconds);
  const std::string weight = std::to_string(limits.processor_weight.value_or(kNormalWeight));
  if (const int error = WriteIfSupported("memory.max", text(limits.memory_bytes))) return error;
  // Swap is no way around the limit.
  const std::string swap = limits.memory_bytes ? "0" : "max";
  if (const int error = WriteIfSupported("memory.swap.max", swap)) return error;
  if (const int error = WriteIfSupported("cpu.max", quota)) return error;
  if (const int error = WriteIfSupported("cpu.weight", weight)) return error;
  if (!disk_) return 0;
  const std::string iops = text(limits.storage_iops);
  const std::string bandwidth = text(limits.storage_bytes_per_second);
  return WriteIfSupported("io.max", *disk_ + " riops=" + iops + " wiops=" + iops +
                                        " rbps=" + bandwidth + " wbps=" + bandwidth);
}

int CgroupV2Scope::Freeze(std::chrono::milliseconds timeout) {
  if (const int error = folder_.Write("cgroup.freeze", "1")) return error;
  const int error = AwaitFrozen(Clock::now() + timeout);
  if (error != 0) Thaw();
  return error;
}

int CgroupV2Scope::AwaitFrozen(Clock::time_point deadline) const {
  const UniqueFd events(open(folder_.File("cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  if (!events) return errno;
  while (true) {
    char text[256] = {};
    if (pread(events.get(), text, sizeof(text) - 1, 0) < 0) return errno;
    if (NumberAfterKey(text, "frozen ") == 1) return 0;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    pollfd changed = {.fd = events.get(), .events = POLLPRI, .revents = 0};
    poll(&changed, 1, static_cast<int>(left.count()));
  }
}

void CgroupV2Scope::ReadMemory(const std::vector<pid_t>& members,
                               ScopeStatistics* statistics) const {
  if (!folder_.Has("memory.current")) return peak_.AddMembers(members, statistics);
  statistics->memory_commit_bytes = folder_.ReadNumber("memory.current").value_or(0);
  statistics->memory_commit_peak_bytes =
      peak_.Update(folder_.ReadNumber("memory.peak").value_or(statistics->memory_commit_bytes));
  statistics->memory_private_working_set_bytes =
      NumberAfterKey(folder_.Read("memory.stat").value_or(""), "anon ");
}

ScopeStatistics CgroupV2Scope::Statistics() const {
  ScopeStatistics statistics;
  const std::vector<pid_t> members = Members();
  ReadMemory(members, &statistics);
  const std::string processor = folder_.Read("cpu.stat").value_or("");
  statistics.processor_user_100ns = NumberAfterKey(processor, "user_usec ") * 10;
  statistics.processor_kernel_100ns = NumberAfterKey(processor, "system_usec ") * 10;
  statistics.processor_total_100ns =
      statistics.processor_user_100ns + statistics.processor_kernel_100ns;
  storage_.AddTo(members, &statistics);
  return statistics;
}

}  // namespace

int CreateCgroupV2Scope(const ContainerScope::Options& options,
                        std::unique_ptr<ContainerScope>* scope) {
  auto created = std::make_unique<CgroupV2Scope>(options);
  const int error = created->Make(options);
  if (error == 0) *scope = std::move(created);
  return error;
}

}  // namespace hcs::platform
