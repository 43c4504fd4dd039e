#include "core/emulator/isolation/isolation_choice.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "core/emulator/documents/system_document.h"
#include "core/emulator/isolation/limit_probe.h"
#include "core/emulator/isolation/oci_runtime.h"

namespace hcs::emulator {
namespace {

constexpr char kProbeMode[] = "--probe";
constexpr char kProbeRoot[] = "/root";
constexpr mode_t kFolderMode = 0700;

HostIsolation Process(std::string reason) { return {false, std::move(reason), {}}; }

void AddLimits(const std::string& worker_path, HostIsolation* isolation) {
  Outcome<LimitProbe> probe = ProbeLimits(worker_path);
  if (probe.ok()) {
    isolation->reason += "; limits are held by " + probe->scope;
    isolation->not_enforced = std::move(probe->not_enforced);
    return;
  }
  // What is not known is not promised.
  isolation->reason += "; which limits are held is not known: " + probe.failure().message;
  isolation->not_enforced = LimitsNotEnforced({});
}

}  // namespace

const HostIsolation& IsolationChoice::Find(SystemsFolder* folder) {
  const std::lock_guard lock(mutex_);
  if (!found_) {
    found_ = TryOut(folder);
    AddLimits(worker_path_, &*found_);
  }
  return *found_;
}

HostIsolation IsolationChoice::TryOut(SystemsFolder* folder) {
  if (setting_ == IsolationSetting::kProcess) return Process("it is set to \"process\"");
  if (geteuid() != 0) return Process("namespaces need root");
  runtime_ = FindRuntime();
  if (runtime_.empty()) return Process("namespaces need an OCI runtime, and there is no runc");
  Outcome<ReservedSystem> reserved = folder->ReserveUnlisted();
  if (!reserved.ok()) return Process(reserved.failure().message);
  ContainerLaunch launch;
  launch.runtime = runtime_;
  launch.worker_path = worker_path_;
  launch.worker_mode = kProbeMode;
  launch.id = "probe";
  launch.host_name = "probe";
  launch.files.root = reserved->path + kProbeRoot;
  mkdir(launch.files.root.c_str(), kFolderMode);
  const platform::UniqueFd log = SystemsFolder::OpenLog(*reserved);
  launch.log_fd = log.get();
  const Status status = RunContainer(launch, *reserved);
  folder->Abandon(*std::move(reserved));
  if (!status.ok()) return Process("namespaces were tried: " + status.message);
  return {true,
          runtime_ +
              " makes containers with namespaces of their own; those without a "
              "root (VolumePath, Container.Storage.Path) are processes of this "
              "machine",
          {}};
}

}  // namespace hcs::emulator
