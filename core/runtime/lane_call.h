// A call of the host on behalf of one that waits for an answer.

#ifndef HCS_CORE_RUNTIME_LANE_CALL_H_
#define HCS_CORE_RUNTIME_LANE_CALL_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "core/runtime/call_lane.h"

namespace hcs::runtime {

// Runs `body(done)` on `lane`; if the lane has no room, answers `done` with the
// lane's error. `Done` takes an absl::StatusOr or an absl::Status.
template <typename Done, typename Body>
void CallOnLane(CallLane& lane, CallLane::Priority priority, Done done, Body body) {
  auto shared = std::make_shared<Done>(std::move(done));
  absl::Status posted = lane.Post(priority, [shared, body = std::move(body)]() mutable {
    std::move(body)(std::move(*shared));
  });
  if (!posted.ok()) std::move (*shared)(std::move(posted));
}

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LANE_CALL_H_
