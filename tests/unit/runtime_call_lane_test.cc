#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "core/runtime/call_lane.h"

namespace hcs::runtime {
namespace {

using Priority = CallLane::Priority;

constexpr absl::Duration kGenerous = absl::Seconds(30);

TEST_CASE("an idle lane is small") { CHECK(sizeof(CallLane) <= 48); }

TEST_CASE("hanging calls of one container leave the pool to the others") {
  const CallLaneLimits limits{.ordinary = 2, .urgent = 1, .queued = 8};
  absl::Notification release;
  ThreadPool pool("test", 4);
  CallLane hung(pool, limits), other(pool, limits);

  absl::BlockingCounter hanging(2);
  std::atomic<int> ran_late = 0;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(hung.Post(Priority::kOrdinary,
                      [&] {
                        hanging.DecrementCount();
                        release.WaitForNotification();
                      })
                .ok());
  }
  for (int i = 0; i < 8; ++i) REQUIRE(hung.Post(Priority::kOrdinary, [&] { ++ran_late; }).ok());
  hanging.Wait();

  absl::Notification other_ran;
  REQUIRE(other.Post(Priority::kOrdinary, [&] { other_ran.Notify(); }).ok());
  CHECK(other_ran.WaitForNotificationWithTimeout(kGenerous));
  // The lane keeps what waits to itself: the pool's queue is not filled by it.
  CHECK(pool.queued() == 0);
  CHECK(ran_late == 0);

  SECTION("terminating the container that hangs goes through") {
    absl::Notification urgent_ran;
    REQUIRE(hung.Post(Priority::kUrgent, [&] { urgent_ran.Notify(); }).ok());
    CHECK(urgent_ran.WaitForNotificationWithTimeout(kGenerous));
  }
  SECTION("calls beyond the bound are refused and dropped") {
    auto token = std::make_shared<int>();
    const absl::Status refused = hung.Post(Priority::kOrdinary, [token] {});
    CHECK(refused.code() == absl::StatusCode::kResourceExhausted);
    CHECK(std::string(refused.message()).find("busy with 2 and 8 wait") != std::string::npos);
    CHECK(token.use_count() == 1);
    absl::Notification accepted;
    CHECK(other.Post(Priority::kOrdinary, [&] { accepted.Notify(); }).ok());
    CHECK(accepted.WaitForNotificationWithTimeout(kGenerous));
  }
  release.Notify();
}

TEST_CASE("never more than the limit run at once, all run, and they start in order") {
  constexpr int kTasks = 2000;
  const CallLaneLimits limits{.ordinary = 3, .urgent = 2, .queued = kTasks};
  std::atomic<int> running = 0, most = 0, ran = 0;
  {
    ThreadPool pool("test", 8);
    CallLane lane(pool, limits);
    for (int i = 0; i < kTasks; ++i) {
      REQUIRE(lane.Post(Priority::kOrdinary,
                        [&] {
                          const int now = ++running;
                          int seen = most;
                          while (now > seen && !most.compare_exchange_weak(seen, now)) continue;
                          std::this_thread::yield();
                          --running;
                          ++ran;
                        })
                  .ok());
    }
  }
  CHECK(ran == kTasks);
  CHECK(most <= 3);

  std::vector<int> order;
  {
    const CallLaneLimits one{.ordinary = 1, .urgent = 1, .queued = 100};
    ThreadPool pool("test", 4);
    CallLane lane(pool, one);
    for (int i = 0; i < 100; ++i) {
      REQUIRE(lane.Post(Priority::kOrdinary, [&, i] { order.push_back(i); }).ok());
    }
  }
  CHECK(order.size() == 100);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("what waits still runs though the lane is gone") {
  const CallLaneLimits limits{.ordinary = 1, .urgent = 1, .queued = 8};
  std::atomic<int> ran = 0;
  {
    absl::Notification release;
    ThreadPool pool("test", 2);
    {
      CallLane lane(pool, limits);
      REQUIRE(lane.Post(Priority::kOrdinary, [&] { release.WaitForNotification(); }).ok());
      for (int i = 0; i < 5; ++i) REQUIRE(lane.Post(Priority::kOrdinary, [&] { ++ran; }).ok());
    }
    release.Notify();
  }
  CHECK(ran == 5);
}

TEST_CASE("a lane that is used from many threads loses nothing") {
  constexpr int kThreads = 4, kTasks = 3000;
  const CallLaneLimits limits{.ordinary = 2, .urgent = 2, .queued = kThreads * kTasks};
  std::atomic<int> ran = 0;
  {
    ThreadPool pool("test", 4);
    CallLane lane(pool, limits);
    std::vector<std::thread> posters;
    for (int t = 0; t < kThreads; ++t) {
      posters.emplace_back([&, t] {
        const Priority priority = t % 2 == 0 ? Priority::kOrdinary : Priority::kUrgent;
        for (int i = 0; i < kTasks; ++i) {
          if (!lane.Post(priority, [&] { ++ran; }).ok()) std::abort();
        }
      });
    }
    for (std::thread& poster : posters) poster.join();
  }
  CHECK(ran == kThreads * kTasks);
}

}  // namespace
}  // namespace hcs::runtime
