#include <catch2/catch.hpp>
#include <string>

#include "core/document/timestamp_text.h"

namespace hcs::document {
namespace {

TEST_CASE("Times are written in UTC with 7 digits", "[document]") {
  CHECK(FormatTimestamp({0, 0}) == "1970-01-01T00:00:00.0000000Z");
  CHECK(FormatTimestamp({1477058700, 123456789}) == "2016-10-21T14:05:00.1234567Z");
  CHECK(FormatTimestamp({-1, 999999900}) == "1969-12-31T23:59:59.9999999Z");
  CHECK(FormatTimestamp({-62135596800, 0}) == "0001-01-01T00:00:00.0000000Z");
  CHECK(FormatTimestamp({253402300799, 999999999}) == "9999-12-31T23:59:59.9999999Z");
  CHECK_FALSE(FormatTimestamp({-62135596801, 0}));
  CHECK_FALSE(FormatTimestamp({253402300800, 0}));
  CHECK_FALSE(FormatTimestamp({0, -1}));
  CHECK_FALSE(FormatTimestamp({0, 1000000000}));
}

TEST_CASE("Times are read with 0 to 9 digits and any offset", "[document]") {
  const auto reads_as = [](std::string_view text, int64_t seconds, int32_t nanos) {
    INFO(text);
    const auto time = ParseTimestamp(text);
    REQUIRE(time);
    CHECK(time->seconds == seconds);
    CHECK(time->nanos == nanos);
  };
  reads_as("1970-01-01T00:00:00Z", 0, 0);
  reads_as("2016-10-21T14:05:00.1234567Z", 1477058700, 123456700);
  reads_as("2016-10-21T14:05:00.1Z", 1477058700, 100000000);
  reads_as("2016-10-21T14:05:00.123456789Z", 1477058700, 123456789);
  reads_as("2016-10-21T16:05:00+02:00", 1477058700, 0);
  reads_as("2016-10-21T08:35:00.5-05:30", 1477058700, 500000000);
  reads_as("2016-10-21t14:05:00z", 1477058700, 0);
  reads_as("2016-02-29T00:00:00Z", 1456704000, 0);
  reads_as("0001-01-01T00:00:00Z", -62135596800, 0);
  reads_as("9999-12-31T23:59:59.999999999Z", 253402300799, 999999999);
  reads_as("1969-12-31T23:59:59.9Z", -1, 900000000);
}

TEST_CASE("What is not such a time is refused", "[document]") {
  for (const char* text : {"",
                           "2016",
                           "2016-10-21",
                           "2016-10-21T14:05:00",
                           "2016-10-21T14:05Z",
                           "2016-10-21 14:05:00Z",
                           "2016-10-21T14:05:00.Z",
                           "2016-10-21T14:05:00.1234567891Z",
                           "2016-10-21T14:05:00Zx",
                           "2016-10-21T14:05:00+0200",
                           "2016-10-21T14:05:00+24:00",
                           "2016-10-21T14:05:00+02:60",
                           "2016-02-30T00:00:00Z",
                           "2015-02-29T00:00:00Z",
                           "2016-13-01T00:00:00Z",
                           "2016-00-01T00:00:00Z",
                           "2016-10-21T24:00:00Z",
                           "2016-10-21T14:60:00Z",
                           "2016-10-21T14:05:60Z",
                           "0000-12-31T00:00:00Z",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "-016-10-21T14:05:00Z",
                           "+016-10-21T14:05:00Z",
                           "2016-1a-21T14:05:00Z"}) {
    INFO(text);
    CHECK_FALSE(ParseTimestamp(text));
  }
}

}  // namespace
}  // namespace hcs::document
