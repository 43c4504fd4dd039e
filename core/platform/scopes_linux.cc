#include "core/platform/scopes_linux.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <utility>

namespace hcs::platform {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t kFullScale = 10'000;
constexpr uint64_t kLeastQuotaMicroseconds = 1000;  // The kernel's own.
constexpr uint64_t kNormalizedOperationBytes = 8192;
constexpr int kRemovalAttempts = 500;

// A path of the folder, wherever it is: descriptors are files of /proc.
std::string PathOf(const UniqueFd& folder) {
  return "/proc/self/fd/" + std::to_string(folder.get());
}

bool HasScopeController(const CgroupMount& mount) {
  return std::any_of(
      std::begin(kScopeControllers), std::end(kScopeControllers), [&mount](const char* controller) {
        return std::count(mount.controllers.begin(), mount.controllers.end(), controller) > 0;
      });
}

}  // namespace

ScopeSurroundings OpenScopeSurroundings(const std::string& storage_path) {
  ScopeSurroundings surroundings{.hierarchies = {}, .disk = DiskOf(storage_path)};
  for (CgroupMount& mount : ReadCgroupMounts()) {
    if (!mount.unified && !HasScopeController(mount)) continue;
    // Version 2 only in the root lets a folder have both processes and folders with controllers.
    const bool in_root = mount.unified && access(mount.root.c_str(), W_OK) == 0;
    const std::string& path = in_root ? mount.root : mount.own;
    UniqueFd folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) continue;
    surroundings.hierarchies.push_back(
        {mount.unified, std::move(mount.controllers), std::move(folder)});
  }
  return surroundings;
}

std::vector<CgroupMount> MountsFor(const ContainerScope::Options& options) {
  if (!options.surroundings) return ReadCgroupMounts();
  std::vector<CgroupMount> mounts;
  for (const auto& hierarchy : options.surroundings->hierarchies) {
    const std::string path = PathOf(hierarchy.folder);
    mounts.push_back({.unified = hierarchy.unified,
                      .controllers = hierarchy.controllers,
                      .root = path,
                      .own = path});
  }
  return mounts;
}

std::optional<std::string> DiskFor(const ContainerScope::Options& options) {
  return options.surroundings ? options.surroundings->disk : DiskOf(options.storage_path);
}

int CheckLimits(const ResourceLimits& limits) {
  const auto in_scale = [](const std::optional<uint32_t>& value) {
    return !value || (*value >= 1 && *value <= kFullScale);
  };
  const auto positive = [](const auto& value) { return !value || *value > 0; };
  const bool valid = in_scale(limits.processor_maximum) && in_scale(limits.processor_weight) &&
                     positive(limits.memory_bytes) && positive(limits.processor_count) &&
                     positive(limits.storage_iops) && positive(limits.storage_bytes_per_second);
  return valid ? 0 : EINVAL;
}

ProcessorQuota QuotaFor(const ResourceLimits& limits) {
  constexpr uint64_t kPeriod = ProcessorQuota::kPeriodMicroseconds;
  ProcessorQuota quota;
  const auto at_most = [&quota](uint64_t microseconds) {
    const uint64_t present = quota.microseconds_per_period.value_or(microseconds);
    quota.microseconds_per_period =
        std::max(std::min(present, microseconds), kLeastQuotaMicroseconds);
  };
  const auto processors = static_cast<uint64_t>(sysconf(_SC_NPROCESSORS_ONLN));
  if (limits.processor_count && *limits.processor_count < processors) {
    at_most(*limits.processor_count * kPeriod);
  }
  if (limits.processor_maximum && *limits.processor_maximum < kFullScale) {
    at_most(*limits.processor_maximum * processors * kPeriod / kFullScale);
  }
  return quota;
}

void StorageMeter::AddTo(const std::vector<pid_t>& members, ScopeStatistics* statistics) const {
  const StorageUse reaped = ReadReapedStorageUse();
  uint64_t read = reaped.read_bytes - std::min(reaped.read_bytes, before_.read_bytes);
  uint64_t written = reaped.write_bytes - std::min(reaped.write_bytes, before_.write_bytes);
  for (const pid_t pid : members) {
    const StorageUse use = ReadStorageUse(pid);
    read += use.read_bytes;
    written += use.write_bytes;
  }
  const auto operations = [](uint64_t bytes) {
    return (bytes + kNormalizedOperationBytes - 1) / kNormalizedOperationBytes;
  };
  statistics->read_bytes = read;
  statistics->read_count_normalized = operations(read);
  statistics->write_bytes = written;
  statistics->write_count_normalized = operations(written);
}

void PeakMemory::AddMembers(const std::vector<pid_t>& members, ScopeStatistics* statistics) const {
  for (const pid_t pid : members) {
    ProcessStatistics process;
    if (!ReadProcessStatistics(pid, &process)) continue;
    statistics->memory_commit_bytes += process.memory_commit_bytes;
    statistics->memory_private_working_set_bytes += process.memory_working_set_private_bytes;
  }
  statistics->memory_commit_peak_bytes = Update(statistics->memory_commit_bytes);
}

uint64_t PeakMemory::Update(uint64_t commit_bytes) const {
  bytes_ = std::max(bytes_, commit_bytes);
  return bytes_;
}

int KillUntilEmpty(ContainerScope* scope, std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  // The first round does for nearly all; only what forks faster than it is killed
  // has to stand still for the next.
  bool freeze = false;
  for (auto members = scope->Members(); !members.empty(); members = scope->Members()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    if (freeze && scope->Freeze(left) == 0) members = scope->Members();
    for (const pid_t pid : members) kill(pid, SIGKILL);
    scope->Thaw();
    if (!KillAndAwait(members, deadline)) return ETIMEDOUT;
    freeze = true;
  }
  return 0;
}

int RemoveEmptied(const CgroupFolder& folder, const std::string& base) {
  int error = folder.Remove(base);
  for (int attempt = 0; error == EBUSY && attempt < kRemovalAttempts; ++attempt) {
    if (!folder.Members().empty()) return EBUSY;
    PauseBriefly();
    error = folder.Remove(base);
  }
  return error;
}

}  // namespace hcs::platform
