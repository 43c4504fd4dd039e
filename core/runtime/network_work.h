// How the calls of NetworkOperations run.

#ifndef HCS_CORE_RUNTIME_NETWORK_WORK_H_
#define HCS_CORE_RUNTIME_NETWORK_WORK_H_

#include <utility>

#include "core/runtime/lane_call.h"
#include "core/runtime/services.h"

namespace hcs::runtime {

// Answers with what `work()`, which may block, gives: an absl::StatusOr<Response>.
template <typename Response, typename Work>
void AskHns(Services& services, Done<Response> done, Work work) {
  CallOnLane(services.network_queries, CallLane::Priority::kOrdinary, std::move(done),
             [work = std::move(work)](Done<Response> done) mutable { std::move(done)(work()); });
}

// The same, once per request id.
template <typename Request, typename Response, typename Work>
void ChangeHns(Services& services, CallLane& lane, const Request& request,
               const CallContext& context, Done<Response> done, Work work) {
  services.requests.Run<Request, Response>(
      context, request, std::move(done),
      [&lane, work = std::move(work)](CallContext /*context*/, Done<Response> done) mutable {
        CallOnLane(
            lane, CallLane::Priority::kOrdinary, std::move(done),
            [work = std::move(work)](Done<Response> done) mutable { std::move(done)(work()); });
      });
}

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_NETWORK_WORK_H_
