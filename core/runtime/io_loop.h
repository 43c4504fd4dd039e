// An I/O thread: readiness of descriptors, and timers. Asio stays behind it.

#ifndef HCS_CORE_RUNTIME_IO_LOOP_H_
#define HCS_CORE_RUNTIME_IO_LOOP_H_

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "core/runtime/executor.h"

namespace hcs::runtime {

// A one-shot timer. Thread-safe. Destroying it cancels it; the task may still
// run if it had been due by then. To be destroyed before its loop.
class Timer {
 public:
  virtual ~Timer() = default;
};

// Watches one descriptor, which it does not own and which must stay open until
// the watch is destroyed; it is made non-blocking. What the system cannot watch,
// such as a file, counts as always ready. Used on the loop's thread only, and
// destroyed before its loop.
class ReadinessWatch {
 public:
  virtual ~ReadinessWatch() = default;
  // Runs `ready` once, on the loop, when the descriptor can be read or written
  // or is in error. One wait of each kind at a time. Destroying the watch drops
  // the callback without running it.
  virtual void WhenReadable(Task ready) = 0;
  virtual void WhenWritable(Task ready) = 0;
};

// One thread. Its tasks must neither block nor call the host's table.
class IoLoop {
 public:
  IoLoop();
  // Stops.
  ~IoLoop();

  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  // Joins the thread: nothing runs from then on. Not on the loop's thread.
  void Stop();

  // From any thread. Tasks run in order.
  void Post(Task task);
  // Runs `task` at once when called on the loop's thread, else posts it.
  void Dispatch(Task task);

  // From any thread: runs `task` on the loop after `delay`.
  std::unique_ptr<Timer> After(absl::Duration delay, Task task);

  // On the loop's thread. Takes the descriptor as an integer (see core/abi); one
  // watch per descriptor at a time.
  std::unique_ptr<ReadinessWatch> Watch(int descriptor);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IO_LOOP_H_
