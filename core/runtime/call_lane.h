// The gate of one container to the host: how many of its calls may be under way
// at once, so that a container whose calls hang costs a few threads of the pool
// and the others go on.

#ifndef HCS_CORE_RUNTIME_CALL_LANE_H_
#define HCS_CORE_RUNTIME_CALL_LANE_H_

#include <cstddef>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/runtime/executor.h"

namespace hcs::runtime {

// Tasks of one container that run at once, and that wait for their turn, of
// each priority.
struct CallLaneLimits {
  size_t ordinary = 4;
  size_t urgent = 2;
  size_t queued = 1024;
};

// Thread-safe. Takes some tens of bytes; more only while it has tasks.
class CallLane {
 public:
  enum class Priority {
    kOrdinary,
    // Terminate and kill: what frees a container whose ordinary calls hang.
    kUrgent,
  };

  // Both must outlive the lane, and `pool` its tasks.
  CallLane(ThreadPool& pool, const CallLaneLimits& limits);

  // Tasks that are queued still run.
  ~CallLane() = default;

  CallLane(const CallLane&) = delete;
  CallLane& operator=(const CallLane&) = delete;

  // Runs `task` on the pool as soon as fewer than the limit of its priority are
  // running; of one priority they start in order. RESOURCE_EXHAUSTED, with
  // `task` dropped, when as many as may wait do.
  absl::Status Post(Priority priority, Task task);

 private:
  class Turns;

  ThreadPool& pool_;
  const CallLaneLimits& limits_;
  absl::Mutex mutex_;
  // Kept alive by the tasks themselves.
  std::weak_ptr<Turns> turns_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_CALL_LANE_H_
