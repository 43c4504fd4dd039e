#include "core/document/timestamp_text.h"

#include <array>
#include <cstdio>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace hcs::document {
namespace {

constexpr int32_t kNanosPerSecond = 1'000'000'000;
constexpr int32_t kNanosPerTick = 100;
constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

bool InRange(int64_t seconds) { return seconds >= kFirstSecond && seconds <= kLastSecond; }

// Reads from the front of a text. After a failure everything else fails, too.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  bool SkipIf(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void Skip(char wanted) { ok_ = SkipIf(wanted) && ok_; }

  // Exactly `digits` digits.
  int Number(int digits) {
    int value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + Digit();
    return value;
  }

  // 1 to 9 digits, as billionths.
  int32_t Fraction() {
    int32_t value = Digit();
    int digits = 1;
    for (; digits < 9 && AtDigit(); ++digits) value = value * 10 + Digit();
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }

 private:
  bool AtDigit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

  int Digit() {
    if (!AtDigit()) {
      ok_ = false;
      return 0;
    }
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<absl::CivilSecond> ScanCivil(Scanner& scan) {
  const int year = scan.Number(4);
  scan.Skip('-');
  const int month = scan.Number(2);
  scan.Skip('-');
  const int day = scan.Number(2);
  if (!scan.SkipIf('t')) scan.Skip('T');
  const int hour = scan.Number(2);
  scan.Skip(':');
  const int minute = scan.Number(2);
  scan.Skip(':');
  const int second = scan.Number(2);
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  // A civil time carries over what is out of range: 30 February is in March.
  const bool exact = civil.year() == year && civil.month() == month && civil.day() == day &&
                     civil.hour() == hour && civil.minute() == minute && civil.second() == second;
  if (!scan.ok() || !exact) return std::nullopt;
  return civil;
}

// Seconds east of UTC.
std::optional<int64_t> ScanOffset(Scanner& scan) {
  if (scan.SkipIf('Z') || scan.SkipIf('z')) return 0;
  const int sign = scan.SkipIf('-') ? -1 : 1;
  if (sign > 0) scan.Skip('+');
  const int hours = scan.Number(2);
  scan.Skip(':');
  const int minutes = scan.Number(2);
  if (!scan.ok() || hours > 23 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

}  // namespace

std::optional<std::string> FormatTimestamp(TimestampParts time) {
  if (!InRange(time.seconds) || time.nanos < 0 || time.nanos >= kNanosPerSecond) {
    return std::nullopt;
  }
  const absl::CivilSecond civil =
      absl::ToCivilSecond(absl::FromUnixSeconds(time.seconds), absl::UTCTimeZone());
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%07dZ",
                static_cast<int>(civil.year()), civil.month(), civil.day(), civil.hour(),
                civil.minute(), civil.second(), time.nanos / kNanosPerTick);
  return text.data();
}

std::optional<TimestampParts> ParseTimestamp(std::string_view text) {
  Scanner scan(text);
  const auto civil = ScanCivil(scan);
  if (!civil) return std::nullopt;
  TimestampParts time;
  if (scan.SkipIf('.')) time.nanos = scan.Fraction();
  const auto offset = ScanOffset(scan);
  if (!scan.ok() || !scan.at_end() || !offset) return std::nullopt;
  time.seconds = absl::ToUnixSeconds(absl::FromCivil(*civil, absl::UTCTimeZone())) - *offset;
  if (!InRange(time.seconds)) return std::nullopt;
  return time;
}

}  // namespace hcs::document
