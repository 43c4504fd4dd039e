#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>

#include "tests/unit/platform_test_scope.h"

namespace hcs::platform {
namespace {

TEST_CASE("members are all processes of a container, however they came to be") {
  ForEachKind([](TestScope& scope) {
    CHECK(scope->Members().empty());
    // One is orphaned at once, one has a session of its own: both stay members.
    const pid_t shell = scope.SpawnReady(
        "(sleep 1000 & setsid sleep 1000 &) ; sleep 1000 & "
        "while [ $(pgrep -c -x sleep) -lt 3 ]; do :; done; echo ready; wait");
    const std::vector<pid_t> members = scope->Members();
    CHECK(members.size() >= 4);
    CHECK(std::is_sorted(members.begin(), members.end()));
    CHECK(std::count(members.begin(), members.end(), shell) == 1);
    CHECK(std::count(members.begin(), members.end(), getpid()) == 0);
    CHECK(scope->Destroy() == EBUSY);
  });
}

TEST_CASE("a process that has exited is no member, reaped or not") {
  ForEachKind([](TestScope& scope) {
    const pid_t pid = scope.Spawn("exit 4");
    siginfo_t info;
    REQUIRE(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) == 0);
    CHECK(scope->Members().empty());
    CHECK(Reap(pid) == 4);
  });
}

TEST_CASE("frozen processes stand still, thawed ones go on") {
  ForEachKind([](TestScope& scope) {
    TestPipe out = MakePipe();
    scope.Spawn("while :; do echo x; done", out.writer.get());
    scope.Spawn("while :; do (:); done");  // Makes processes all the time.
    out.writer.reset();
    CHECK(ReadLine(out.reader.get()) == "x\n");
    REQUIRE(scope->Freeze(kPatience) == 0);
    // What was written before comes to an end, and then nothing does: the times that
    // the members have run stand still while this process works.
    const auto ticks = [&scope] {
      uint64_t sum = 0;
      for (const ProcessStatistics& process : scope->ProcessList()) {
        sum += process.user_time_100ns + process.kernel_time_100ns;
      }
      return sum;
    };
    const uint64_t frozen_at = ticks();
    const std::vector<pid_t> members = scope->Members();
    volatile uint64_t work = 0;
    for (int i = 0; i < 50'000'000; ++i) work = work + 1;
    CHECK(ticks() == frozen_at);
    CHECK(scope->Members() == members);

    REQUIRE(scope->Thaw() == 0);
    // More than the pipe can have held before.
    char drained[65536];
    for (ssize_t total = 0, count = 0; total < 1 << 18; total += count) {
      count = read(out.reader.get(), drained, sizeof(drained));
      REQUIRE(count > 0);
    }
  });
}

TEST_CASE("freezing succeeds whatever a process is in the middle of") {
  ForEachKind([](TestScope& scope) {
    // A shell waits for vfork's child most of the time here: uninterruptibly.
    for (int i = 0; i < 3; ++i) scope.Spawn("while :; do /bin/true; done");
    for (int round = 0; round < 100; ++round) {
      REQUIRE(scope->Freeze(kPatience) == 0);
      REQUIRE(scope->Thaw() == 0);
    }
  });
}

TEST_CASE("killing leaves no process, not even of a fork bomb or of frozen ones") {
  ForEachKind([](TestScope& scope) {
    scope.SpawnReady(
        "f() { f & f & wait; }; ulimit -u 4000; i=0; "
        "g() { while :; do (exec sleep 1000) & (exec true) & done; }; "
        "echo ready; g & sleep 1000");
    for (int i = 0; i < 20; ++i) scope.Spawn("exec sleep 1000");
    REQUIRE(scope->Freeze(kPatience) == 0);
    REQUIRE(scope->KillAll(kPatience) == 0);
    CHECK(scope->Members().empty());
  });
}

}  // namespace
}  // namespace hcs::platform
