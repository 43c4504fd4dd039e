#include "core/runtime/layer_progress.h"

#include <utility>

#include "absl/time/clock.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

}  // namespace

LayerProgress::LayerProgress(Services& services, v1::Event known)
    : services_(services), known_(std::move(known)), next_(absl::Now() + kInterval) {}

void LayerProgress::Note(uint64_t bytes, uint64_t entries) {
  const absl::Time now = absl::Now();
  if (now < next_) return;
  next_ = now + kInterval;
  v1::Event event = known_;
  event.set_type(v1::EVENT_TYPE_LAYER_PROGRESS);
  event.mutable_layer_progress()->set_bytes(static_cast<int64_t>(bytes));
  event.mutable_layer_progress()->set_entries(static_cast<int64_t>(entries));
  services_.journal.Append(std::move(event));
}

}  // namespace hcs::runtime
