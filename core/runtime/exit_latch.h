// The exit of a container or a process: known once, waited for by any number.

#ifndef HCS_CORE_RUNTIME_EXIT_LATCH_H_
#define HCS_CORE_RUNTIME_EXIT_LATCH_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/runtime/cancellation.h"
#include "core/runtime/io_loop.h"

namespace hcs::runtime {

// Thread-safe. Owned by shared_ptr: timers and cancellations outlive a wait.
template <typename Exit>
class ExitLatch : public std::enable_shared_from_this<ExitLatch<Exit>> {
 public:
  // nullopt: the timeout ran out first.
  using Answer = absl::AnyInvocable<void(absl::StatusOr<std::optional<Exit>>) &&>;

  // Answers when the exit is known, on the thread that made it so, or at once;
  // or when `timeout` (on `loop`) or the cancellation comes first.
  void Wait(IoLoop& loop, std::optional<absl::Duration> timeout, Cancellation& cancellation,
            Answer answer) {
    const uint64_t waiter = AddWaiter(answer);
    if (waiter == 0) {
      std::move(answer)(Outcome());
      return;
    }
    if (timeout.has_value()) SetTimer(loop, waiter, *timeout);
    cancellation.OnCancel([latch = this->weak_from_this(), waiter] {
      if (const auto self = latch.lock()) {
        self->AnswerOne(waiter, absl::CancelledError("the call was cancelled"));
      }
    });
  }

  // False when it was known already: the first counts.
  bool Set(Exit exit) {
    {
      absl::MutexLock lock(&mutex_);
      if (exit_.has_value()) return false;
      exit_ = std::move(exit);
    }
    AnswerAll(Outcome());
    return true;
  }

  // Answers those who wait now with an error; later ones wait.
  void Fail(absl::Status status) { AnswerAll(std::move(status)); }

  // Answers those who wait now with an error, and later ones, too, unless the
  // exit is known.
  void Close(absl::Status status) {
    {
      absl::MutexLock lock(&mutex_);
      if (!closed_.has_value()) closed_ = status;
    }
    AnswerAll(std::move(status));
  }

  std::optional<Exit> Get() const {
    absl::MutexLock lock(&mutex_);
    return exit_;
  }

 private:
  struct Waiter {
    Answer answer;
    std::unique_ptr<Timer> timer;
  };
  using Waiters = absl::flat_hash_map<uint64_t, Waiter>;

  absl::StatusOr<std::optional<Exit>> Outcome() const {
    absl::MutexLock lock(&mutex_);
    if (exit_.has_value()) return exit_;
    return *closed_;
  }

  // The new waiter, or 0, and `answer` as it was, when there is nothing to wait for.
  uint64_t AddWaiter(Answer& answer) {
    absl::MutexLock lock(&mutex_);
    if (exit_.has_value() || closed_.has_value()) return 0;
    waiters_.emplace(++last_waiter_, Waiter{std::move(answer), nullptr});
    return last_waiter_;
  }

  void SetTimer(IoLoop& loop, uint64_t waiter, absl::Duration timeout) {
    auto timer = loop.After(timeout, [latch = this->weak_from_this(), waiter] {
      if (const auto self = latch.lock()) self->AnswerOne(waiter, std::optional<Exit>());
    });
    absl::MutexLock lock(&mutex_);
    if (const auto found = waiters_.find(waiter); found != waiters_.end()) {
      found->second.timer = std::move(timer);
    }
  }

  void AnswerOne(uint64_t waiter, absl::StatusOr<std::optional<Exit>> outcome) {
    typename Waiters::node_type node;
    {
      absl::MutexLock lock(&mutex_);
      node = waiters_.extract(waiter);
    }
    if (!node.empty()) std::move(node.mapped().answer)(std::move(outcome));
  }

  void AnswerAll(absl::StatusOr<std::optional<Exit>> outcome) {
    Waiters waiters;
    {
      absl::MutexLock lock(&mutex_);
      waiters.swap(waiters_);
    }
    for (auto& [unused, waiter] : waiters) std::move(waiter.answer)(outcome);
  }

  mutable absl::Mutex mutex_;
  std::optional<Exit> exit_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> closed_ ABSL_GUARDED_BY(mutex_);
  Waiters waiters_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_waiter_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_EXIT_LATCH_H_
