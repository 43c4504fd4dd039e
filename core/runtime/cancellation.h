// A caller's right to stop waiting. Cancelling ends the wait, not the host's
// work.

#ifndef HCS_CORE_RUNTIME_CANCELLATION_H_
#define HCS_CORE_RUNTIME_CANCELLATION_H_

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace hcs::runtime {

// One call's cancellation. Thread-safe.
class Cancellation {
 public:
  using Callback = absl::AnyInvocable<void() &&>;

  // Runs the callback that is set, if any, on this thread. Later calls do
  // nothing.
  void Cancel();

  bool cancelled() const;

  // Sets what Cancel() runs, in place of what was set before; nullptr removes
  // it. Runs it at once when already cancelled. A callback that is being run by
  // another thread may still be running when this returns.
  void OnCancel(Callback callback);

 private:
  mutable absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  Callback callback_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_CANCELLATION_H_
