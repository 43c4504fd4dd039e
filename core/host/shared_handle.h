// A handle of the host that many calls use at once and that is closed once.

#ifndef HCS_CORE_HOST_SHARED_HANDLE_H_
#define HCS_CORE_HOST_SHARED_HANDLE_H_

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace hcs::host {

// Thread-safe. The host's handle must not be closed under a call that uses it,
// and closing must not wait for a call that hangs; so it is closed when the last
// lease goes after Close().
template <typename Handle>
class SharedHandle : public std::enable_shared_from_this<SharedHandle<Handle>> {
 public:
  // The right to use the handle; keeps it open.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept {
      if (this != &other) {
        Return();
        owner_ = std::move(other.owner_);
      }
      return *this;
    }
    ~Lease() { Return(); }

    // False when the handle had been closed.
    explicit operator bool() const { return owner_ != nullptr; }
    Handle get() const { return owner_->handle_; }

   private:
    friend class SharedHandle;
    explicit Lease(std::shared_ptr<SharedHandle> owner) : owner_(std::move(owner)) {}

    void Return() {
      if (auto owner = std::move(owner_)) owner->EndUse();
    }

    std::shared_ptr<SharedHandle> owner_;
  };

  // `close` gives the handle back to the host, once.
  SharedHandle(Handle handle, absl::AnyInvocable<void(Handle)> close)
      : handle_(handle), close_(std::move(close)) {}

  Lease Use() {
    absl::MutexLock lock(&mutex_);
    if (closed_) return Lease();
    ++uses_;
    return Lease(this->shared_from_this());
  }

  void Close() {
    {
      absl::MutexLock lock(&mutex_);
      if (std::exchange(closed_, true) || uses_ > 0) return;
    }
    close_(handle_);
  }

 private:
  void EndUse() {
    {
      absl::MutexLock lock(&mutex_);
      if (--uses_ > 0 || !closed_) return;
    }
    close_(handle_);
  }

  const Handle handle_;
  absl::AnyInvocable<void(Handle)> close_;
  absl::Mutex mutex_;
  int uses_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_SHARED_HANDLE_H_
