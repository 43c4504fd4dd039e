// PAX's times: decimal seconds since 1970, with any number of digits after the point.

#ifndef HCS_CORE_LAYER_TAR_PAX_TIME_H_
#define HCS_CORE_LAYER_TAR_PAX_TIME_H_

#include <optional>
#include <string>
#include <string_view>

#include "core/layer/backup_stream/file_info.h"

namespace hcs::layer {

// "1700000000.1234567"; without zeros at the end, and no point before nothing. "-1.5" is one
// second and a half before 1970.
std::string FormatPaxTime(UnixTime time);

// Digits after the ninth are cut off, towards the past. nullopt: anything else than
// [-]digits[.digits], or beyond int64.
std::optional<UnixTime> ParsePaxTime(std::string_view text);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TAR_PAX_TIME_H_
