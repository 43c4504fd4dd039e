// What every call of the runtime is given and how it answers.

#ifndef HCS_CORE_RUNTIME_CALL_H_
#define HCS_CORE_RUNTIME_CALL_H_

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/runtime/cancellation.h"

namespace hcs::runtime {

// Who calls, and how to stop waiting. Never null in `cancellation`.
struct CallContext {
  // The authenticated caller, as the transport names it. Request ids are kept
  // apart by caller.
  std::string caller;
  std::shared_ptr<Cancellation> cancellation = std::make_shared<Cancellation>();
  // When the caller stops waiting, as far as it has said so. What can tell more than that
  // the time is up does so a little earlier.
  absl::Time deadline = absl::InfiniteFuture();
};

// Answers a call: invoked exactly once, on the calling thread or on one of the
// runtime's, holding no lock. It must not block.
template <typename Response>
using Done = absl::AnyInvocable<void(absl::StatusOr<Response>) &&>;

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_CALL_H_
