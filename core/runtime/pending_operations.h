// Operations of one compute system that complete by a notification.

#ifndef HCS_CORE_RUNTIME_PENDING_OPERATIONS_H_
#define HCS_CORE_RUNTIME_PENDING_OPERATIONS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/runtime/io_loop.h"

namespace hcs::runtime {

// Thread-safe. Finishers run on the thread that brings the outcome, with no
// lock held.
class PendingOperations : public std::enable_shared_from_this<PendingOperations> {
 public:
  using Finish = absl::AnyInvocable<void(absl::Status) &&>;

  // Expects a notification of `type`, before the call that leads to it is made,
  // since it may come before the call returns. `function` and `object` name the
  // call in a TIMEOUT, which comes after `timeout`.
  uint64_t Expect(uint32_t type, std::string function, std::string object, IoLoop& loop,
                  absl::Duration timeout, Finish finish);

  // The call failed: its operation finishes with `status`.
  void Withdraw(uint64_t operation, absl::Status status);

  // The oldest operation that expects `type` has this outcome.
  void Complete(uint32_t type, absl::Status outcome);

  // No notification of theirs comes any more: the outcome of an operation is
  // what `outcome` makes of its function and object.
  void FailAll(absl::FunctionRef<absl::Status(const std::string&, const std::string&)> outcome);

 private:
  struct Operation {
    uint64_t number;
    uint32_t type;
    std::string function;
    std::string object;
    Finish finish;
    std::unique_ptr<Timer> timer;
  };

  // Takes the operation out; empty when it has finished.
  std::list<Operation> Take(uint64_t operation);

  absl::Mutex mutex_;
  std::list<Operation> operations_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_number_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_PENDING_OPERATIONS_H_
