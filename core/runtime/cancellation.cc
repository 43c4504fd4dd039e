#include "core/runtime/cancellation.h"

#include <utility>

namespace hcs::runtime {

void Cancellation::Cancel() {
  Callback callback;
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return;
    cancelled_ = true;
    callback = std::exchange(callback_, nullptr);
  }
  if (callback) std::move(callback)();
}

bool Cancellation::cancelled() const {
  absl::MutexLock lock(&mutex_);
  return cancelled_;
}

void Cancellation::OnCancel(Callback callback) {
  {
    absl::MutexLock lock(&mutex_);
    if (!cancelled_) {
      callback_ = std::move(callback);
      return;
    }
  }
  if (callback) std::move(callback)();
}

}  // namespace hcs::runtime
