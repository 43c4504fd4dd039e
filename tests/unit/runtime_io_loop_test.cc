#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/runtime/io_loop.h"

namespace hcs::runtime {
namespace {

constexpr absl::Duration kGenerous = absl::Seconds(30);

struct Pipe {
  Pipe() { REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0); }
  ~Pipe() {
    CloseReader();
    CloseWriter();
  }
  void CloseReader() { Close(ends[0]); }
  void CloseWriter() { Close(ends[1]); }
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
  int reader() const { return ends[0]; }
  int writer() const { return ends[1]; }

  std::array<int, 2> ends = {-1, -1};
};

// Runs `task` on the loop and waits until it has run.
void RunOn(IoLoop& loop, Task task) {
  absl::Notification done;
  loop.Post([&] {
    std::move(task)();
    done.Notify();
  });
  done.WaitForNotification();
}

TEST_CASE("posted tasks run in order on one thread") {
  std::vector<int> order;
  std::thread::id first, last;
  IoLoop loop;
  loop.Post([&] { first = std::this_thread::get_id(); });
  for (int i = 0; i < 1000; ++i) loop.Post([&, i] { order.push_back(i); });
  RunOn(loop, [&] { last = std::this_thread::get_id(); });
  REQUIRE(order.size() == 1000);
  CHECK(std::is_sorted(order.begin(), order.end()));
  CHECK(first == last);
  CHECK(first != std::this_thread::get_id());
}

TEST_CASE("dispatch runs at once on the loop, and later from elsewhere") {
  IoLoop loop;
  bool inline_on_loop = false;
  RunOn(loop, [&] { loop.Dispatch([&] { inline_on_loop = true; }); });
  CHECK(inline_on_loop);

  absl::Notification dispatched;
  std::thread::id thread;
  loop.Dispatch([&] {
    thread = std::this_thread::get_id();
    dispatched.Notify();
  });
  dispatched.WaitForNotification();
  CHECK(thread != std::this_thread::get_id());
}

TEST_CASE("tasks that a loop no longer runs are dropped with it") {
  auto token = std::make_shared<int>();
  {
    absl::Notification blocked, go_on;
    IoLoop loop;
    loop.Post([&] {
      blocked.Notify();
      go_on.WaitForNotification();
    });
    blocked.WaitForNotification();
    loop.Post([token] {});
    const auto timer = loop.After(absl::InfiniteDuration(), [token] {});
    CHECK(token.use_count() == 3);
    go_on.Notify();
  }
  CHECK(token.use_count() == 1);
}

TEST_CASE("timers run in the order of their delays, and not early") {
  IoLoop loop;
  const absl::Time start = absl::Now();
  std::vector<int> order;
  absl::Notification done;
  const auto late = loop.After(absl::Milliseconds(60), [&] {
    order.push_back(3);
    done.Notify();
  });
  const auto soon = loop.After(absl::Milliseconds(10), [&] { order.push_back(2); });
  const auto now = loop.After(absl::ZeroDuration(), [&] { order.push_back(1); });
  REQUIRE(done.WaitForNotificationWithTimeout(kGenerous));
  CHECK(order == std::vector<int>{1, 2, 3});
  CHECK(absl::Now() - start >= absl::Milliseconds(59));
}

TEST_CASE("a destroyed timer's task does not run") {
  IoLoop loop;
  std::atomic<bool> ran = false;
  loop.After(absl::Milliseconds(5), [&] { ran = true; }).reset();
  absl::Notification later;
  const auto timer = loop.After(absl::Milliseconds(30), [&] { later.Notify(); });
  REQUIRE(later.WaitForNotificationWithTimeout(kGenerous));
  CHECK_FALSE(ran);
}

TEST_CASE("what could be read before the wait is reported at once, each time") {
  Pipe pipe;
  REQUIRE(write(pipe.writer(), "x", 1) == 1);
  IoLoop loop;
  std::unique_ptr<ReadinessWatch> watch;
  RunOn(loop, [&] { watch = loop.Watch(pipe.reader()); });
  // Nothing is read in between: epoll, asked for edges, would tell once only.
  for (int i = 0; i < 3; ++i) {
    absl::Notification readable;
    loop.Post([&] { watch->WhenReadable([&] { readable.Notify(); }); });
    CHECK(readable.WaitForNotificationWithTimeout(kGenerous));
  }
  RunOn(loop, [&] { watch.reset(); });
  char byte;
  CHECK(read(pipe.reader(), &byte, 1) == 1);
}

TEST_CASE("a part that was left unread is reported again") {
  Pipe pipe;
  IoLoop loop;
  std::unique_ptr<ReadinessWatch> watch;
  std::string taken;
  absl::Notification done;
  struct Step {
    ReadinessWatch& watch;
    int fd;
    std::string& taken;
    absl::Notification& done;
    void operator()() const {
      char byte;
      if (read(fd, &byte, 1) == 1) {
        taken += byte;
        watch.WhenReadable(*this);
      } else {
        done.Notify();
      }
    }
  };
  RunOn(loop, [&] {
    watch = loop.Watch(pipe.reader());
    watch->WhenReadable(Step{*watch, pipe.reader(), taken, done});
  });
  REQUIRE(write(pipe.writer(), "abc", 3) == 3);
  REQUIRE(write(pipe.writer(), "def", 3) == 3);
  pipe.CloseWriter();
  CHECK(done.WaitForNotificationWithTimeout(kGenerous));
  CHECK(taken == "abcdef");
  RunOn(loop, [&] { watch.reset(); });
}

TEST_CASE("the end of a pipe counts as readable, a closed reader as writable") {
  IoLoop loop;
  Pipe ended, broken;
  absl::Notification readable, writable;
  std::unique_ptr<ReadinessWatch> reader, writer;
  RunOn(loop, [&] {
    reader = loop.Watch(ended.reader());
    reader->WhenReadable([&] { readable.Notify(); });
  });
  ended.CloseWriter();
  CHECK(readable.WaitForNotificationWithTimeout(kGenerous));

  // Full, so that only the error can wake the writer.
  fcntl(broken.writer(), F_SETFL, O_NONBLOCK);
  const std::string block(4096, 'x');
  while (write(broken.writer(), block.data(), block.size()) > 0) continue;
  RunOn(loop, [&] {
    writer = loop.Watch(broken.writer());
    writer->WhenWritable([&] { writable.Notify(); });
  });
  CHECK_FALSE(writable.HasBeenNotified());
  broken.CloseReader();
  CHECK(writable.WaitForNotificationWithTimeout(kGenerous));
  RunOn(loop, [&] {
    reader.reset();
    writer.reset();
  });
}

TEST_CASE("a full pipe becomes writable when it is read") {
  IoLoop loop;
  Pipe pipe;
  fcntl(pipe.writer(), F_SETFL, O_NONBLOCK);
  std::string block(4096, 'x');
  while (write(pipe.writer(), block.data(), block.size()) > 0) continue;
  absl::Notification writable;
  std::unique_ptr<ReadinessWatch> watch;
  RunOn(loop, [&] {
    watch = loop.Watch(pipe.writer());
    watch->WhenWritable([&] { writable.Notify(); });
  });
  CHECK_FALSE(writable.HasBeenNotified());
  while (!writable.HasBeenNotified() && read(pipe.reader(), block.data(), block.size()) > 0) {
    if (writable.WaitForNotificationWithTimeout(absl::Milliseconds(10))) break;
  }
  CHECK(writable.WaitForNotificationWithTimeout(kGenerous));
  RunOn(loop, [&] { watch.reset(); });
}

TEST_CASE("destroying a watch drops its callback and leaves the descriptor open") {
  Pipe pipe;
  REQUIRE(write(pipe.writer(), "x", 1) == 1);
  IoLoop loop;
  bool ran = false;
  auto token = std::make_shared<int>();
  RunOn(loop, [&] {
    auto watch = loop.Watch(pipe.reader());
    watch->WhenReadable([&ran, token] { ran = true; });
    watch.reset();
    CHECK(token.use_count() == 1);
  });
  // Whatever the loop had queued for the watch has passed by now.
  RunOn(loop, [&] { loop.Post([] {}); });
  RunOn(loop, [] {});
  CHECK_FALSE(ran);
  char byte;
  CHECK(read(pipe.reader(), &byte, 1) == 1);
}

TEST_CASE("a completion that is queued already is dropped with its watch") {
  Pipe first, second;
  IoLoop loop;
  std::unique_ptr<ReadinessWatch> watches[2];
  int ran = 0;
  absl::Notification one_ran;
  // Both become ready while the loop is busy; the first to run destroys both.
  RunOn(loop, [&] {
    watches[0] = loop.Watch(first.reader());
    watches[1] = loop.Watch(second.reader());
    for (auto& watch : watches) {
      watch->WhenReadable([&] {
        ++ran;
        watches[0].reset();
        watches[1].reset();
        one_ran.Notify();
      });
    }
    REQUIRE(write(first.writer(), "x", 1) == 1);
    REQUIRE(write(second.writer(), "x", 1) == 1);
  });
  REQUIRE(one_ran.WaitForNotificationWithTimeout(kGenerous));
  for (int i = 0; i < 3; ++i) RunOn(loop, [] {});
  CHECK(ran == 1);
}

TEST_CASE("what epoll cannot watch is always ready") {
  IoLoop loop;
  const int file = open("/dev/null", O_RDWR | O_CLOEXEC);
  REQUIRE(file >= 0);
  absl::Notification readable, bad;
  std::unique_ptr<ReadinessWatch> watch, closed;
  loop.Post([&] {
    watch = loop.Watch(file);
    watch->WhenReadable([&] { readable.Notify(); });
    closed = loop.Watch(-1);
    closed->WhenWritable([&] { bad.Notify(); });
  });
  CHECK(readable.WaitForNotificationWithTimeout(kGenerous));
  CHECK(bad.WaitForNotificationWithTimeout(kGenerous));
  RunOn(loop, [&] {
    watch.reset();
    closed.reset();
  });
  close(file);
}

TEST_CASE("one descriptor may be watched again after its watch is gone") {
  Pipe pipe;
  IoLoop loop;
  for (int i = 0; i < 3; ++i) {
    absl::Notification readable;
    std::unique_ptr<ReadinessWatch> watch;
    RunOn(loop, [&] {
      watch = loop.Watch(pipe.reader());
      watch->WhenReadable([&] { readable.Notify(); });
    });
    CHECK_FALSE(readable.HasBeenNotified());
    REQUIRE(write(pipe.writer(), "x", 1) == 1);
    CHECK(readable.WaitForNotificationWithTimeout(kGenerous));
    char byte;
    REQUIRE(read(pipe.reader(), &byte, 1) == 1);
    RunOn(loop, [&] { watch.reset(); });
  }
}

}  // namespace
}  // namespace hcs::runtime
