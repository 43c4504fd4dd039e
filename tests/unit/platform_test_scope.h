// What tests of container scopes share.

#ifndef HCS_TESTS_UNIT_PLATFORM_TEST_SCOPE_H_
#define HCS_TESTS_UNIT_PLATFORM_TEST_SCOPE_H_

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/container_scope.h"
#include "tests/unit/platform_test_process.h"

namespace hcs::platform {

inline constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(30);

inline std::string UniqueName() {
  static int count = 0;
  return "hcsd-test-" + std::to_string(getpid()) + "/scope-" + std::to_string(++count);
}

// Every kind that this machine has; each test runs for each of them.
inline std::vector<ScopeKind> AvailableKinds() {
  std::vector<ScopeKind> kinds;
  for (const ScopeKind kind :
       {ScopeKind::kCgroupV1, ScopeKind::kCgroupV2, ScopeKind::kDescendants}) {
    std::unique_ptr<ContainerScope> scope;
    if (ContainerScope::Create({.name = UniqueName(), .kind = kind}, &scope) != 0) continue;
    REQUIRE(scope->Destroy() == 0);
    kinds.push_back(kind);
  }
  return kinds;
}

// A scope of its own, emptied and removed at the end.
class TestScope {
 public:
  explicit TestScope(ScopeKind kind) {
    REQUIRE(ContainerScope::Create({.name = name_, .kind = kind}, &scope_) == 0);
  }
  ~TestScope() {
    scope_->KillAll(kPatience);
    while (waitpid(-1, nullptr, 0) > 0) {
    }
    scope_->Destroy();
  }
  ContainerScope* operator->() const { return scope_.get(); }
  const std::string& name() const { return name_; }

  pid_t Spawn(const std::string& script, int stdout_fd = -1) {
    SpawnRequest request = Shell(script);
    request.scope = scope_.get();
    request.stdout_fd = stdout_fd;
    const SpawnResult spawned = SpawnProcess(request);
    REQUIRE(spawned.ok());
    return spawned.pid;
  }

  // Starts `script` and returns when it has printed its first line.
  pid_t SpawnReady(const std::string& script) {
    TestPipe out = MakePipe();
    const pid_t pid = Spawn(script, out.writer.get());
    out.writer.reset();
    REQUIRE(ReadLine(out.reader.get()) == "ready\n");
    return pid;
  }

 private:
  const std::string name_ = UniqueName();
  std::unique_ptr<ContainerScope> scope_;
};

template <typename Test>
void ForEachKind(Test test) {
  for (const ScopeKind kind : AvailableKinds()) {
    DYNAMIC_SECTION(ScopeKindName(kind)) {
      TestScope scope(kind);
      CHECK(scope->kind() == kind);
      test(scope);
    }
  }
}

}  // namespace hcs::platform

#endif  // HCS_TESTS_UNIT_PLATFORM_TEST_SCOPE_H_
