// google.protobuf.Timestamp <-> RFC 3339, as the host writes it.

#ifndef HCS_CORE_DOCUMENT_TIMESTAMP_TEXT_H_
#define HCS_CORE_DOCUMENT_TIMESTAMP_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hcs::document {

// Since 1970-01-01 UTC; `nanos`, from 0 to 999,999,999, counts forward.
struct TimestampParts {
  int64_t seconds = 0;
  int32_t nanos = 0;
};

// "2016-10-21T14:05:00.1234567Z": cut off to the host's 100 ns. nullopt for
// times outside of the years 1 to 9999, or nanos out of range.
std::optional<std::string> FormatTimestamp(TimestampParts time);

// With 0 to 9 fractional digits, and an offset of Z or +hh:mm. nullopt for
// anything else.
std::optional<TimestampParts> ParseTimestamp(std::string_view text);

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_TIMESTAMP_TEXT_H_
