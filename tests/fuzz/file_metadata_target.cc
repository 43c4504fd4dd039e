// What stands in a file's backup stream besides content: reparse points and extended attributes.
// Promises: what is read can be built, and is read as the same then; a link's target in a tar
// gives the link again; the limits hold.

#include "core/layer/ea_data.h"
#include "core/layer/reparse_buffer.h"
#include "core/layer/windows_tar/link_target.h"
#include "tests/fuzz/target.h"

namespace hcs::fuzz {
namespace {

using layer::ReparsePoint;

void CheckLinkTarget(std::string_view input) {
  const std::optional<layer::LinkTarget> link = layer::LinkTargetOf(input);
  if (!link) return;
  const absl::StatusOr<std::string> buffer = layer::ReparseBufferOf(*link);
  if (!buffer.ok()) return;
  const std::optional<layer::LinkTarget> again = layer::LinkTargetOf(*buffer);
  Require(again && again->target == link->target && again->mount_point == link->mount_point,
          "a link's target gives the link again");
}

void RunReparsePoint(std::string_view input) {
  const absl::StatusOr<ReparsePoint> point = layer::ParseReparseBuffer(input);
  CheckLinkTarget(input);
  if (!point.ok()) {
    Require(point.status().code() == absl::StatusCode::kInvalidArgument, "errors say INVALID");
    return;
  }
  Require(input.size() <= layer::kMaxReparseBytes, "a reparse point is not over its limit");
  const absl::StatusOr<std::string> again = layer::BuildReparseBuffer(*point);
  RequireOk(again.status(), "a reparse point can be built");
  const absl::StatusOr<ReparsePoint> same = layer::ParseReparseBuffer(*again);
  Require(same.ok() && *same == *point, "a reparse point is read as it was built");
  if (!std::holds_alternative<layer::RawReparse>(*point)) return;
  // The two bytes after the length are reserved, and built as zeros.
  std::string without_reserved(input);
  without_reserved.replace(6, 2, 2, '\0');
  Require(*again == without_reserved, "an unknown reparse point keeps its bytes");
}

void RunExtendedAttributes(std::string_view input) {
  const auto attributes = layer::ParseEaData(input);
  if (!attributes.ok()) {
    Require(attributes.status().code() == absl::StatusCode::kInvalidArgument, "errors say INVALID");
    return;
  }
  size_t bytes = 0;
  for (const layer::ExtendedAttribute& attribute : *attributes) {
    Require(!attribute.name.empty() && attribute.name.size() <= 255, "names are bounded");
    bytes += attribute.name.size() + attribute.value.size();
  }
  Require(bytes <= input.size(), "attributes are what was there");
  const absl::StatusOr<std::string> again = layer::BuildEaData(*attributes);
  RequireOk(again.status(), "extended attributes can be built");
  const auto same = layer::ParseEaData(*again);
  Require(same.ok() && *same == *attributes, "extended attributes are read as they were built");
}

}  // namespace

void RunOne(std::string_view input) {
  RunReparsePoint(input);
  RunExtendedAttributes(input);
}

std::vector<std::string> Seeds() {
  using layer::ReparseLink;
  std::vector<std::string> seeds;
  for (const ReparsePoint& point : std::initializer_list<ReparsePoint>{
           ReparseLink{layer::kSymbolicLinkTag, u"\\??\\C:\\target", u"C:\\target", false},
           ReparseLink{layer::kSymbolicLinkTag, u"..\\x", u"..\\x", true},
           ReparseLink{layer::kSymbolicLinkTag, u"\\??\\UNC\\server\\share", u"\\\\server\\share"},
           ReparseLink{layer::kMountPointTag, u"\\??\\C:\\d", u"C:\\d", false},
           ReparseLink{layer::kMountPointTag, u"\\??\\Volume{1}\\", u"", false},
           layer::RawReparse{0x9000001A, "cloud file"},
           layer::RawReparse{0x42, std::string(16, 'g') + "a vendor's"}}) {
    seeds.push_back(layer::BuildReparseBuffer(point).value());
  }
  seeds.push_back(layer::BuildEaData({{0, "A", "1"}, {layer::kEaNeeded, "B.c", "23"}}).value());
  seeds.push_back(layer::BuildEaData({{0, "$KERNEL.PURGE.A", ""}}).value());
  return seeds;
}

}  // namespace hcs::fuzz
