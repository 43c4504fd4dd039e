#include "core/network/object_id.h"

#include <cstddef>

#include "absl/strings/ascii.h"

namespace hcs::network {
namespace {

// X is a hexadecimal digit.
constexpr std::string_view kShape = "XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX";

}  // namespace

std::optional<std::string> ParseObjectId(std::string_view text) {
  if (text.size() == kShape.size() + 2 && text.starts_with('{') && text.ends_with('}')) {
    text = text.substr(1, kShape.size());
  }
  if (text.size() != kShape.size()) return std::nullopt;
  std::string id(text);
  for (size_t i = 0; i < id.size(); ++i) {
    const auto byte = static_cast<unsigned char>(id[i]);
    const bool fits = kShape[i] == 'X' ? absl::ascii_isxdigit(byte) : id[i] == '-';
    if (!fits) return std::nullopt;
    id[i] = absl::ascii_tolower(byte);
  }
  return id;
}

std::string ObjectKey(const std::string& id) { return ParseObjectId(id).value_or(id); }

bool SameObjectId(std::string_view one, std::string_view other) {
  const auto id = ParseObjectId(one);
  return id ? id == ParseObjectId(other) : one == other;
}

}  // namespace hcs::network
