#include "core/host/notification_faults.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "core/abi/hresult.h"
#include "core/host/fault_injection.h"

namespace hcs::host {
namespace {

bool Applies(NotificationFaults::Number fault, NotificationFaults::Number notification) {
  return fault == FaultInjection::kEvery || fault == notification;
}

bool AnyApplies(const std::vector<NotificationFaults::Number>& faults,
                NotificationFaults::Number notification) {
  return std::any_of(faults.begin(), faults.end(), [&](NotificationFaults::Number fault) {
    return Applies(fault, notification);
  });
}

}  // namespace

class NotificationFaults::Route : public std::enable_shared_from_this<Route> {
 public:
  Route(NotificationFaults& owner, abi::HcsNotificationCallback callback, void* context)
      : owner_(owner), callback_(callback), context_(context) {}

  NotificationFaults& owner() const { return owner_; }

  void Deliver(const Content& content) {
    absl::MutexLock lock(&mutex_);
    if (callback_ == nullptr) return;
    callback_(content.type, context_, content.status,
              content.data ? content.data->c_str() : nullptr);
  }

  void Retire() {
    absl::MutexLock lock(&mutex_);
    callback_ = nullptr;
  }

 private:
  NotificationFaults& owner_;
  absl::Mutex mutex_;
  abi::HcsNotificationCallback callback_ ABSL_GUARDED_BY(mutex_);
  void* const context_;
};

NotificationFaults::NotificationFaults() : thread_([this] { DeliverLate(); }) {}

NotificationFaults::~NotificationFaults() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    MakeDue(std::nullopt);
  }
  thread_.join();
}

void NotificationFaults::Lose(uint32_t type, Number notification) {
  absl::MutexLock lock(&mutex_);
  types_[type].lost.push_back(notification);
}

void NotificationFaults::Duplicate(uint32_t type, Number notification) {
  absl::MutexLock lock(&mutex_);
  types_[type].duplicated.push_back(notification);
}

void NotificationFaults::Postpone(uint32_t type, Number notification, absl::Duration delay) {
  absl::MutexLock lock(&mutex_);
  types_[type].postponed.push_back({notification, delay});
}

void NotificationFaults::ReleaseNotifications(uint32_t type) {
  absl::MutexLock lock(&mutex_);
  types_[type].postponed.clear();
  MakeDue(type);
}

NotificationFaults::Number NotificationFaults::notifications(uint32_t type) const {
  absl::MutexLock lock(&mutex_);
  const auto found = types_.find(type);
  return found == types_.end() ? 0 : found->second.notifications;
}

bool NotificationFaults::WaitForPostponed(uint32_t type, int count, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  const auto held = [&] {
    return std::count_if(late_.begin(), late_.end(), [&](const auto& entry) {
             return entry.second.content.type == type;
           }) >= count;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&held), timeout);
}

void NotificationFaults::DisconnectService() {
  absl::MutexLock lock(&mutex_);
  const Content lost{abi::HcsNotificationServiceDisconnect, abi::S_OK, std::nullopt};
  for (const auto& [handle, route] : routes_)
    late_.emplace(absl::InfinitePast(), Late{route, lost});
}

void NotificationFaults::Clear() {
  absl::MutexLock lock(&mutex_);
  for (auto& [type, faults] : types_) faults = Type{.notifications = faults.notifications};
  MakeDue(std::nullopt);
}

void NotificationFaults::MakeDue(std::optional<uint32_t> type) {
  std::multimap<absl::Time, Late> rest;
  for (auto& [due, late] : std::exchange(late_, {})) {
    const bool now = !type || late.content.type == *type;
    (now ? late_ : rest).emplace(now ? absl::InfinitePast() : due, std::move(late));
  }
  late_.merge(rest);
}

std::shared_ptr<NotificationFaults::Route> NotificationFaults::NewRoute(
    abi::HcsNotificationCallback callback, void* context) {
  return std::make_shared<Route>(*this, callback, context);
}

void NotificationFaults::Bind(abi::HCS_CALLBACK handle, std::shared_ptr<Route> route) {
  absl::MutexLock lock(&mutex_);
  routes_[handle] = std::move(route);
}

void NotificationFaults::Unbind(abi::HCS_CALLBACK handle) {
  std::shared_ptr<Route> route;
  {
    absl::MutexLock lock(&mutex_);
    if (auto node = routes_.extract(handle)) route = std::move(node.mapped());
  }
  if (route != nullptr) route->Retire();
}

void NotificationFaults::OnHost(uint32_t type, void* route, abi::HRESULT status, abi::PCWSTR data) {
  const auto shared = static_cast<Route*>(route)->shared_from_this();
  Content content{type, status, std::nullopt};
  if (data != nullptr) content.data = data;
  shared->owner().Receive(shared, content);
}

void NotificationFaults::Receive(const std::shared_ptr<Route>& route, const Content& content) {
  int times = 1;
  {
    absl::MutexLock lock(&mutex_);
    Type& faults = types_[content.type];
    const Number number = ++faults.notifications;
    if (AnyApplies(faults.lost, number)) return;
    if (AnyApplies(faults.duplicated, number)) times = 2;
    const auto postponed = std::find_if(
        faults.postponed.begin(), faults.postponed.end(),
        [&](const Postponement& fault) { return Applies(fault.notification, number); });
    if (postponed != faults.postponed.end()) {
      const absl::Time due = absl::Now() + postponed->delay;
      for (; times > 0; --times) late_.emplace(due, Late{route, content});
      return;
    }
  }
  for (; times > 0; --times) route->Deliver(content);
}

void NotificationFaults::DeliverLate() {
  absl::MutexLock lock(&mutex_);
  for (;;) {
    const auto changed = [this,
                          first = late_.empty() ? absl::InfiniteFuture() : late_.begin()->first] {
      return stopping_ || (!late_.empty() && late_.begin()->first < first);
    };
    const bool due = !late_.empty() && late_.begin()->first <= absl::Now();
    if (!due && late_.empty() && stopping_) return;
    if (!due) {
      const absl::Time until = late_.empty() ? absl::InfiniteFuture() : late_.begin()->first;
      mutex_.AwaitWithDeadline(absl::Condition(&changed), until);
      continue;
    }
    const Late late = std::move(late_.extract(late_.begin()).mapped());
    mutex_.Unlock();
    late.route->Deliver(late.content);
    mutex_.Lock();
  }
}

}  // namespace hcs::host
