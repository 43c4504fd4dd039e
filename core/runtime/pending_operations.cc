#include "core/runtime/pending_operations.h"

#include <algorithm>
#include <utility>

#include "core/host/host_error.h"

namespace hcs::runtime {

uint64_t PendingOperations::Expect(uint32_t type, std::string function, std::string object,
                                   IoLoop& loop, absl::Duration timeout, Finish finish) {
  uint64_t number = 0;
  {
    absl::MutexLock lock(&mutex_);
    number = ++last_number_;
    operations_.push_back({number, type, function, object, std::move(finish), nullptr});
  }
  auto timer = loop.After(timeout, [weak = weak_from_this(), number, function, object] {
    if (const auto self = weak.lock()) {
      self->Withdraw(number, host::MakeOwnStatus(host::OwnError::kTimeout, {function, object}));
    }
  });
  absl::MutexLock lock(&mutex_);
  const auto found = std::find_if(operations_.begin(), operations_.end(),
                                  [&](const Operation& op) { return op.number == number; });
  if (found != operations_.end()) found->timer = std::move(timer);
  return number;
}

std::list<PendingOperations::Operation> PendingOperations::Take(uint64_t operation) {
  std::list<Operation> taken;
  absl::MutexLock lock(&mutex_);
  const auto found = std::find_if(operations_.begin(), operations_.end(),
                                  [&](const Operation& op) { return op.number == operation; });
  if (found != operations_.end()) taken.splice(taken.begin(), operations_, found);
  return taken;
}

void PendingOperations::Withdraw(uint64_t operation, absl::Status status) {
  for (Operation& taken : Take(operation)) std::move(taken.finish)(status);
}

void PendingOperations::Complete(uint32_t type, absl::Status outcome) {
  uint64_t oldest = 0;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = std::find_if(operations_.begin(), operations_.end(),
                                    [&](const Operation& op) { return op.type == type; });
    if (found == operations_.end()) return;
    oldest = found->number;
  }
  Withdraw(oldest, std::move(outcome));
}

void PendingOperations::FailAll(
    absl::FunctionRef<absl::Status(const std::string&, const std::string&)> outcome) {
  std::list<Operation> taken;
  {
    absl::MutexLock lock(&mutex_);
    taken.swap(operations_);
  }
  for (Operation& operation : taken) {
    std::move(operation.finish)(outcome(operation.function, operation.object));
  }
}

}  // namespace hcs::runtime
