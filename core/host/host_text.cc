#include "core/host/host_text.h"

#include "core/document/invalid_field.h"
#include "core/platform/unicode.h"

namespace hcs::host {

absl::StatusOr<std::u16string> ToHostText(std::string_view parameter, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return document::InvalidField(parameter, "must not hold a NUL character");
  }
  auto utf16 = platform::Utf8ToUtf16Strict(text);
  if (!utf16) return document::InvalidField(parameter, "must be valid UTF-8");
  return *std::move(utf16);
}

std::string HostText::ToUtf8() const {
  return text_ == nullptr ? std::string() : platform::Utf16ToUtf8(text_);
}

}  // namespace hcs::host
