// An answer that two may give, of whom the first is heard.

#ifndef HCS_CORE_RUNTIME_ANSWER_ONCE_H_
#define HCS_CORE_RUNTIME_ANSWER_ONCE_H_

#include <atomic>
#include <utility>

#include "absl/status/statusor.h"
#include "core/runtime/call.h"

namespace hcs::runtime {

// Thread-safe.
template <typename Response>
class AnswerOnce {
 public:
  explicit AnswerOnce(Done<Response> done) : done_(std::move(done)) {}

  // Answers, unless that has been done already.
  void Answer(absl::StatusOr<Response> response) {
    if (answered_.exchange(true)) return;
    std::move(done_)(std::move(response));
    done_ = nullptr;
  }

 private:
  std::atomic<bool> answered_ = false;
  Done<Response> done_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_ANSWER_ONCE_H_
