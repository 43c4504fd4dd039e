#include "core/runtime/io_loop.h"

#include <algorithm>
#include <asio.hpp>
#include <thread>
#include <utility>

#include "core/runtime/thread_name.h"

namespace hcs::runtime {
namespace {

// Longer delays are cut to this, so that the clock does not overflow.
constexpr absl::Duration kLongestDelay = absl::Hours(24 * 365);

class AsioTimer : public Timer {
 public:
  AsioTimer(asio::io_context& context, absl::Duration delay, Task task) : timer_(context) {
    timer_.expires_after(absl::ToChronoNanoseconds(std::min(delay, kLongestDelay)));
    timer_.async_wait([task = std::move(task)](std::error_code error) mutable {
      if (!error) std::move(task)();
    });
  }

 private:
  asio::steady_timer timer_;
};

class AsioReadinessWatch : public ReadinessWatch {
 public:
  AsioReadinessWatch(asio::io_context& context, int descriptor) : context_(context) {
    std::error_code error;
    descriptor_.assign(descriptor, error);
  }

  ~AsioReadinessWatch() override {
    if (descriptor_.is_open()) descriptor_.release();
  }

  void WhenReadable(Task ready) override {
    Wait(asio::posix::stream_descriptor::wait_read, std::move(ready), &Waiters::readable);
  }

  void WhenWritable(Task ready) override {
    Wait(asio::posix::stream_descriptor::wait_write, std::move(ready), &Waiters::writable);
  }

 private:
  // Apart from the watch, as a completion that is queued already cannot be
  // taken back: it finds nobody here when the watch is gone.
  struct Waiters {
    Task readable;
    Task writable;
  };

  void Wait(asio::posix::stream_descriptor::wait_type type, Task ready, Task Waiters::*waiter) {
    (*waiters_).*waiter = std::move(ready);
    auto complete = [weak = std::weak_ptr<Waiters>(waiters_), waiter](std::error_code) {
      const std::shared_ptr<Waiters> waiters = weak.lock();
      if (waiters == nullptr) return;
      // The task may destroy the watch, and with it the place it is kept in.
      Task task = std::exchange((*waiters).*waiter, nullptr);
      if (task) std::move(task)();
    };
    if (descriptor_.is_open()) {
      // Asio asks epoll anew for each wait, so readiness that was there before
      // is reported at once, edge-triggered though epoll is.
      descriptor_.async_wait(type, std::move(complete));
    } else {
      asio::post(context_, [complete] { complete({}); });
    }
  }

  asio::io_context& context_;
  asio::posix::stream_descriptor descriptor_{context_};
  std::shared_ptr<Waiters> waiters_ = std::make_shared<Waiters>();
};

}  // namespace

struct IoLoop::Impl {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  std::thread thread;
};

IoLoop::IoLoop() : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::thread([&context = impl_->context] {
    NameThisThread("hcsd-io");
    context.run();
  });
}

IoLoop::~IoLoop() { Stop(); }

void IoLoop::Stop() {
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void IoLoop::Post(Task task) {
  asio::post(impl_->context, [task = std::move(task)]() mutable { std::move(task)(); });
}

void IoLoop::Dispatch(Task task) {
  asio::dispatch(impl_->context, [task = std::move(task)]() mutable { std::move(task)(); });
}

std::unique_ptr<Timer> IoLoop::After(absl::Duration delay, Task task) {
  return std::make_unique<AsioTimer>(impl_->context, delay, std::move(task));
}

std::unique_ptr<ReadinessWatch> IoLoop::Watch(int descriptor) {
  return std::make_unique<AsioReadinessWatch>(impl_->context, descriptor);
}

}  // namespace hcs::runtime
