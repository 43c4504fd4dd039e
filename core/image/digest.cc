#include "core/image/digest.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/layer/compression/sha256.h"
#include "core/layer/layer_name.h"

namespace hcs::image {
namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr size_t kHexDigits = 64;

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

bool IsDigest(std::string_view text) {
  if (!text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  return text.size() == kHexDigits && std::ranges::all_of(text, IsHexDigit);
}

absl::Status CheckDigest(std::string_view field, std::string_view text) {
  if (IsDigest(text)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(field), ": must be \"sha256:\" and 64 hexadecimal digits, is ",
                   layer::QuotedName(text)));
}

std::string_view DigestHex(std::string_view digest) { return digest.substr(kPrefix.size()); }

std::string DigestOf(std::string_view bytes) {
  layer::Sha256 hash;
  hash.Update(bytes);
  return hash.Digest();
}

std::string ChainId(std::string_view parent, std::string_view diff_id) {
  if (parent.empty()) return std::string(diff_id);
  return DigestOf(absl::StrCat(std::string(parent), " ", std::string(diff_id)));
}

}  // namespace hcs::image
