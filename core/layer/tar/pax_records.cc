#include "core/layer/tar/pax_records.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hcs::layer {
namespace {

absl::Status BrokenRecord(size_t offset, const char* rule) {
  return absl::InvalidArgumentError(absl::StrCat("PAX record at byte ", offset, " ", rule));
}

}  // namespace

absl::StatusOr<std::vector<PaxRecord>> ParsePaxRecords(std::string_view body) {
  std::vector<PaxRecord> records;
  for (size_t offset = 0; offset < body.size();) {
    const std::string_view rest = body.substr(offset);
    size_t length = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
    const auto digits = static_cast<size_t>(end - rest.data());
    if (error != std::errc() || digits == rest.size() || *end != ' ') {
      return BrokenRecord(offset, "must begin with its length and a space");
    }
    if (length > rest.size()) return BrokenRecord(offset, "is longer than its header");
    if (length < digits + 3 || rest[length - 1] != '\n') {
      return BrokenRecord(offset, "must end with a newline where its length says");
    }
    const std::string_view text = rest.substr(digits + 1, length - digits - 2);
    const size_t equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos ||
        text.substr(0, equals).find('\0') != std::string_view::npos) {
      return BrokenRecord(offset, "must have a key and '='");
    }
    records.push_back({std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))});
    offset += length;
  }
  return records;
}

void AppendPaxRecord(std::string_view key, std::string_view value, std::string* body) {
  // The length counts its own digits.
  const size_t without_digits = 1 + key.size() + 1 + value.size() + 1;
  size_t length = without_digits + 1;
  while (without_digits + std::to_string(length).size() != length) {
    length = without_digits + std::to_string(length).size();
  }
  body->append(std::to_string(length)).append(" ");
  body->append(key).append("=").append(value).append("\n");
}

void MergeRecord(PaxRecord record, std::vector<PaxRecord>* records) {
  const auto old = std::find_if(records->begin(), records->end(), [&](const PaxRecord& candidate) {
    return candidate.key == record.key;
  });
  if (old == records->end()) {
    // An empty record of a vendor's, such as an empty extended attribute, is one all the same.
    const bool vendors = record.key.find('.') != std::string::npos;
    if (vendors || !record.value.empty()) records->push_back(std::move(record));
  } else if (record.value.empty()) {
    records->erase(old);
  } else {
    old->value = std::move(record.value);
  }
}

}  // namespace hcs::layer
