// How the calls of LayerOperations run.

#ifndef HCS_CORE_RUNTIME_LAYER_WORK_H_
#define HCS_CORE_RUNTIME_LAYER_WORK_H_

#include <memory>
#include <string>
#include <utility>

#include "core/runtime/lane_call.h"
#include "core/runtime/layer_turns.h"
#include "core/runtime/services.h"

namespace hcs::runtime {

// Answers with what `work()`, which may block, gives: an absl::StatusOr<Response>.
template <typename Response, typename Work>
void AskOfLayers(Services& services, Done<Response> done, Work work) {
  CallOnLane(services.layer_queries, CallLane::Priority::kOrdinary, std::move(done),
             [work = std::move(work)](Done<Response> done) mutable { std::move(done)(work()); });
}

// The same when it is the claim's turn, which is given on before the answer.
template <typename Response, typename Work>
void ChangeInTurn(Services& services, const CallContext& context, Done<Response> done,
                  LayerClaim claim, Work work) {
  services.layer_turns.Take(
      std::move(claim), context,
      [&services, work = std::move(work),
       done = std::move(done)](absl::StatusOr<LayerTurns::Turn> turn) mutable {
        if (!turn.ok()) {
          std::move(done)(turn.status());
          return;
        }
        CallOnLane(services.layer_changes, CallLane::Priority::kOrdinary, std::move(done),
                   [work = std::move(work), turn = *std::move(turn)](Done<Response> done) mutable {
                     absl::StatusOr<Response> response = work();
                     turn = LayerTurns::Turn();
                     std::move(done)(std::move(response));
                   });
      });
}

// The same, once per request id.
template <typename Request, typename Response, typename Work>
void ChangeLayer(Services& services, const Request& request, const CallContext& context,
                 Done<Response> done, LayerClaim claim, Work work) {
  services.requests.Run<Request, Response>(
      context, request, std::move(done),
      [&services, claim = std::move(claim), work = std::move(work)](const CallContext& context,
                                                                    Done<Response> done) mutable {
        ChangeInTurn<Response>(services, context, std::move(done), std::move(claim),
                               std::move(work));
      });
}

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_WORK_H_
