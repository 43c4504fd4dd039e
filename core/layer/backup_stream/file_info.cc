#include "core/layer/backup_stream/file_info.h"

namespace hcs::layer {
namespace {

constexpr int64_t kUnitsPerSecond = 10'000'000;
constexpr int64_t kNanosecondsPerUnit = 100;
// From 1601 to 1970: 369 years with 89 leap days.
constexpr int64_t kSecondsTo1970 = (369 * 365 + 89) * int64_t{86400};

// Seconds since 1601, rounded down, and the units after them.
struct SplitTime {
  int64_t seconds;
  int64_t units;
};

constexpr SplitTime Split(int64_t file_time) {
  SplitTime split{file_time / kUnitsPerSecond, file_time % kUnitsPerSecond};
  if (split.units < 0) {
    split.units += kUnitsPerSecond;
    --split.seconds;
  }
  return split;
}

constexpr SplitTime kFirst = Split(INT64_MIN);
constexpr SplitTime kLast = Split(INT64_MAX);

bool IsBefore(const SplitTime& a, const SplitTime& b) {
  return a.seconds < b.seconds || (a.seconds == b.seconds && a.units < b.units);
}

}  // namespace

UnixTime ToUnixTime(int64_t file_time) {
  const SplitTime split = Split(file_time);
  return {split.seconds - kSecondsTo1970, static_cast<uint32_t>(split.units * kNanosecondsPerUnit)};
}

std::optional<int64_t> ToFileTime(UnixTime time) {
  if (time.seconds > INT64_MAX - kSecondsTo1970) return std::nullopt;
  const SplitTime split{time.seconds + kSecondsTo1970, time.nanoseconds / kNanosecondsPerUnit};
  if (IsBefore(split, kFirst) || IsBefore(kLast, split)) return std::nullopt;
  // The first second's product alone is below the smallest integer.
  if (split.seconds < 0) {
    return (split.seconds + 1) * kUnitsPerSecond + (split.units - kUnitsPerSecond);
  }
  return split.seconds * kUnitsPerSecond + split.units;
}

}  // namespace hcs::layer
