#include "core/emulator/worker/event_loop.h"

#include <sys/epoll.h>

#include <array>
#include <utility>

namespace hcs::emulator::worker {
namespace {

// A descriptor's number may be another one's by the time that its event is handled:
// the generation tells them apart.
uint64_t DataOf(int fd, uint32_t generation) {
  return (uint64_t{generation} << 32) | static_cast<uint32_t>(fd);
}

epoll_event EventOf(int fd, uint32_t generation, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = DataOf(fd, generation);
  return event;
}

}  // namespace

EventLoop::EventLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

void EventLoop::Watch(int fd, uint32_t events, Callback callback) {
  Forget(fd);
  const uint32_t generation = next_generation_++;
  watched_[fd] = {generation, std::make_shared<Callback>(std::move(callback))};
  epoll_event event = EventOf(fd, generation, events);
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void EventLoop::Change(int fd, uint32_t events) {
  const auto found = watched_.find(fd);
  if (found == watched_.end()) return;
  epoll_event event = EventOf(fd, found->second.generation, events);
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void EventLoop::Forget(int fd) {
  if (watched_.erase(fd) > 0) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EventLoop::Defer(Task task) { deferred_.push_back(std::move(task)); }

void EventLoop::After(std::chrono::milliseconds delay, Task task) {
  timers_.emplace(Clock::now() + delay, std::move(task));
}

void EventLoop::Run() {
  constexpr int kEventsAtOnce = 32;
  std::array<epoll_event, kEventsAtOnce> events;
  while (running_) {
    RunDeferred();
    RunTimers();
    if (!running_) return;
    const int count = epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, MillisecondsToWait());
    for (int i = 0; i < count && running_; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      Dispatch(event.data.u64, event.events);
      RunDeferred();
    }
  }
}

void EventLoop::Dispatch(uint64_t data, uint32_t events) {
  const auto found = watched_.find(static_cast<int>(data & 0xFFFFFFFF));
  if (found == watched_.end() || found->second.generation != data >> 32) return;
  const std::shared_ptr<Callback> callback = found->second.callback;
  (*callback)(events);
}

void EventLoop::RunDeferred() {
  while (!deferred_.empty()) {
    std::vector<Task> tasks;
    tasks.swap(deferred_);
    for (const Task& task : tasks) task();
  }
}

void EventLoop::RunTimers() {
  while (!timers_.empty() && timers_.begin()->first <= Clock::now()) {
    const Task task = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    task();
    RunDeferred();
  }
}

int EventLoop::MillisecondsToWait() const {
  if (!deferred_.empty()) return 0;
  if (timers_.empty()) return -1;
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - Clock::now());
  return wait.count() < 0 ? 0 : static_cast<int>(wait.count());
}

}  // namespace hcs::emulator::worker
