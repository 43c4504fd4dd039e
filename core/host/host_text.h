// Text on its way to and from the host: UTF-8 here, UTF-16 there.

#ifndef HCS_CORE_HOST_HOST_TEXT_H_
#define HCS_CORE_HOST_HOST_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/abi/vmcompute.h"

namespace hcs::host {

// `text` as the host takes it. INVALID_ARGUMENT, naming `parameter`: not UTF-8,
// or it holds a NUL, at which the host would stop reading.
absl::StatusOr<std::u16string> ToHostText(std::string_view parameter, std::string_view text);

// Owns a string that the host gives out, and frees it as the host wants it.
class HostText {
 public:
  // `table` must outlive this.
  explicit HostText(const abi::HcsFunctionTable& table) : free_(table.CoTaskMemFree) {}
  ~HostText() {
    if (text_ != nullptr) free_(text_);
  }
  HostText(const HostText&) = delete;
  HostText& operator=(const HostText&) = delete;

  // For the out parameter of one call.
  abi::PWSTR* out() { return &text_; }

  // Whether the host gave nothing, which is not the same as an empty string.
  bool is_null() const { return text_ == nullptr; }

  // Empty when the host gave nothing; U+FFFD stands for what is not UTF-16.
  std::string ToUtf8() const;

 private:
  void (*const free_)(void*);
  abi::PWSTR text_ = nullptr;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_HOST_TEXT_H_
