#include "client/hcsctl/text.h"

#include <array>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace hcs::ctl {
namespace {

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

bool IsSet(const google::protobuf::Timestamp& time) {
  return time.seconds() != 0 || time.nanos() != 0;
}

}  // namespace

std::string Printable(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string BytesText(uint64_t bytes) {
  constexpr std::array<const char*, 6> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? absl::StrCat(bytes, " B") : absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

std::string AgeText(const google::protobuf::Timestamp& time) {
  if (!IsSet(time)) return "-";
  const auto seconds = absl::ToInt64Seconds(absl::Now() - ToTime(time));
  struct Unit {
    int64_t seconds;
    const char* name;
  };
  constexpr Unit kUnits[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
  for (const Unit& unit : kUnits) {
    const int64_t count = seconds / unit.seconds;
    if (count > 0) return absl::StrCat(count, " ", unit.name, count == 1 ? "" : "s", " ago");
  }
  return "just now";
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (!IsSet(time)) return "-";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", ToTime(time), absl::UTCTimeZone());
}

std::string StateText(v1::ContainerState state) {
  constexpr absl::string_view kPrefix = "CONTAINER_STATE_";
  const std::string& name = v1::ContainerState_Name(state);
  if (name.size() <= kPrefix.size()) return absl::StrCat(static_cast<int>(state));
  return absl::AsciiStrToLower(name.substr(kPrefix.size()));
}

}  // namespace hcs::ctl
