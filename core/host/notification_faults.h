// The faults of notifications: what the host gives passes through here.

#ifndef HCS_CORE_HOST_NOTIFICATION_FAULTS_H_
#define HCS_CORE_HOST_NOTIFICATION_FAULTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/abi/vmcompute.h"

namespace hcs::host {

// Thread-safe. See FaultInjection for what each function does. Delivers what is
// late on a thread of its own.
class NotificationFaults {
 public:
  using Number = uint64_t;

  // One registration of a caller. Its callback runs once at a time, and not
  // after Retire().
  class Route;

  NotificationFaults();
  // Delivers what is held.
  ~NotificationFaults();

  void Lose(uint32_t type, Number notification);
  void Duplicate(uint32_t type, Number notification);
  void Postpone(uint32_t type, Number notification, absl::Duration delay);
  void ReleaseNotifications(uint32_t type);
  Number notifications(uint32_t type) const;
  bool WaitForPostponed(uint32_t type, int count, absl::Duration timeout) const;
  void DisconnectService();
  void Clear();

  // What a caller registers. The wrapped host is given OnHost and the route as
  // its context, in place of the caller's own.
  std::shared_ptr<Route> NewRoute(abi::HcsNotificationCallback callback, void* context);
  static void OnHost(uint32_t type, void* route, abi::HRESULT status, abi::PCWSTR data);
  // The host has registered it under `handle`, until Unbind().
  void Bind(abi::HCS_CALLBACK handle, std::shared_ptr<Route> route);
  // Once the host has unregistered it: waits until its callback has returned.
  void Unbind(abi::HCS_CALLBACK handle);

 private:
  struct Content {
    uint32_t type;
    abi::HRESULT status;
    std::optional<std::u16string> data;
  };
  struct Late {
    std::shared_ptr<Route> route;
    Content content;
  };
  struct Postponement {
    Number notification;
    absl::Duration delay;
  };
  struct Type {
    Number notifications = 0;
    std::vector<Number> lost;
    std::vector<Number> duplicated;
    std::vector<Postponement> postponed;
  };

  void Receive(const std::shared_ptr<Route>& route, const Content& content);
  void MakeDue(std::optional<uint32_t> type) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DeliverLate();

  mutable absl::Mutex mutex_;
  std::map<uint32_t, Type> types_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<abi::HCS_CALLBACK, std::shared_ptr<Route>> routes_ ABSL_GUARDED_BY(mutex_);
  // By the time that they are due; those of one time in the order they came.
  std::multimap<absl::Time, Late> late_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_NOTIFICATION_FAULTS_H_
