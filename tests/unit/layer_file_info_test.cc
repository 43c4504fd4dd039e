#include <catch2/catch.hpp>
#include <random>

#include "core/layer/backup_stream/file_info.h"

namespace hcs::layer {
namespace {

constexpr int64_t kFileTimeOf1970 = 116444736000000000;

TEST_CASE("Windows' and Unix' times of known moments", "[layer]") {
  CHECK(ToUnixTime(kFileTimeOf1970) == UnixTime{0, 0});
  CHECK(ToUnixTime(kFileTimeOf1970 + 1) == UnixTime{0, 100});
  CHECK(ToUnixTime(kFileTimeOf1970 - 1) == UnixTime{-1, 999999900});
  CHECK(ToUnixTime(0) == UnixTime{-11644473600, 0});
  CHECK(ToUnixTime(-1) == UnixTime{-11644473601, 999999900});
  // date -u -d '2016-09-26 12:34:56.7891234' +%s.%N
  CHECK(ToUnixTime(131193668967891234) == UnixTime{1474893296, 789123400});
}

TEST_CASE("Every Windows time survives the way there and back", "[layer]") {
  std::mt19937_64 random(1601);
  const auto survives = [](int64_t time) { return ToFileTime(ToUnixTime(time)) == time; };
  for (const int64_t time : {INT64_MIN, INT64_MIN + 1, int64_t{-10000000}, int64_t{-1}, int64_t{0},
                             int64_t{1}, INT64_MAX - 1, INT64_MAX}) {
    CHECK(survives(time));
  }
  for (int i = 0; i < 100000; ++i) {
    const auto time = static_cast<int64_t>(random());
    if (!survives(time)) FAIL(time);
  }
}

TEST_CASE("A Unix time is rounded down to 100 ns", "[layer]") {
  CHECK(ToFileTime({0, 199}) == kFileTimeOf1970 + 1);
  CHECK(ToFileTime({-1, 999999999}) == kFileTimeOf1970 - 1);
}

TEST_CASE("A Unix time that Windows has not is refused", "[layer]") {
  const UnixTime last = ToUnixTime(INT64_MAX);
  const UnixTime first = ToUnixTime(INT64_MIN);
  CHECK_FALSE(ToFileTime({last.seconds, last.nanoseconds + 100}).has_value());
  CHECK_FALSE(ToFileTime({last.seconds + 1, 0}).has_value());
  CHECK_FALSE(ToFileTime({first.seconds, first.nanoseconds - 100}).has_value());
  CHECK_FALSE(ToFileTime({first.seconds - 1, 999999999}).has_value());
  CHECK_FALSE(ToFileTime({INT64_MAX, 0}).has_value());
  CHECK_FALSE(ToFileTime({INT64_MIN, 0}).has_value());
}

}  // namespace
}  // namespace hcs::layer
