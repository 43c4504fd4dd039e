#include "core/layer/tar/pax_time.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace hcs::layer {
namespace {

constexpr uint32_t kNanosPerSecond = 1'000'000'000;
constexpr size_t kNanoDigits = 9;

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string FormatPaxTime(UnixTime time) {
  // What is before 1970 counts down from the next second.
  const bool from_next = time.seconds < 0 && time.nanoseconds != 0;
  const int64_t whole = from_next ? time.seconds + 1 : time.seconds;
  uint32_t part = from_next ? kNanosPerSecond - time.nanoseconds : time.nanoseconds;
  std::string text = from_next && whole == 0 ? "-0" : std::to_string(whole);
  if (part == 0) return text;
  text += '.';
  for (uint32_t unit = kNanosPerSecond / 10; part != 0; unit /= 10) {
    text += static_cast<char>('0' + part / unit);
    part %= unit;
  }
  return text;
}

std::optional<UnixTime> ParsePaxTime(std::string_view text) {
  const bool negative = text.starts_with('-');
  const size_t point = text.find('.');
  std::string_view whole = text.substr(0, point);
  std::string_view fraction;
  if (point != std::string_view::npos) fraction = text.substr(point + 1);

  UnixTime time;
  const auto [end, error] =
      std::from_chars(whole.data(), whole.data() + whole.size(), time.seconds);
  if (error != std::errc() || end != whole.data() + whole.size()) return std::nullopt;
  if (!AllDigits(fraction)) return std::nullopt;

  uint32_t nanos = 0;
  for (size_t i = 0; i < kNanoDigits; ++i) {
    nanos = nanos * 10 + (i < fraction.size() ? static_cast<uint32_t>(fraction[i] - '0') : 0);
  }
  const bool more = fraction.size() > kNanoDigits &&
                    fraction.find_first_not_of('0', kNanoDigits) != std::string_view::npos;
  if (!negative) {
    time.nanoseconds = nanos;
    return time;
  }
  nanos += more ? 1 : 0;  // Towards the past.
  if (nanos == 0) return time;
  if (time.seconds == INT64_MIN) return std::nullopt;
  time.seconds -= 1;
  time.nanoseconds = kNanosPerSecond - nanos;
  return time;
}

}  // namespace hcs::layer
