// The host under a FaultInjection, with the faults that it is to show.

#ifndef HCS_CORE_HOST_FAULTY_HOST_H_
#define HCS_CORE_HOST_FAULTY_HOST_H_

#include <memory>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/abi/hresult.h"
#include "core/host/call_faults.h"
#include "core/host/notification_faults.h"

namespace hcs::host {

// Thread-safe.
class FaultyHost {
 public:
  // `wrapped` must outlive this.
  explicit FaultyHost(const abi::HcsFunctionTable& wrapped) : wrapped_(wrapped) {}

  // A call of any export: the faults, then the host.
  template <typename Function, typename... Arguments>
  abi::HRESULT Intercept(std::string_view name, Function abi::HcsFunctionTable::*entry,
                         Arguments... arguments) {
    const Inside inside(*this);
    if (const auto failure = calls.Enter(name)) return *failure;
    return (wrapped_.*entry)(arguments...);
  }

  template <typename Function, typename Handle>
  abi::HRESULT Register(std::string_view name, Function abi::HcsFunctionTable::*entry,
                        Handle handle, abi::HcsNotificationCallback callback, void* context,
                        abi::HCS_CALLBACK* registration) {
    auto route = notifications.NewRoute(callback, context);
    const abi::HRESULT hresult = Intercept(name, entry, handle, &NotificationFaults::OnHost,
                                           static_cast<void*>(route.get()), registration);
    if (!abi::Failed(hresult)) notifications.Bind(*registration, std::move(route));
    return hresult;
  }

  template <typename Function>
  abi::HRESULT Unregister(std::string_view name, Function abi::HcsFunctionTable::*entry,
                          abi::HCS_CALLBACK registration) {
    const abi::HRESULT hresult = Intercept(name, entry, registration);
    if (!abi::Failed(hresult)) notifications.Unbind(registration);
    return hresult;
  }

  // Returns when no call is under way.
  void WaitUntilEmpty() {
    absl::MutexLock lock(&mutex_);
    const auto empty = [this] {
      mutex_.AssertHeld();
      return inside_ == 0;
    };
    mutex_.Await(absl::Condition(&empty));
  }

  CallFaults calls;
  NotificationFaults notifications;

 private:
  // Counts a call while it is under way.
  class Inside {
   public:
    explicit Inside(FaultyHost& host) : host_(host) { Add(1); }
    ~Inside() { Add(-1); }

   private:
    void Add(int change) {
      absl::MutexLock lock(&host_.mutex_);
      host_.inside_ += change;
    }

    FaultyHost& host_;
  };

  const abi::HcsFunctionTable& wrapped_;
  absl::Mutex mutex_;
  int inside_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_FAULTY_HOST_H_
