// Answers that many calls give in the same way.

#ifndef HCS_CORE_RUNTIME_ANSWERS_H_
#define HCS_CORE_RUNTIME_ANSWERS_H_

#include <optional>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/runtime/call.h"
#include "core/runtime/exit_latch.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {

// An empty response, or the error.
template <typename Response>
absl::AnyInvocable<void(absl::Status) &&> Acknowledging(Done<Response> done) {
  return [done = std::move(done)](absl::Status status) mutable {
    if (status.ok()) {
      std::move(done)(Response());
    } else {
      std::move(done)(std::move(status));
    }
  };
}

// The exit of what `find(request)` finds (a StatusOr of a pointer to something
// with an ExitLatch), within the request's timeout.
template <typename Request, typename Response, typename Find>
void AnswerWithExit(IoLoop& timers, const Request& request, const CallContext& context,
                    Done<Response> done, Find find) {
  std::optional<absl::Duration> timeout;
  if (request.has_timeout()) {
    const absl::StatusOr<absl::Duration> given = TimeoutFrom("timeout", request.timeout());
    if (!given.ok()) {
      std::move(done)(given.status());
      return;
    }
    timeout = *given;
  }
  const auto found = find(request);
  if (!found.ok()) {
    std::move(done)(found.status());
    return;
  }
  // The cancellation lives for as long as the wait.
  auto answer = [cancellation = context.cancellation, done = std::move(done)](auto exit) mutable {
    if (!exit.ok()) {
      std::move(done)(exit.status());
      return;
    }
    Response response;
    response.set_timed_out(!exit->has_value());
    if (exit->has_value()) *response.mutable_exit() = **std::move(exit);
    std::move(done)(std::move(response));
  };
  (*found)->exit().Wait(timers, timeout, *context.cancellation, std::move(answer));
}

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_ANSWERS_H_
