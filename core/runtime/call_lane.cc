#include "core/runtime/call_lane.h"

#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hcs::runtime {

// The tasks of a lane that is in use.
class CallLane::Turns : public std::enable_shared_from_this<Turns> {
 public:
  Turns(ThreadPool& pool, const CallLaneLimits& limits)
      : pool_(pool),
        ordinary_{.running_limit = limits.ordinary, .waiting_limit = limits.queued},
        urgent_{.running_limit = limits.urgent, .waiting_limit = limits.queued} {}

  absl::Status Post(Priority priority, Task task) {
    Queue& queue = QueueOf(priority);
    {
      absl::MutexLock lock(&mutex_);
      if (queue.running == queue.running_limit) {
        if (queue.waiting.size() >= queue.waiting_limit) return Refusal(queue);
        queue.waiting.push_back(std::move(task));
        return absl::OkStatus();
      }
      ++queue.running;
    }
    Run(priority, std::move(task));
    return absl::OkStatus();
  }

 private:
  struct Queue {
    size_t running_limit;
    size_t waiting_limit;
    size_t running = 0;
    std::deque<Task> waiting = {};
  };

  static absl::Status Refusal(const Queue& queue) {
    return absl::ResourceExhaustedError(
        absl::StrCat("too many calls at once: the host is busy with ", queue.running, " and ",
                     queue.waiting.size(), " wait"));
  }

  Queue& QueueOf(Priority priority) { return priority == Priority::kUrgent ? urgent_ : ordinary_; }

  void Run(Priority priority, Task task) {
    pool_.Post([self = shared_from_this(), priority, task = std::move(task)]() mutable {
      std::move(task)();
      task = nullptr;
      self->Finish(priority);
    });
  }

  // Passes the turn on. Through the pool, so that a long queue here does not
  // keep the threads from other containers.
  void Finish(Priority priority) {
    Queue& queue = QueueOf(priority);
    Task next;
    {
      absl::MutexLock lock(&mutex_);
      if (queue.waiting.empty()) {
        --queue.running;
        return;
      }
      next = std::move(queue.waiting.front());
      queue.waiting.pop_front();
    }
    Run(priority, std::move(next));
  }

  ThreadPool& pool_;
  absl::Mutex mutex_;
  Queue ordinary_ ABSL_GUARDED_BY(mutex_);
  Queue urgent_ ABSL_GUARDED_BY(mutex_);
};

CallLane::CallLane(ThreadPool& pool, const CallLaneLimits& limits) : pool_(pool), limits_(limits) {}

absl::Status CallLane::Post(Priority priority, Task task) {
  std::shared_ptr<Turns> turns;
  {
    absl::MutexLock lock(&mutex_);
    turns = turns_.lock();
    if (turns == nullptr) {
      // Not make_shared: the turns' memory is to go with the last task, though
      // this lane still refers to them.
      turns = std::make_unique<Turns>(pool_, limits_);
      turns_ = turns;
    }
  }
  return turns->Post(priority, std::move(task));
}

}  // namespace hcs::runtime
