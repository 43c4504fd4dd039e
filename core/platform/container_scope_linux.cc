#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "core/platform/container_scope.h"
#include "core/platform/scopes_linux.h"

namespace hcs::platform {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

bool IsRelativeName(const std::string& name) {
  const fs::path path(name);
  return !name.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) {
           return part.empty() || part == "." || part == "..";
         });
}

// Adds the folders named `name` below `above`, wherever they are. Others may come and go
// meanwhile: one that cannot be read any more is passed over, and the walk goes on.
void FindFolders(const fs::path& above, const std::string& name, std::vector<CgroupFolder>* found) {
  std::error_code error;
  for (fs::directory_iterator entry(above, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_directory(gone)) continue;
    FindFolders(entry->path(), name, found);
    if (entry->path().native().ends_with("/" + name)) found->emplace_back(entry->path().native());
  }
}

// Nobody else is left to do it, and a frozen process does not die.
void ThawFolder(const CgroupFolder& folder) {
  if (folder.Has("freezer.state")) folder.Write("freezer.state", "THAWED");
  if (folder.Has("cgroup.freeze")) folder.Write("cgroup.freeze", "0");
}

int DestroyFolder(const CgroupFolder& folder, const std::string& base, Clock::time_point deadline) {
  for (auto members = folder.Members(); !members.empty(); members = folder.Members()) {
    if (!KillAndAwait(members, deadline) || Clock::now() > deadline) return ETIMEDOUT;
  }
  return RemoveEmptied(folder, base);
}

// The folder that stays: the one that the caller's own processes are in, or the root.
std::string BaseOf(const CgroupFolder& folder, const std::string& name) {
  return folder.path().substr(0, folder.path().size() - name.size() - 1);
}

}  // namespace

std::string_view ScopeKindName(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::kCgroupV1: return "cgroup-v1";
    case ScopeKind::kCgroupV2: return "cgroup-v2";
    case ScopeKind::kDescendants: return "descendants";
  }
  return "unknown";
}

int ContainerScope::Create(const Options& options, std::unique_ptr<ContainerScope>* scope) {
  if (!IsRelativeName(options.name)) return EINVAL;
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return errno;
  if (options.kind == ScopeKind::kCgroupV1) return CreateCgroupV1Scope(options, scope);
  if (options.kind == ScopeKind::kCgroupV2) return CreateCgroupV2Scope(options, scope);
  if (options.kind == ScopeKind::kDescendants) return CreateDescendantsScope(options, scope);
  for (const auto create : {CreateCgroupV1Scope, CreateCgroupV2Scope}) {
    const int error = create(options, scope);
    if (error == 0 || error == EEXIST) return error;
  }
  return CreateDescendantsScope(options, scope);
}

int ContainerScope::DestroyLeftovers(const std::string& name, std::chrono::milliseconds timeout) {
  if (!IsRelativeName(name)) return EINVAL;
  const Clock::time_point deadline = Clock::now() + timeout;
  std::vector<CgroupFolder> folders;
  for (const CgroupMount& mount : ReadCgroupMounts()) FindFolders(mount.root, name, &folders);
  for (const CgroupFolder& folder : folders) ThawFolder(folder);
  int first_error = 0;
  for (const CgroupFolder& folder : folders) {
    const int error = DestroyFolder(folder, BaseOf(folder, name), deadline);
    if (first_error == 0) first_error = error;
  }
  return first_error;
}

int ContainerScope::LeaveAndDestroy(const std::string& name) {
  if (!IsRelativeName(name)) return EINVAL;
  int first_error = 0;
  for (const CgroupMount& mount : ReadCgroupMounts()) {
    if (!mount.own.ends_with("/" + name)) continue;
    const CgroupFolder folder(mount.own);
    const CgroupFolder above(BaseOf(folder, name));
    // By its only thread, where that can be had: see CgroupV1Scope::MakeFolder.
    int error = above.Write(above.Has("tasks") ? "tasks" : "cgroup.procs", "0");
    if (error == 0) error = RemoveEmptied(folder, above.path());
    if (first_error == 0) first_error = error;
  }
  return first_error;
}

std::vector<ProcessStatistics> ContainerScope::ProcessList() const {
  std::vector<ProcessStatistics> processes;
  for (const pid_t pid : Members()) {
    ProcessStatistics process;
    if (ReadProcessStatistics(pid, &process)) processes.push_back(std::move(process));
  }
  return processes;
}

}  // namespace hcs::platform
