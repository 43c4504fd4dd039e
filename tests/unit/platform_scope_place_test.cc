#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "tests/unit/platform_test_scope.h"

namespace hcs::platform {
namespace {

size_t FoldersNamed(const std::string& name,
                    const std::filesystem::path& above = "/sys/fs/cgroup") {
  size_t count = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(above, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_directory(gone)) continue;
    count += FoldersNamed(name, entry->path());
    if (entry->path().native().ends_with("/" + name)) ++count;
  }
  return count;
}

TEST_CASE("a scope's name is its own, and relative") {
  ForEachKind([](TestScope& scope) {
    std::unique_ptr<ContainerScope> other;
    if (scope->kind() != ScopeKind::kDescendants) {
      CHECK(ContainerScope::Create({.name = scope.name(), .kind = scope->kind()}, &other) ==
            EEXIST);
    }
    for (const char* name : {"", "/x", "../x", "a/../b", "a//b", "a/"}) {
      INFO(name);
      CHECK(ContainerScope::Create({.name = name, .kind = scope->kind()}, &other) ==
            (std::string(name) == "a//b" ? 0 : EINVAL));
      if (other != nullptr) other->Destroy();
      other.reset();
    }
  });
}

TEST_CASE("what a dead owner left is found by name, killed and removed") {
  ForEachKind([](TestScope& scope) {
    if (scope->kind() == ScopeKind::kDescendants) return;  // Those died with their parent.
    const std::string name = UniqueName();
    TestPipe alive = MakePipe();
    const pid_t owner = fork();
    if (owner == 0) {
      std::unique_ptr<ContainerScope> own;
      if (ContainerScope::Create({.name = name, .kind = scope->kind()}, &own) != 0) _exit(1);
      SpawnRequest request = Shell("sleep 1000 & sleep 1000");
      request.scope = own.get();
      request.stdout_fd = alive.writer.get();
      request.kill_with_parent = false;
      if (!SpawnProcess(request).ok()) _exit(2);
      _exit(own->Freeze(kPatience) == 0 ? 0 : 3);
    }
    alive.writer.reset();
    REQUIRE(Reap(owner) == 0);
    CHECK(FoldersNamed(name) > 0);
    CHECK(ContainerScope::DestroyLeftovers(name, kPatience) == 0);
    CHECK(ReadAll(alive.reader.get()).empty());  // All who held it are gone.
    CHECK(FoldersNamed(name) == 0);
    CHECK(ContainerScope::DestroyLeftovers(name, kPatience) == 0);
  });
}

TEST_CASE("a scope can be made in surroundings that are held open") {
  const auto surroundings = std::make_shared<ScopeSurroundings>(OpenScopeSurroundings());
  for (const ScopeKind kind : AvailableKinds()) {
    if (kind == ScopeKind::kDescendants) continue;
    DYNAMIC_SECTION(ScopeKindName(kind)) {
      const std::string name = UniqueName();
      std::unique_ptr<ContainerScope> scope;
      REQUIRE(ContainerScope::Create({.name = name, .kind = kind, .surroundings = surroundings},
                                     &scope) == 0);
      SpawnRequest request = Shell("sleep 1000");
      request.scope = scope.get();
      const SpawnResult spawned = SpawnProcess(request);
      REQUIRE(spawned.ok());
      // The shell first; it may have started its child by now.
      const std::vector<pid_t> members = scope->Members();
      REQUIRE_FALSE(members.empty());
      CHECK(members.front() == spawned.pid);
      // It is the same one that everybody sees.
      std::unique_ptr<ContainerScope> other;
      CHECK(ContainerScope::Create({.name = name, .kind = kind}, &other) == EEXIST);
      CHECK(scope->Freeze(kPatience) == 0);
      CHECK(scope->KillAll(kPatience) == 0);
      CHECK(Reap(spawned.pid) == -SIGKILL);
      CHECK(scope->Destroy() == 0);
      CHECK(ContainerScope::Create({.name = name, .kind = kind}, &other) == 0);
      CHECK(other->Destroy() == 0);
    }
  }
}

TEST_CASE("a process can leave its cgroups and remove them") {
  for (const ScopeKind kind : AvailableKinds()) {
    if (kind == ScopeKind::kDescendants) continue;
    DYNAMIC_SECTION(ScopeKindName(kind)) {
      TestScope scope(kind);
      const pid_t child = fork();
      if (child == 0) {
        const int joined = scope->JoinFromChild();
        _exit(joined != 0 ? joined : ContainerScope::LeaveAndDestroy(scope.name()));
      }
      CHECK(Reap(child) == 0);
      std::unique_ptr<ContainerScope> again;
      CHECK(ContainerScope::Create({.name = scope.name(), .kind = kind}, &again) == 0);
    }
  }
}

TEST_CASE("nothing is left of a destroyed scope") {
  for (const ScopeKind kind : AvailableKinds()) {
    std::string name;
    {
      TestScope scope(kind);
      name = scope.name();
      scope.Spawn("sleep 1000");
    }
    CHECK(FoldersNamed(name) == 0);
  }
}

// In a mount namespace of its own, where every hierarchy is bound to a second place, as
// it is into a chroot. 0, or what went wrong.
int CreateWhereHierarchiesAreMountedTwice(const std::string& place) {
  if (unshare(CLONE_NEWNS) != 0) return -1;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return -1;
  if (mount("/sys/fs/cgroup", place.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) return -1;
  std::unique_ptr<ContainerScope> scope;
  if (const int error = ContainerScope::Create({.name = UniqueName()}, &scope)) return error;
  return scope->Destroy();
}

TEST_CASE("a scope is made where a hierarchy is mounted twice") {
  std::string place = (std::filesystem::temp_directory_path() / "hcsd-mounts-XXXXXX").string();
  REQUIRE(mkdtemp(place.data()) != nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(CreateWhereHierarchiesAreMountedTwice(place) & 0xFF);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  rmdir(place.c_str());
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 0xFF) {
    WARN("not tested: this machine lets nobody mount");
    return;
  }
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace hcs::platform
