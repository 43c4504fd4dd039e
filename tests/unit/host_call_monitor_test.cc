#include <catch2/catch.hpp>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "core/host/call_monitor.h"

namespace hcs::host {
namespace {

TEST_CASE("Calls are seen while they run, the oldest first", "[host]") {
  CallMonitor monitor;
  CHECK(monitor.Snapshot().empty());
  {
    const CallMonitor::Scope outer(monitor, "HcsA", "1");
    std::optional<CallMonitor::Scope> middle(std::in_place, monitor, "HcsB", "2");
    const CallMonitor::Scope inner(monitor, "HcsC", "3");
    auto calls = monitor.Snapshot();
    REQUIRE(calls.size() == 3);
    CHECK(calls[0].function == "HcsA");
    CHECK(calls[0].object == "1");
    CHECK(calls[0].age >= calls[2].age);
    CHECK(calls[2].age >= absl::ZeroDuration());
    middle.reset();
    calls = monitor.Snapshot();
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].function == "HcsA");
    CHECK(calls[1].function == "HcsC");
  }
  CHECK(monitor.Snapshot().empty());
}

TEST_CASE("Calls of many threads are seen together", "[host]") {
  constexpr int kThreads = 40;
  CallMonitor monitor;
  std::latch entered(kThreads), leave(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 500; ++n) const CallMonitor::Scope scope(monitor, "HcsX", "x");
      const CallMonitor::Scope scope(monitor, "HcsY", "y");
      entered.count_down();
      leave.wait();
    });
  }
  entered.wait();
  CHECK(monitor.Snapshot().size() == kThreads);
  leave.count_down();
  for (auto& thread : threads) thread.join();
  CHECK(monitor.Snapshot().empty());
}

}  // namespace
}  // namespace hcs::host
