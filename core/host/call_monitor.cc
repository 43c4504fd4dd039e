#include "core/host/call_monitor.h"

#include <algorithm>
#include <functional>
#include <thread>

#include "absl/time/clock.h"

namespace hcs::host {

CallMonitor::Scope::Scope(CallMonitor& monitor, std::string_view function, std::string_view object)
    : function_(function),
      object_(object),
      start_(absl::Now()),
      shard_(monitor.shards_[std::hash<std::thread::id>()(std::this_thread::get_id()) % kShards]) {
  absl::MutexLock lock(&shard_.mutex);
  next_ = shard_.first;
  if (next_ != nullptr) next_->previous_ = this;
  shard_.first = this;
}

CallMonitor::Scope::~Scope() {
  absl::MutexLock lock(&shard_.mutex);
  (previous_ != nullptr ? previous_->next_ : shard_.first) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
}

std::vector<CallInFlight> CallMonitor::Snapshot() const {
  std::vector<CallInFlight> calls;
  const absl::Time now = absl::Now();
  for (const Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    for (const Scope* call = shard.first; call != nullptr; call = call->next_) {
      calls.push_back({call->function_, std::string(call->object_),
                       std::max(absl::ZeroDuration(), now - call->start_)});
    }
  }
  std::sort(calls.begin(), calls.end(),
            [](const CallInFlight& a, const CallInFlight& b) { return a.age > b.age; });
  return calls;
}

}  // namespace hcs::host
