#include "core/document/invalid_field.h"

#include <string>

#include "absl/strings/cord.h"
#include "core/platform/unicode.h"
#include "google/rpc/error_details.pb.h"

namespace hcs::document {
namespace {

std::string AsUtf8(std::string_view text) {
  if (platform::IsValidUtf8(text)) return std::string(text);
  // There and back, invalid sequences become U+FFFD.
  return platform::Utf16ToUtf8(platform::Utf8ToUtf16(text));
}

absl::Status ToStatus(const google::rpc::BadRequest& request) {
  const auto& violation = request.field_violations(0);
  absl::Status status =
      absl::InvalidArgumentError(violation.field() + ": " + violation.description());
  status.SetPayload(kBadRequestTypeUrl, absl::Cord(request.SerializeAsString()));
  return status;
}

// "config" and "Layers[2].ID"; "config" and "[2]"; "config" and "".
std::string Join(std::string_view prefix, std::string_view path) {
  const bool dot = !prefix.empty() && !path.empty() && path.front() != '[';
  return std::string(prefix).append(dot ? "." : "").append(path);
}

}  // namespace

absl::Status InvalidField(std::string_view field, std::string_view rule) {
  google::rpc::BadRequest request;
  auto* violation = request.add_field_violations();
  violation->set_field(AsUtf8(field));
  violation->set_description(AsUtf8(rule));
  return ToStatus(request);
}

absl::Status InvalidFieldWithin(std::string_view prefix, const absl::Status& status) {
  const auto payload = status.GetPayload(kBadRequestTypeUrl);
  google::rpc::BadRequest request;
  if (!payload || !request.ParseFromString(std::string(*payload)) ||
      request.field_violations().empty()) {
    return status;
  }
  for (auto& violation : *request.mutable_field_violations()) {
    violation.set_field(Join(AsUtf8(prefix), violation.field()));
  }
  return ToStatus(request);
}

}  // namespace hcs::document
