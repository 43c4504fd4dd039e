// Threads: a bounded pool, and strands over it.

#ifndef HCS_CORE_RUNTIME_EXECUTOR_H_
#define HCS_CORE_RUNTIME_EXECUTOR_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace hcs::runtime {

using Task = absl::AnyInvocable<void() &&>;

// Runs tasks on at most `maximum` threads, which are started as they are
// needed and kept. The destructor stops it; a task that never returns keeps it
// waiting.
class ThreadPool {
 public:
  // `name` (at most 15 bytes) is what a debugger shows the threads as.
  ThreadPool(std::string name, size_t maximum);
  ~ThreadPool();

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Runs what is queued, and what that posts, and joins, as the destructor does.
  // Tasks that others post from then on are dropped.
  void Stop();

  // Never blocks. The queue is unbounded here: who posts bounds what it posts
  // (see CallLane), or posts at most one task at a time (see SerialExecutor).
  void Post(Task task);

  size_t threads() const;
  size_t queued() const;

 private:
  void Run();

  const std::string name_;
  const size_t maximum_;
  mutable absl::Mutex mutex_;
  std::deque<Task> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

// A strand: runs its tasks one at a time, in order, on a pool's threads. A task
// must not block. Cheap: an idle one holds no thread and little memory.
class SerialExecutor {
 public:
  // `pool` must outlive this.
  explicit SerialExecutor(ThreadPool& pool);

  // Tasks that are queued still run.
  ~SerialExecutor() = default;

  SerialExecutor(const SerialExecutor&) = delete;
  SerialExecutor& operator=(const SerialExecutor&) = delete;

  void Post(Task task);

 private:
  struct Queue;
  std::shared_ptr<Queue> queue_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_EXECUTOR_H_
