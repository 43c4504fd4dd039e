#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "core/runtime/event_journal.h"
#include "core/runtime/executor.h"
#include "tests/unit/runtime_invalid_field.h"

namespace hcs::runtime {
namespace {

v1::Event EventOf(v1::EventType type, const std::string& container = "a",
                  const std::string& owner = "") {
  v1::Event event;
  event.set_type(type);
  event.set_container_id(container);
  event.set_owner(owner);
  return event;
}

v1::WatchEventsRequest After(uint64_t sequence) {
  v1::WatchEventsRequest request;
  request.set_after_sequence(sequence);
  return request;
}

// What a watch tells until it has nothing: "3 4 lost:5-9 10 end".
std::string Told(EventWatch& watch) {
  std::string told;
  while (auto next = watch.Pull()) {
    if (!told.empty()) told += ' ';
    if (const auto* event = std::get_if<std::shared_ptr<const v1::Event>>(&*next)) {
      told += std::to_string((*event)->sequence());
    } else if (const auto* lost = std::get_if<v1::EventsLost>(&*next)) {
      told += "lost:" + std::to_string(lost->from_sequence()) + "-" +
              std::to_string(lost->to_sequence());
    } else {
      return told + "end";
    }
  }
  return told;
}

// A journal with an executor, and events whose sequences begin at 100.
struct Bench {
  explicit Bench(size_t capacity = 1000) : journal(capacity, 100, strand) {}

  std::unique_ptr<EventWatch> Watch(
      const v1::WatchEventsRequest& request, absl::AnyInvocable<void()> wake = [] {}) {
    auto watch = journal.Watch(request, std::move(wake));
    REQUIRE(watch.ok());
    return *std::move(watch);
  }

  void Append(int count) {
    for (int i = 0; i < count; ++i) journal.Append(EventOf(v1::EVENT_TYPE_CONTAINER_CREATED));
  }

  // Returns when the strand has done all that was posted to it before.
  void Settle() {
    absl::Notification settled;
    strand.Post([&] { settled.Notify(); });
    settled.WaitForNotification();
  }

