#include <pthread.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "core/runtime/executor.h"

namespace hcs::runtime {
namespace {

TEST_CASE("a pool starts threads as tasks need them, up to its maximum") {
  absl::Notification go_on;
  absl::BlockingCounter running(3);
  ThreadPool pool("test", 3);
  CHECK(pool.threads() == 0);
  for (int i = 0; i < 5; ++i) {
    pool.Post([&, i] {
      if (i < 3) running.DecrementCount();
      go_on.WaitForNotification();
    });
  }
  running.Wait();
  CHECK(pool.threads() == 3);
  CHECK(pool.queued() == 2);
  go_on.Notify();
}

TEST_CASE("an idle thread is used again") {
  constexpr int kMaximum = 1000;
  ThreadPool pool("test", kMaximum);
  std::set<std::thread::id> used;
  // A thread counts as idle only some time after its task has said that it is
  // done, so a few may be started before one is found idle.
  bool again = false;
  for (int i = 0; i < kMaximum && !again; ++i) {
    absl::Notification done;
    pool.Post([&] {
      again = !used.insert(std::this_thread::get_id()).second;
      done.Notify();
    });
    done.WaitForNotification();
  }
  CHECK(again);
}

TEST_CASE("the pool's destructor runs what is queued, and what that posts") {
  std::atomic<int> ran = 0;
  {
    absl::Notification go_on;
    ThreadPool pool("test", 1);
    pool.Post([&] { go_on.WaitForNotification(); });
    for (int i = 0; i < 10; ++i) {
      pool.Post([&] {
        ++ran;
        pool.Post([&] { ++ran; });
      });
    }
    go_on.Notify();
  }
  CHECK(ran == 20);
}

TEST_CASE("what is posted to a stopped pool is dropped") {
  ThreadPool pool("test", 2);
  pool.Post([] {});
  pool.Stop();
  auto token = std::make_shared<int>();
  pool.Post([token] {});
  CHECK(token.use_count() == 1);
  CHECK(pool.queued() == 0);
  pool.Stop();
}

TEST_CASE("a pool's threads bear its name") {
  char name[16] = "";
  {
    ThreadPool pool("hcsd-call-and-more", 1);
    pool.Post([&] { pthread_getname_np(pthread_self(), name, sizeof(name)); });
  }
  CHECK(std::string(name) == "hcsd-call-and-m");
}

TEST_CASE("a strand runs its tasks one at a time and in order") {
  constexpr int kPosters = 4;
  constexpr int kTasks = 5000;
  std::vector<int> last(kPosters, -1);
  int ran = 0;  // Not atomic: the strand alone orders the accesses.
  bool ordered = true;
  {
    ThreadPool pool("test", 4);
    SerialExecutor strand(pool);
    std::vector<std::thread> posters;
    for (int poster = 0; poster < kPosters; ++poster) {
      posters.emplace_back([&, poster] {
        for (int i = 0; i < kTasks; ++i) {
          strand.Post([&, poster, i] {
            ordered = ordered && last[poster] == i - 1;
            last[poster] = i;
            ++ran;
          });
        }
      });
    }
    for (std::thread& poster : posters) poster.join();
  }
  CHECK(ran == kPosters * kTasks);
  CHECK(ordered);
}

TEST_CASE("a strand that never runs dry lets others use the pool") {
  ThreadPool pool("test", 1);
  SerialExecutor busy(pool);
  SerialExecutor other(pool);
  std::atomic<bool> stop = false;
  absl::Notification other_ran;

  struct Repeat {
    SerialExecutor& strand;
    std::atomic<bool>& stop;
    void operator()() const {
      if (!stop) strand.Post(*this);
    }
  };
  busy.Post(Repeat{busy, stop});
  other.Post([&] { other_ran.Notify(); });
  CHECK(other_ran.WaitForNotificationWithTimeout(absl::Seconds(30)));
  // On the strand itself, so that no Post to it is under way afterwards.
  absl::Notification stopped;
  busy.Post([&] {
    stop = true;
    stopped.Notify();
  });
  stopped.WaitForNotification();
}

TEST_CASE("a strand's queued tasks run though it is gone") {
  std::atomic<int> ran = 0;
  {
    absl::Notification go_on;
    ThreadPool pool("test", 1);
    pool.Post([&] { go_on.WaitForNotification(); });
    {
      SerialExecutor strand(pool);
      for (int i = 0; i < 10; ++i) strand.Post([&] { ++ran; });
    }
    go_on.Notify();
  }
  CHECK(ran == 10);
}

}  // namespace
}  // namespace hcs::runtime
