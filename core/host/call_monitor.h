// Which calls of the host are in flight.

#ifndef HCS_CORE_HOST_CALL_MONITOR_H_
#define HCS_CORE_HOST_CALL_MONITOR_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace hcs::host {

struct CallInFlight {
  std::string_view function;  // An export's name; static.
  std::string object;
  absl::Duration age;
};

// Thread-safe. Entering and leaving a call takes a lock that few threads share
// and allocates nothing.
class CallMonitor {
 private:
  struct Shard;

 public:
  // One call, from construction to destruction. Lives on the stack of the thread
  // that calls; what the views refer to must outlive it.
  class Scope {
   public:
    Scope(CallMonitor& monitor, std::string_view function, std::string_view object);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    friend class CallMonitor;

    const std::string_view function_;
    const std::string_view object_;
    const absl::Time start_;
    Shard& shard_;
    Scope* previous_ = nullptr;  // Guarded, as next_, by the shard's mutex.
    Scope* next_ = nullptr;
  };

  CallMonitor() = default;
  CallMonitor(const CallMonitor&) = delete;
  CallMonitor& operator=(const CallMonitor&) = delete;

  // The calls in flight, the oldest first.
  std::vector<CallInFlight> Snapshot() const;

 private:
  struct alignas(64) Shard {
    mutable absl::Mutex mutex;
    Scope* first ABSL_GUARDED_BY(mutex) = nullptr;
  };
  static constexpr size_t kShards = 16;

  std::array<Shard, kShards> shards_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_CALL_MONITOR_H_
