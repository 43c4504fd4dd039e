#include "core/runtime/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"

namespace hcs::runtime {
namespace {

// A token is this byte, a check of the list and the id, and the id.
constexpr char kVersion = 1;
constexpr size_t kCheckBytes = 4;

// FNV-1a, of 32 bits. It tells what is not a token, or one of another list; it is
// no secret, as a token opens nothing that its bearer could not ask for anyway.
std::string CheckOf(std::string_view list, std::string_view last_id) {
  uint32_t hash = 2166136261u;
  const auto add = [&hash](std::string_view bytes) {
    for (const char byte : bytes) hash = (hash ^ static_cast<uint8_t>(byte)) * 16777619u;
  };
  add(list);
  add(std::string_view("\0", 1));
  add(last_id);
  std::string check(kCheckBytes, '\0');
  for (size_t i = 0; i < kCheckBytes; ++i) check[i] = static_cast<char>(hash >> (8 * i));
  return check;
}

}  // namespace

absl::StatusOr<size_t> PageSize(int32_t page_size) {
  if (page_size == 0) return kDefaultPageSize;
  if (page_size < 0 || static_cast<size_t>(page_size) > kLargestPageSize) {
    return document::InvalidField(
        "page_size", absl::StrCat("must be 0 to ", kLargestPageSize, ", is ", page_size));
  }
  return page_size;
}

std::string EncodePageToken(std::string_view list, std::string_view last_id) {
  std::string bytes(1, kVersion);
  bytes += CheckOf(list, last_id);
  bytes += last_id;
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<std::string> DecodePageToken(std::string_view list, std::string_view token) {
  if (token.empty()) return "";
  std::string bytes;
  if (absl::WebSafeBase64Unescape({token.data(), token.size()}, &bytes) &&
      bytes.size() > 1 + kCheckBytes && bytes[0] == kVersion) {
    std::string last_id = bytes.substr(1 + kCheckBytes);
    if (bytes.compare(1, kCheckBytes, CheckOf(list, last_id)) == 0) return last_id;
  }
  return document::InvalidField("page_token",
                                "must be the next_page_token of an answer of this method");
}

}  // namespace hcs::runtime
