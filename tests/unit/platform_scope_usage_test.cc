#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/unit/platform_test_scope.h"

namespace hcs::platform {
namespace {

using std::chrono::seconds;

TEST_CASE("statistics include what exited processes used") {
  ForEachKind([](TestScope& scope) {
    const ScopeStatistics idle = scope->Statistics();
    const pid_t pid = scope.Spawn("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
    rusage usage = {};
    int status = 0;
    REQUIRE(wait4(pid, &status, 0, &usage) == pid);
    const ScopeStatistics busy = scope->Statistics();
    const auto used =
        static_cast<double>((usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 10'000'000 +
                            (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 10);
    CHECK(static_cast<double>(busy.processor_total_100ns - idle.processor_total_100ns) ==
          Approx(used).epsilon(0.1));
    CHECK(busy.processor_user_100ns + busy.processor_kernel_100ns == busy.processor_total_100ns);
    CHECK(busy.processor_user_100ns > idle.processor_user_100ns);
    CHECK(scope->Statistics().processor_total_100ns == busy.processor_total_100ns);
  });
}

TEST_CASE("memory is counted while it is in use") {
  ForEachKind([](TestScope& scope) {
    // A shell variable of 40 MB is private memory of that shell.
    scope.SpawnReady("x=$(head -c 40000000 /dev/zero | tr '\\0' a); echo ready; sleep 1000");
    const ScopeStatistics statistics = scope->Statistics();
    CHECK(statistics.memory_private_working_set_bytes >= 40'000'000);
    CHECK(statistics.memory_private_working_set_bytes < 400'000'000);
    CHECK(statistics.memory_commit_bytes >= 40'000'000);
    CHECK(statistics.memory_commit_peak_bytes >= statistics.memory_commit_bytes);
    scope->KillAll(kPatience);
    CHECK(scope->Statistics().memory_private_working_set_bytes < 10'000'000);
    CHECK(scope->Statistics().memory_commit_peak_bytes >= 40'000'000);
  });
}

TEST_CASE("storage counts what reached the disk, in bytes and 8 KiB operations") {
  char file[] = "/var/tmp/hcs-storage-XXXXXX";
  close(mkstemp(file));
  ForEachKind([&file](TestScope& scope) {
    const ScopeStatistics before = scope->Statistics();
    const pid_t pid =
        scope.Spawn("exec dd if=/dev/zero bs=1M count=3 conv=fsync of=" + std::string(file));
    CHECK(Reap(pid) == 0);
    const ScopeStatistics after = scope->Statistics();
    const uint64_t written = after.write_bytes - before.write_bytes;
    CHECK(written >= 3 * 1024 * 1024);
    CHECK(written < 4 * 1024 * 1024);
    CHECK(after.write_count_normalized == (after.write_bytes + 8191) / 8192);
  });
  unlink(file);
}

TEST_CASE("the process list tells each one's name, age, time and memory") {
  ForEachKind([](TestScope& scope) {
    const auto start = std::chrono::system_clock::now();
    const pid_t pid = scope.SpawnReady("echo ready; i=0; while :; do i=$((i+1)); done");
    std::vector<ProcessStatistics> list = scope->ProcessList();
    while (list.size() == 1 && list[0].user_time_100ns == 0) list = scope->ProcessList();
    REQUIRE(list.size() == 1);
    CHECK(list[0].process_id == pid);
    CHECK(list[0].image_name == std::filesystem::canonical("/bin/sh").filename());
    CHECK(list[0].user_time_100ns > 0);
    CHECK(list[0].memory_working_set_private_bytes > 0);
    CHECK(list[0].memory_working_set_shared_bytes > 0);
    CHECK(list[0].memory_commit_bytes >= list[0].memory_working_set_private_bytes);
    CHECK(list[0].create_time > start - seconds(2));
    CHECK(list[0].create_time < std::chrono::system_clock::now() + seconds(2));
  });
}

TEST_CASE("limits out of their range are refused, those in it are taken") {
  ForEachKind([](TestScope& scope) {
    CHECK(scope->SetLimits({.processor_maximum = 10'001}) == EINVAL);
    CHECK(scope->SetLimits({.processor_maximum = 0}) == EINVAL);
    CHECK(scope->SetLimits({.processor_weight = 0}) == EINVAL);
    CHECK(scope->SetLimits({.memory_bytes = 0}) == EINVAL);
    CHECK(scope->SetLimits({.memory_bytes = 64 << 20,
                            .processor_count = 1,
                            .processor_maximum = 5000,
                            .processor_weight = 10'000,
                            .storage_iops = 1000,
                            .storage_bytes_per_second = 1 << 20}) == 0);
    CHECK(scope->SetLimits({}) == 0);
    if (scope->kind() != ScopeKind::kDescendants) return;
    CHECK_FALSE(scope->enforceable().memory);
    CHECK_FALSE(scope->enforceable().processor_maximum);
  });
}

TEST_CASE("an enforceable memory limit ends what exceeds it") {
  ForEachKind([](TestScope& scope) {
    if (!scope->enforceable().memory) return;
    REQUIRE(scope->SetLimits({.memory_bytes = 16 << 20}) == 0);
    CHECK(Reap(scope.Spawn("x=$(head -c 60000000 /dev/zero | tr '\\0' a)")) != 0);
    REQUIRE(scope->SetLimits({}) == 0);
    CHECK(Reap(scope.Spawn("x=$(head -c 60000000 /dev/zero | tr '\\0' a)")) == 0);
  });
}

TEST_CASE("an enforceable processor limit slows what exceeds it") {
  ForEachKind([](TestScope& scope) {
    if (!scope->enforceable().processor_maximum) return;
    // A twentieth of all processors; a spinning process gets no more than that of them.
    REQUIRE(scope->SetLimits({.processor_maximum = 500}) == 0);
    const auto start = std::chrono::steady_clock::now();
    const pid_t pid =
        scope.SpawnReady("echo ready; i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done");
    CHECK(Reap(pid) == 0);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    const double used = static_cast<double>(scope->Statistics().processor_total_100ns) / 1e7;
    const double allowed = 0.05 * static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
    CHECK(used / elapsed.count() < allowed * 2);  // Periods begun count whole.
  });
}

}  // namespace
}  // namespace hcs::platform
