#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "core/runtime/validation.h"
#include "tests/unit/runtime_invalid_field.h"

namespace hcs::runtime {
namespace {

google::protobuf::Duration Of(int64_t seconds, int32_t nanos) {
  google::protobuf::Duration duration;
  duration.set_seconds(seconds);
  duration.set_nanos(nanos);
  return duration;
}

TEST_CASE("ids that are good") {
  for (const std::string id :
       {"a", "web-1", "with blank", ".hidden", "ünïcode", "日本", "{guid}", "a.b", "%41"}) {
    INFO(id);
    CHECK(CheckContainerId("id", id).ok());
  }
  CHECK(CheckContainerId("id", std::string(255, 'x')).ok());
}

TEST_CASE("ids that break the rule") {
  const std::string nul("a\0b", 3);
  for (const std::string& id : {std::string(),
                                std::string(256, 'x'),
                                std::string("a/b"),
                                std::string("a\\b"),
                                std::string("a:b"),
                                std::string("*"),
                                std::string("a?"),
                                std::string("\"a\""),
                                std::string("<a"),
                                std::string("a>"),
                                std::string("a|b"),
                                std::string("."),
                                std::string(".."),
                                std::string("a."),
                                std::string("a "),
                                std::string(" "),
                                nul,
                                std::string("a\nb"),
                                std::string("a\x7f"),
                                std::string("a\xc2\x85"),
                                std::string("a\xff"),
                                std::string("\xed\xa0\x80")}) {
    INFO(id);
    CHECK(FieldOf(CheckContainerId("container_id", id)) == "container_id");
  }
}

TEST_CASE("labels: count, keys and values") {
  google::protobuf::Map<std::string, std::string> labels;
  CHECK(CheckLabels("labels", labels).ok());
  for (int i = 0; i < 64; ++i) labels["key" + std::to_string(i)] = std::string(4096, 'v');
  CHECK(CheckLabels("labels", labels).ok());
  labels["one more"] = "";
  CHECK(FieldOf(CheckLabels("labels", labels)) == "labels");

  labels.clear();
  labels[std::string(128, 'k')] = "";
  CHECK(CheckLabels("labels", labels).ok());
  labels[std::string(129, 'k')] = "";
  CHECK(FieldOf(CheckLabels("labels", labels)) == "labels");
  labels.clear();
  labels[""] = "x";
  CHECK(FieldOf(CheckLabels("labels", labels)) == "labels");
  labels.clear();
  labels["bad\xff"] = "x";
  CHECK(FieldOf(CheckLabels("labels", labels)) == "labels");
  labels.clear();
  labels["app"] = std::string(4097, 'v');
  CHECK(FieldOf(CheckLabels("labels", labels)) == "labels[app]");
  labels["app"] = "\xff";
  CHECK(FieldOf(CheckLabels("labels", labels)) == "labels[app]");
}

TEST_CASE("console sizes") {
  v1::ConsoleSize size;
  CHECK(FieldOf(CheckConsoleSize("size", size)) == "size.Height");
  size.set_height(1);
  CHECK(FieldOf(CheckConsoleSize("size", size)) == "size.Width");
  size.set_width(32767);
  CHECK(CheckConsoleSize("size", size).ok());
  size.set_height(32768);
  CHECK(FieldOf(CheckConsoleSize("size", size)) == "size.Height");
  size.set_height(std::numeric_limits<uint32_t>::max());
  CHECK(FieldOf(CheckConsoleSize("size", size)) == "size.Height");
}

TEST_CASE("request ids are bounded") {
  CHECK(CheckRequestId("request_id", "").ok());
  CHECK(CheckRequestId("request_id", std::string(128, 'r')).ok());
  CHECK(FieldOf(CheckRequestId("request_id", std::string(129, 'r'))) == "request_id");
}

TEST_CASE("timeouts") {
  CHECK(TimeoutFrom("timeout", Of(0, 0)).value() == absl::ZeroDuration());
  CHECK(TimeoutFrom("timeout", Of(1, 500'000'000)).value() == absl::Milliseconds(1500));
  CHECK(TimeoutFrom("timeout", Of(315'576'000'000, 0)).ok());
  for (const auto& bad :
       {Of(-1, 0), Of(0, -1), Of(1, -1), Of(-1, 1), Of(0, 1'000'000'000), Of(315'576'000'001, 0),
        Of(std::numeric_limits<int64_t>::max(), 0), Of(std::numeric_limits<int64_t>::min(), 0),
        Of(0, std::numeric_limits<int32_t>::min())}) {
    INFO(bad.ShortDebugString());
    CHECK(FieldOf(TimeoutFrom("timeout", bad).status()) == "timeout");
  }
}

TEST_CASE("intervals") {
  const auto interval = [](const google::protobuf::Duration& duration) {
    return IntervalFrom("interval", &duration);
  };
  CHECK(IntervalFrom("interval", nullptr).value() == absl::Seconds(1));
  CHECK(interval(Of(0, 100'000'000)).value() == absl::Milliseconds(100));
  CHECK(interval(Of(3600, 0)).value() == absl::Hours(1));
  for (const auto& bad :
       {Of(0, 0), Of(0, 99'999'999), Of(3600, 1), Of(-1, 0), Of(1, -1), Of(0, 2'000'000'000)}) {
    INFO(bad.ShortDebugString());
    CHECK(FieldOf(interval(bad).status()) == "interval");
  }
}

}  // namespace
}  // namespace hcs::runtime
