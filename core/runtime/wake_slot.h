// How a watcher is woken, and how it can be sure that it no longer is.

#ifndef HCS_CORE_RUNTIME_WAKE_SLOT_H_
#define HCS_CORE_RUNTIME_WAKE_SLOT_H_

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace hcs::runtime {

// Thread-safe. Outlives its watcher while somebody is about to wake it.
class WakeSlot {
 public:
  explicit WakeSlot(absl::AnyInvocable<void()> wake) : wake_(std::move(wake)) {}

  void Wake() {
    absl::MutexLock lock(&mutex_);
    if (wake_) wake_();
  }

  // Waits for a Wake that is running; from then on it does nothing. Not to be
  // called from within the wake itself.
  void Close() {
    absl::MutexLock lock(&mutex_);
    wake_ = nullptr;
  }

 private:
  absl::Mutex mutex_;
  absl::AnyInvocable<void()> wake_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_WAKE_SLOT_H_
