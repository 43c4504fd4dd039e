// The worker's only thread: waits for descriptors and time.

#ifndef HCS_CORE_EMULATOR_WORKER_EVENT_LOOP_H_
#define HCS_CORE_EMULATOR_WORKER_EVENT_LOOP_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

class EventLoop {
 public:
  using Callback = std::function<void(uint32_t events)>;  // EPOLLIN and its kin.
  using Task = std::function<void()>;

  EventLoop();

  // Level-triggered. A callback may watch, change and forget anything, itself too.
  // With `events` 0 only errors and hang-ups are told.
  void Watch(int fd, uint32_t events, Callback callback);
  void Change(int fd, uint32_t events);
  void Forget(int fd);  // Before the descriptor is closed. Harmless for one not watched.

  // Runs `task` once, after the present callback.
  void Defer(Task task);

  // Runs `task` once, in `delay` from now.
  void After(std::chrono::milliseconds delay, Task task);

  void Run();
  void Stop() { running_ = false; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Watched {
    uint32_t generation;
    std::shared_ptr<Callback> callback;
  };

  void RunDeferred();
  void RunTimers();
  int MillisecondsToWait() const;
  void Dispatch(uint64_t data, uint32_t events);

  platform::UniqueFd epoll_;
  bool running_ = true;
  uint32_t next_generation_ = 1;
  std::map<int, Watched> watched_;
  std::vector<Task> deferred_;
  std::multimap<Clock::time_point, Task> timers_;
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_EVENT_LOOP_H_
