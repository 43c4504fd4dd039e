// Statistics of a container for any number of watchers: the host is asked once
// per interval, however many watch.

#ifndef HCS_CORE_RUNTIME_STATISTICS_SAMPLER_H_
#define HCS_CORE_RUNTIME_STATISTICS_SAMPLER_H_

#include <memory>
#include <optional>
#include <variant>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::runtime {

class IoLoop;

// One watcher of one container. It is given the newest sample that is due; one
// that is slower than its interval misses samples, and nothing piles up.
// Not thread-safe, but for `wake`.
class StatisticsWatch {
 public:
  struct End {
    absl::Status status;  // OK: the container has exited.
  };
  using Next = std::variant<std::shared_ptr<const v1::Statistics>, End>;

  // `wake` does not run after this returns; do not destroy a watch in `wake`.
  virtual ~StatisticsWatch() = default;

  // The sample that is due, or the end; nullopt when there is none yet, and
  // `wake` runs once when there is.
  virtual std::optional<Next> Pull() = 0;
};

// The sampler of one container. Thread-safe.
class StatisticsSampler {
 public:
  // Answers once with a sample, from any thread, without blocking the caller.
  using Answer = absl::AnyInvocable<void(absl::StatusOr<v1::Statistics>) &&>;
  using Ask = absl::AnyInvocable<void(Answer)>;

  // `loop` (timers and wakes) must outlive this and every answer. `ask` asks the
  // host for one sample; it is called on the loop, at most one is under way, and
  // none is begun while nobody watches.
  StatisticsSampler(IoLoop& loop, Ask ask);
  // Ends the watches that are left with UNAVAILABLE.
  ~StatisticsSampler();

  // `interval` is at least 100 ms. The first sample is due at once. If the host
  // fails to answer twice in a row, every present watch ends with its error.
  std::unique_ptr<StatisticsWatch> Watch(absl::Duration interval, absl::AnyInvocable<void()> wake);

  // Ends every watch, present and future, with `status`.
  void Finish(absl::Status status);

 private:
  struct Core;
  class MemberWatch;

  const std::shared_ptr<Core> core_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STATISTICS_SAMPLER_H_
