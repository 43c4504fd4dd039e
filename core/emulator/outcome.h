// The emulator's own way to say what went wrong: an HRESULT and, for the result
// document, words that name the field or object concerned.

#ifndef HCS_CORE_EMULATOR_OUTCOME_H_
#define HCS_CORE_EMULATOR_OUTCOME_H_

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/abi/hresult.h"

namespace hcs::emulator {

// S_OK, pending, or a failure with words for the result document.
struct Status {
  abi::HRESULT code = abi::S_OK;
  std::string message;

  bool ok() const { return code == abi::S_OK; }
};

// A value, or why there is none.
template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : content_(std::move(value)) {}          // NOLINT: as absl::StatusOr
  Outcome(Status failure) : content_(std::move(failure)) {  // NOLINT: as absl::StatusOr
    assert(!std::get<Status>(content_).ok());
  }

  bool ok() const { return std::holds_alternative<T>(content_); }
  const T& operator*() const& { return std::get<T>(content_); }
  T& operator*() & { return std::get<T>(content_); }
  T&& operator*() && { return std::get<T>(std::move(content_)); }
  const T* operator->() const { return &std::get<T>(content_); }
  T* operator->() { return &std::get<T>(content_); }

  // Of an outcome that is not ok().
  const Status& failure() const { return std::get<Status>(content_); }

 private:
  std::variant<T, Status> content_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_OUTCOME_H_
