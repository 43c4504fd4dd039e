#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/runtime/io_loop.h"
#include "core/runtime/statistics_sampler.h"

namespace hcs::runtime {
namespace {

constexpr absl::Duration kGenerous = absl::Seconds(30);
constexpr absl::Duration kShortest = absl::Milliseconds(100);

// A host that numbers its samples (in uptime_100ns), or answers when told to.
class Host {
 public:
  StatisticsSampler::Ask Ask() {
    return [this](StatisticsSampler::Answer answer) {
      absl::MutexLock lock(&mutex_);
      ++asked_;
      if (held_) {
        waiting_.push_back(std::move(answer));
      } else {
        std::move(answer)(Sample());
      }
    };
  }

  void Hold() {
    absl::MutexLock lock(&mutex_);
    held_ = true;
  }
  void Fail(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(status);
  }
  void AnswerOne() {
    absl::MutexLock lock(&mutex_);
    std::move(waiting_.front())(Sample());
    waiting_.erase(waiting_.begin());
  }

  int asked() const {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }
  bool WaitUntilAsked(int times) const {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&] { return asked_ >= times; };
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), kGenerous);
  }

 private:
  absl::StatusOr<v1::Statistics> Sample() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!failure_.ok()) return failure_;
    v1::Statistics statistics;
    statistics.set_uptime_100ns(asked_);
    return statistics;
  }

  mutable absl::Mutex mutex_;
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::vector<StatisticsSampler::Answer> waiting_ ABSL_GUARDED_BY(mutex_);
};

// A watcher that waits for what comes next.
class Viewer {
 public:
  Viewer(StatisticsSampler& sampler, absl::Duration interval)
      : watch_(sampler.Watch(interval, [this] { Wake(); })) {}

  // The number of the next sample; -1 for the end, whose status is in `end`.
  int64_t Next() {
    while (true) {
      if (auto next = watch_->Pull()) {
        if (const auto* sample = std::get_if<0>(&*next)) return (*sample)->uptime_100ns();
        end = std::get<1>(*next).status;
        return -1;
      }
      absl::MutexLock lock(&mutex_);
      REQUIRE(mutex_.AwaitWithTimeout(absl::Condition(&woken_), kGenerous));
      woken_ = false;
    }
  }

  std::optional<StatisticsWatch::Next> Pull() { return watch_->Pull(); }
  void Leave() { watch_.reset(); }
  int wakes() const {
    absl::MutexLock lock(&mutex_);
    return wakes_;
  }

  absl::Status end;

 private:
  void Wake() {
    absl::MutexLock lock(&mutex_);
    woken_ = true;
    ++wakes_;
  }

  mutable absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  int wakes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<StatisticsWatch> watch_;
};

// Returns when the loop has done what was posted to it before.
void Settle(IoLoop& loop) {
  absl::Notification settled;
  loop.Post([&] { settled.Notify(); });
  settled.WaitForNotification();
}

// Returns after `delay`, by the loop's own clock.
void Pass(IoLoop& loop, absl::Duration delay) {
  absl::Notification passed;
  const auto timer = loop.After(delay, [&] { passed.Notify(); });
  passed.WaitForNotification();
}

TEST_CASE("the first sample comes at once, the next at the interval") {
  IoLoop loop;
  Host host;
  StatisticsSampler sampler(loop, host.Ask());
  Viewer viewer(sampler, absl::Hours(1));
  CHECK(viewer.Next() == 1);

  Viewer quick(sampler, kShortest);
  int64_t last = quick.Next();
  const absl::Time first = absl::Now();
  for (int i = 0; i < 3; ++i) {
    const int64_t sample = quick.Next();
    CHECK(sample > last);
    last = sample;
  }
  CHECK(absl::Now() - first >= absl::Milliseconds(200));
  // The one that watches by the hour has not been troubled by it.
  CHECK_FALSE(viewer.Pull());
}

TEST_CASE("the host is asked once however many watch") {
  IoLoop loop;
  Host host;
  StatisticsSampler sampler(loop, host.Ask());
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<Viewer>> viewers;
  for (int i = 0; i < 50; ++i) {
    viewers.push_back(std::make_unique<Viewer>(sampler, absl::Milliseconds(150)));
  }
  for (int round = 0; round < 3; ++round) {
    for (const auto& viewer : viewers) CHECK(viewer->Next() > 0);
  }
  // Three each would be 150. Those who came in the first 100 ms share a sample.
  CHECK(host.asked() <= (absl::Now() - start) / kShortest + 2);
}

TEST_CASE("an ask that takes long is not asked again meanwhile") {
  IoLoop loop;
  Host host;
  host.Hold();
  StatisticsSampler sampler(loop, host.Ask());
  Viewer one(sampler, kShortest), other(sampler, kShortest);
  REQUIRE(host.WaitUntilAsked(1));
  Pass(loop, 3 * kShortest);
  CHECK(host.asked() == 1);
  CHECK_FALSE(one.Pull());
  host.AnswerOne();
  CHECK(one.Next() == 1);
  CHECK(other.Next() == 1);
  CHECK(host.WaitUntilAsked(2));
  host.AnswerOne();
}