  ThreadPool pool{"test", 2};
  SerialExecutor strand{pool};
  EventJournal journal;
};

TEST_CASE("events get sequences without a gap, and a time unless they have one") {
  Bench bench;
  CHECK(bench.journal.last_sequence() == 99);
  const auto watch = bench.Watch(After(0));
  v1::Event timed = EventOf(v1::EVENT_TYPE_CONTAINER_CREATED);
  timed.mutable_time()->set_seconds(5);
  bench.journal.Append(timed);
  bench.Append(1);
  CHECK(bench.journal.last_sequence() == 101);
  const auto first = std::get<0>(*watch->Pull()), second = std::get<0>(*watch->Pull());
  CHECK(first->sequence() == 100);
  CHECK(first->time().seconds() == 5);
  CHECK(second->sequence() == 101);
  CHECK(second->time().seconds() > 1'600'000'000);
}

TEST_CASE("after_sequence says where to begin") {
  Bench bench(5);
  bench.Append(8);  // 100 to 107, of which 103 to 107 are held.
  CHECK(Told(*bench.Watch(After(0))) == "");
  CHECK(Told(*bench.Watch(After(1))) == "103 104 105 106 107");
  CHECK(Told(*bench.Watch(After(105))) == "106 107");
  CHECK(Told(*bench.Watch(After(102))) == "103 104 105 106 107");
  CHECK(Told(*bench.Watch(After(107))) == "");
  // No longer held.
  CHECK(Told(*bench.Watch(After(101))) == "lost:102-102 103 104 105 106 107");
  CHECK(Told(*bench.Watch(After(100))) == "lost:101-102 103 104 105 106 107");
  // Of an earlier daemon.
  CHECK(Told(*bench.Watch(After(50))) == "lost:51-102 103 104 105 106 107");
  // Of one whose clock was ahead.
  CHECK(Told(*bench.Watch(After(108))) == "103 104 105 106 107");
  CHECK(Told(*bench.Watch(After(std::numeric_limits<uint64_t>::max()))) == "103 104 105 106 107");
}

TEST_CASE("an empty journal knows what an earlier daemon's watcher has missed") {
  Bench bench;
  const auto all = bench.Watch(After(1));
  const auto missed = bench.Watch(After(50));
  CHECK(Told(*all) == "");
  CHECK(Told(*missed) == "lost:51-99");
  CHECK(Told(*bench.Watch(After(99))) == "");
  bench.Append(1);
  CHECK(Told(*all) == "100");
  CHECK(Told(*missed) == "100");
}

TEST_CASE("a watcher that is overrun is told so once, and goes on") {
  Bench bench(4);
  const auto watch = bench.Watch(After(0));
  bench.Append(2);
  CHECK(Told(*watch) == "100 101");
  bench.Append(10);  // 102 to 111.
  CHECK(Told(*watch) == "lost:102-107 108 109 110 111");
  bench.Append(1);
  CHECK(Told(*watch) == "112");
}

TEST_CASE("a loss is told though the filter would have hidden the events") {
  Bench bench(2);
  v1::WatchEventsRequest request = After(0);
  request.mutable_filter()->set_owner("nobody");
  const auto watch = bench.Watch(request);
  bench.Append(5);
  CHECK(Told(*watch) == "lost:100-102");
}

TEST_CASE("filters: every condition must hold, each list has alternatives") {
  Bench bench;
  const auto told = [&](v1::EventFilter filter) {
    v1::WatchEventsRequest request = After(1);
    *request.mutable_filter() = filter;
    return Told(*bench.Watch(request));
  };
  bench.journal.Append(EventOf(v1::EVENT_TYPE_CONTAINER_CREATED, "a", "x"));  // 100
  bench.journal.Append(EventOf(v1::EVENT_TYPE_CONTAINER_STARTED, "a", "x"));  // 101
  bench.journal.Append(EventOf(v1::EVENT_TYPE_CONTAINER_CREATED, "b", "y"));  // 102
  bench.journal.Append(EventOf(v1::EVENT_TYPE_PROCESS_STARTED, "c", "y"));    // 103

  v1::EventFilter filter;
  CHECK(told(filter) == "100 101 102 103");
  filter.add_types(v1::EVENT_TYPE_CONTAINER_CREATED);
  CHECK(told(filter) == "100 102");
  filter.add_types(v1::EVENT_TYPE_PROCESS_STARTED);
  CHECK(told(filter) == "100 102 103");
  filter.set_owner("y");
  CHECK(told(filter) == "102 103");
  filter.add_container_ids("c");
  CHECK(told(filter) == "103");
  filter.add_container_ids("b");
  CHECK(told(filter) == "102 103");
  filter.clear_types();
  filter.set_owner("x");
  CHECK(told(filter) == "");
}

TEST_CASE("a filter that breaks its rule is refused by name, and leaves no watcher") {
  Bench bench;
  v1::WatchEventsRequest request;
  request.mutable_filter()->add_types(v1::EVENT_TYPE_CONTAINER_CREATED);
  request.mutable_filter()->add_types(static_cast<v1::EventType>(99));
  CHECK(FieldOf(bench.journal.Watch(request, [] {}).status()) == "filter.types[1]");
  request.mutable_filter()->set_types(1, v1::EVENT_TYPE_UNSPECIFIED);
  CHECK(FieldOf(bench.journal.Watch(request, [] {}).status()) == "filter.types[1]");
  request.clear_filter();
  request.mutable_filter()->add_container_ids("../etc");
  CHECK(FieldOf(bench.journal.Watch(request, [] {}).status()) == "filter.container_ids[0]");
  CHECK(bench.journal.watchers() == 0);
}

TEST_CASE("no_follow ends with what there was when the watch began") {
  Bench bench(4);
  v1::WatchEventsRequest request = After(1);
  request.set_no_follow(true);
  CHECK(Told(*bench.Watch(request)) == "end");
  bench.Append(3);
  const auto watch = bench.Watch(request);
  const auto overrun = bench.Watch(request);
  bench.Append(1);
  CHECK(Told(*watch) == "100 101 102 end");
  CHECK(Told(*watch) == "end");
  bench.Append(2);
  CHECK(Told(*overrun) == "lost:100-101 102 end");
  const auto gone = bench.Watch(request);
  bench.Append(20);
  CHECK(Told(*gone) == "lost:102-105 end");
  request.set_after_sequence(0);
  CHECK(Told(*bench.Watch(request)) == "end");
  bench.Append(1);
}

TEST_CASE("a watcher is woken once when there is something, and not while it is busy") {
  Bench bench;
  int woken = 0;  // On the strand, or after Settle.
  const auto watch = bench.Watch(After(0), [&] { ++woken; });
  bench.Append(1);
  bench.Settle();
  CHECK(woken == 0);  // It has not been told that there is nothing.

  CHECK(Told(*watch) == "100");
  bench.Append(3);
  bench.Settle();
  CHECK(woken == 1);
  bench.Append(3);
  bench.Settle();
  CHECK(woken == 1);
  CHECK(Told(*watch) == "101 102 103 104 105 106");
  CHECK_FALSE(watch->Pull());  // Twice: parked once.
  bench.Append(1);
  bench.Settle();
  CHECK(woken == 2);
}

TEST_CASE("waking any number of watchers takes one task") {
  ThreadPool pool("test", 1);
  SerialExecutor strand(pool);
  EventJournal journal(1000, 100, strand);
  std::atomic<int> woken = 0;
  std::vector<std::unique_ptr<EventWatch>> watches;
  for (int i = 0; i < 50; ++i) {
    watches.push_back(*journal.Watch(After(0), [&] { ++woken; }));
    CHECK_FALSE(watches.back()->Pull());
  }
  absl::Notification blocked, release;
  strand.Post([&] {
    blocked.Notify();
    release.WaitForNotification();
  });
  blocked.WaitForNotification();
  for (int i = 0; i < 100; ++i) journal.Append(EventOf(v1::EVENT_TYPE_CONTAINER_CREATED));
  CHECK(woken == 0);
  absl::Notification settled;
  int woken_by_first_task = 0;
  strand.Post([&] {
    woken_by_first_task = woken;
    settled.Notify();
  });
  release.Notify();
  settled.WaitForNotification();
  CHECK(woken_by_first_task == 50);
  CHECK(woken == 50);
}

TEST_CASE("no wake runs once a watch is gone") {
  for (int round = 0; round < 300; ++round) {
    Bench bench;
    auto alive = std::make_shared<std::atomic<bool>>(true);
    std::atomic<bool> late = false;
    auto watch = bench.Watch(After(0), [&, alive] { late = late || !*alive; });
    CHECK_FALSE(watch->Pull());
    std::thread appender([&] { bench.Append(1); });
    watch.reset();
    *alive = false;
    appender.join();
    bench.Settle();
    REQUIRE_FALSE(late);
    REQUIRE(bench.journal.watchers() == 0);
    REQUIRE(alive.use_count() == 1);
  }
}

TEST_CASE("a watch may outlive its journal") {
  ThreadPool pool("test", 1);
  SerialExecutor strand(pool);
  auto journal = std::make_unique<EventJournal>(10, 100, strand);
  journal->Append(EventOf(v1::EVENT_TYPE_CONTAINER_CREATED));
  const auto watch = *journal->Watch(After(1), [] {});
  const auto parked = *journal->Watch(After(0), [] {});
  CHECK_FALSE(parked->Pull());
  journal->Append(EventOf(v1::EVENT_TYPE_CONTAINER_CREATED));
  journal.reset();
  CHECK(Told(*watch) == "100 101");
}

TEST_CASE("large events are kept within the bytes that the journal may have") {
  Bench bench(100000);
  v1::Event large = EventOf(v1::EVENT_TYPE_HOST_NOTIFICATION);
  large.set_raw_document(std::string(size_t{8} << 20, 'x'));
  for (int i = 0; i < 20; ++i) bench.journal.Append(large);
  CHECK(Told(*bench.Watch(After(1))) == "113 114 115 116 117 118 119");
  large.set_raw_document(std::string(size_t{80} << 20, 'x'));
  bench.journal.Append(large);
  CHECK(Told(*bench.Watch(After(1))) == "120");
}

// Pulls on the journal's executor whenever it is woken, as the daemon does.
class Follower {
 public:
  Follower(EventJournal& journal, uint64_t expected, absl::BlockingCounter& done)
      : expected_(expected), done_(done) {
    watch_ = *journal.Watch(After(0), [this] { Drain(); });
    CHECK_FALSE(watch_->Pull());
  }

  uint64_t taken() const { return taken_; }
  bool gapless() const { return gapless_; }

 private:
  void Drain() {
    while (auto next = watch_->Pull()) {
      const auto* event = std::get_if<0>(&*next);
      gapless_ = gapless_ && event != nullptr && (*event)->sequence() == 100 + taken_;
      if (++taken_ == expected_) done_.DecrementCount();
    }
  }

  const uint64_t expected_;
  absl::BlockingCounter& done_;
  uint64_t taken_ = 0;
  bool gapless_ = true;
  std::unique_ptr<EventWatch> watch_;
};

// Appends `count` events, which the journal has room for; returns the seconds
// until all watchers have taken all.
double FanOut(int watchers, int count) {
  Bench bench(static_cast<size_t>(count));
  absl::BlockingCounter done(watchers);
  std::vector<std::unique_ptr<Follower>> followers;
  for (int i = 0; i < watchers; ++i) {
    followers.push_back(std::make_unique<Follower>(bench.journal, count, done));
  }
  const auto start = std::chrono::steady_clock::now();
  bench.Append(count);
  done.Wait();
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  bench.Settle();
  for (const auto& follower : followers) {
    CHECK(follower->taken() == static_cast<uint64_t>(count));
    CHECK(follower->gapless());
  }
  return spent.count();
}

TEST_CASE("watchers that keep up lose nothing") { FanOut(20, 5000); }

TEST_CASE("many threads append, watchers come and go") {
  Bench bench(1 << 16);
  absl::BlockingCounter done(3);
  std::vector<std::unique_ptr<Follower>> followers;
  for (int i = 0; i < 3; ++i) {
    followers.push_back(std::make_unique<Follower>(bench.journal, 4 * 2000, done));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back([&] { bench.Append(2000); });
  threads.emplace_back([&] {
    for (int i = 0; i < 500; ++i) {
      auto watch = *bench.journal.Watch(After(1), [] {});
      watch->Pull();
    }
  });
  for (std::thread& thread : threads) thread.join();
  done.Wait();
  bench.Settle();
  for (const auto& follower : followers) CHECK(follower->gapless());
}

TEST_CASE("fan-out of events", "[.benchmark]") {
  WARN("100 watchers, 100,000 events: " << FanOut(100, 100'000) << " s");
}

}  // namespace
}  // namespace hcs::runtime
