#include "core/runtime/validation.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/document/invalid_field.h"
#include "core/platform/unicode.h"

namespace hcs::runtime {
namespace {

constexpr size_t kLongestId = 255;
constexpr char kForbiddenInIds[] = R"(/\:*?"<>|)";

constexpr size_t kMostLabels = 64;
constexpr size_t kLongestLabelKey = 128;
constexpr size_t kLongestLabelValue = 4096;

constexpr uint32_t kLargestConsoleSide = 32767;

constexpr const char* kSignalNames[] = {"CtrlC", "CtrlBreak", "CtrlClose", "CtrlLogOff",
                                        "CtrlShutdown"};
constexpr int32_t kLargestSignal = 64;

constexpr absl::Duration kDefaultInterval = absl::Seconds(1);
constexpr absl::Duration kShortestInterval = absl::Milliseconds(100);
constexpr absl::Duration kLongestInterval = absl::Hours(1);

// google.protobuf.Duration: about 10,000 years.
constexpr int64_t kMostSeconds = 315'576'000'000;
constexpr int32_t kMostNanos = 999'999'999;

bool IsAsciiControl(char byte) { return static_cast<uint8_t>(byte) < 0x20 || byte == 0x7f; }

// U+0080 to U+009F are controls, too: C2 80 to C2 9F in UTF-8.
bool HasControlCharacter(std::string_view utf8) {
  if (std::any_of(utf8.begin(), utf8.end(), IsAsciiControl)) return true;
  for (size_t at = utf8.find('\xc2'); at != utf8.npos; at = utf8.find('\xc2', at + 1)) {
    if (static_cast<uint8_t>(utf8[at + 1]) < 0xa0) return true;
  }
  return false;
}

absl::StatusOr<absl::Duration> DurationFrom(std::string_view field,
                                            const google::protobuf::Duration& duration) {
  const int64_t seconds = duration.seconds();
  const int32_t nanos = duration.nanos();
  if (seconds < -kMostSeconds || seconds > kMostSeconds || nanos < -kMostNanos ||
      nanos > kMostNanos || (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0)) {
    return document::InvalidField(
        field, absl::StrCat("must be a valid duration, is ", seconds, " s and ", nanos, " ns"));
  }
  return absl::Seconds(seconds) + absl::Nanoseconds(nanos);
}

absl::Status CheckSide(std::string_view field, const char* side, uint32_t size) {
  if (size >= 1 && size <= kLargestConsoleSide) return absl::OkStatus();
  return document::InvalidField(absl::StrCat(std::string(field), ".", side),
                                absl::StrCat("must be 1 to ", kLargestConsoleSide, ", is ", size));
}

}  // namespace

absl::Status CheckContainerId(std::string_view field, std::string_view id) {
  if (id.empty() || id.size() > kLongestId) {
    return document::InvalidField(
        field, absl::StrCat("must be 1 to ", kLongestId, " bytes, is ", id.size()));
  }
  if (!platform::IsValidUtf8(id)) return document::InvalidField(field, "must be valid UTF-8");
  if (HasControlCharacter(id)) {
    return document::InvalidField(field, "must not hold a control character");
  }
  if (const size_t at = id.find_first_of(kForbiddenInIds); at != id.npos) {
    return document::InvalidField(field, absl::StrCat("must hold none of ", kForbiddenInIds,
                                                      ", holds ", std::string(id, at, 1)));
  }
  if (id.back() == '.' || id.back() == ' ') {
    return document::InvalidField(field, "must not end with a dot or a blank");
  }
  return absl::OkStatus();
}

absl::Status CheckLabels(std::string_view field,
                         const google::protobuf::Map<std::string, std::string>& labels) {
  if (labels.size() > kMostLabels) {
    return document::InvalidField(
        field, absl::StrCat("must have at most ", kMostLabels, " labels, has ", labels.size()));
  }
  for (const auto& [key, value] : labels) {
    if (key.empty() || key.size() > kLongestLabelKey) {
      return document::InvalidField(field, absl::StrCat("must have keys of 1 to ", kLongestLabelKey,
                                                        " bytes, has one of ", key.size()));
    }
    if (!platform::IsValidUtf8(key)) {
      return document::InvalidField(field, "must have keys of valid UTF-8");
    }
    const std::string path = absl::StrCat(std::string(field), "[", key, "]");
    if (value.size() > kLongestLabelValue) {
      return document::InvalidField(
          path, absl::StrCat("must be at most ", kLongestLabelValue, " bytes, is ", value.size()));
    }
    if (!platform::IsValidUtf8(value)) return document::InvalidField(path, "must be valid UTF-8");
  }
  return absl::OkStatus();
}

absl::Status CheckConsoleSize(std::string_view field, const v1::ConsoleSize& size) {
  absl::Status status = CheckSide(field, "Height", size.height());
  if (status.ok()) status = CheckSide(field, "Width", size.width());
  return status;
}

absl::Status CheckSignal(std::string_view field, const v1::ProcessSignal& signal) {
  switch (signal.signal_case()) {
    case v1::ProcessSignal::kName:
      if (std::find(std::begin(kSignalNames), std::end(kSignalNames), signal.name()) !=
          std::end(kSignalNames)) {
        return absl::OkStatus();
      }
      return document::InvalidField(
          absl::StrCat(std::string(field), ".name"),
          absl::StrCat("must be one of ", absl::StrJoin(kSignalNames, ", ")));
    case v1::ProcessSignal::kNumber:
      if (signal.number() >= 1 && signal.number() <= kLargestSignal) return absl::OkStatus();
      return document::InvalidField(
          absl::StrCat(std::string(field), ".number"),
          absl::StrCat("must be 1 to ", kLargestSignal, ", is ", signal.number()));
    case v1::ProcessSignal::SIGNAL_NOT_SET: break;
  }
  return document::InvalidField(field, "name or number must be set");
}

absl::Status CheckRequestId(std::string_view field, std::string_view request_id) {
  if (request_id.size() <= kLongestRequestId) return absl::OkStatus();
  return document::InvalidField(
      field, absl::StrCat("must be at most ", kLongestRequestId, " bytes, is ", request_id.size()));
}

absl::StatusOr<absl::Duration> TimeoutFrom(std::string_view field,
                                           const google::protobuf::Duration& timeout) {
  absl::StatusOr<absl::Duration> duration = DurationFrom(field, timeout);
  if (duration.ok() && *duration < absl::ZeroDuration()) {
    return document::InvalidField(
        field, absl::StrCat("must not be negative, is ", absl::FormatDuration(*duration)));
  }
  return duration;
}

absl::StatusOr<absl::Duration> IntervalFrom(std::string_view field,
                                            const google::protobuf::Duration* interval) {
  if (interval == nullptr) return kDefaultInterval;
  absl::StatusOr<absl::Duration> duration = DurationFrom(field, *interval);
  if (duration.ok() && (*duration < kShortestInterval || *duration > kLongestInterval)) {
    return document::InvalidField(
        field, absl::StrCat("must be ", absl::FormatDuration(kShortestInterval), " to ",
                            absl::FormatDuration(kLongestInterval), ", is ",
                            absl::FormatDuration(*duration)));
  }
  return duration;
}

}  // namespace hcs::runtime