TEST_CASE("a slow watcher is given the newest sample, and nothing piles up") {
  IoLoop loop;
  Host host;
  StatisticsSampler sampler(loop, host.Ask());
  Viewer slow(sampler, kShortest);
  REQUIRE(host.WaitUntilAsked(5));
  const int64_t sample = slow.Next();
  CHECK(sample >= 4);
  CHECK(slow.Next() > sample);
  CHECK(slow.wakes() <= 1);
}

TEST_CASE("nobody is asked for nobody") {
  IoLoop loop;
  Host host;
  StatisticsSampler sampler(loop, host.Ask());
  Settle(loop);
  CHECK(host.asked() == 0);
  {
    Viewer viewer(sampler, kShortest);
    CHECK(viewer.Next() == 1);
  }
  Settle(loop);
  const int asked = host.asked();
  Pass(loop, 3 * kShortest);
  CHECK(host.asked() == asked);

  // And again when somebody comes.
  Viewer viewer(sampler, kShortest);
  CHECK(viewer.Next() > asked);
}

TEST_CASE("the end comes to all, present and future, after the last sample") {
  IoLoop loop;
  Host host;
  StatisticsSampler sampler(loop, host.Ask());
  host.Hold();
  Viewer waits(sampler, absl::Hours(1)), lags(sampler, absl::Hours(1));
  REQUIRE(host.WaitUntilAsked(1));
  host.AnswerOne();
  CHECK(waits.Next() == 1);
  CHECK_FALSE(waits.Pull());
  sampler.Finish(absl::OkStatus());
  sampler.Finish(absl::InternalError("too late"));
  CHECK(waits.Next() == -1);
  CHECK(waits.end.ok());
  CHECK(lags.Next() == 1);
  CHECK(lags.Next() == -1);
  Viewer late(sampler, kShortest);
  CHECK(late.Next() == -1);
  CHECK(late.end.ok());
  Settle(loop);
  CHECK(host.asked() == 1);
}

TEST_CASE("one failure is passed over, two in a row end the watches") {
  IoLoop loop;
  Host host;
  StatisticsSampler sampler(loop, host.Ask());
  host.Hold();
  host.Fail(absl::UnavailableError("host down"));
  Viewer viewer(sampler, kShortest);
  REQUIRE(host.WaitUntilAsked(1));
  host.AnswerOne();
  SECTION("the host recovers") {
    REQUIRE(host.WaitUntilAsked(2));
    host.Fail(absl::OkStatus());
    host.AnswerOne();
    CHECK(viewer.Next() == 2);
  }
  SECTION("the container has exited") {
    REQUIRE(host.WaitUntilAsked(2));
    sampler.Finish(absl::OkStatus());
    host.AnswerOne();
    CHECK(viewer.Next() == -1);
    CHECK(viewer.end.ok());
  }
  SECTION("it does not") {
    REQUIRE(host.WaitUntilAsked(2));
    host.AnswerOne();
    CHECK(viewer.Next() == -1);
    CHECK(viewer.end.message() == "host down");
    // Who comes later tries again.
    host.Fail(absl::OkStatus());
    Viewer later(sampler, kShortest);
    REQUIRE(host.WaitUntilAsked(3));
    host.AnswerOne();
    CHECK(later.Next() == 3);
  }
}

TEST_CASE("a sampler that goes ends its watches, and an answer may come later") {
  IoLoop loop;
  Host host;
  host.Hold();
  auto sampler = std::make_unique<StatisticsSampler>(loop, host.Ask());
  Viewer viewer(*sampler, kShortest);
  REQUIRE(host.WaitUntilAsked(1));
  sampler.reset();
  CHECK(viewer.Next() == -1);
  CHECK(viewer.end.code() == absl::StatusCode::kUnavailable);
  host.AnswerOne();
  Settle(loop);
  CHECK_FALSE(viewer.Pull()->index() == 0);
}

TEST_CASE("watches come and go while samples are given out") {
  IoLoop loop;
  Host host;
  StatisticsSampler sampler(loop, host.Ask());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        auto alive = std::make_shared<std::atomic<bool>>(true);
        auto watch = sampler.Watch(kShortest, [alive] {
          if (!*alive) std::abort();
        });
        while (i % 10 == 0 && !watch->Pull()) std::this_thread::yield();
        watch->Pull();
        watch.reset();
        *alive = false;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Settle(loop);
  const int asked = host.asked();
  Pass(loop, 2 * kShortest);
  CHECK(host.asked() == asked);
}

}  // namespace
}  // namespace hcs::runtime
