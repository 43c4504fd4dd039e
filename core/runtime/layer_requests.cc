#include "core/runtime/layer_requests.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/document/invalid_field.h"
#include "core/platform/unicode.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

constexpr size_t kLongestPath = 32767;
// What Docker and Windows allow.
constexpr int kMostParents = 128;

bool IsAbsolute(std::string_view path) {
  if (path.starts_with('/') || path.starts_with('\\')) return true;
  return path.size() >= 3 && absl::ascii_isalpha(path[0]) && path[1] == ':' &&
         (path[2] == '\\' || path[2] == '/');
}

bool IsControl(char byte) { return static_cast<uint8_t>(byte) < 0x20 || byte == 0x7f; }

}  // namespace

absl::Status CheckLayerPath(std::string_view field, std::string_view path) {
  if (path.empty() || path.size() > kLongestPath) {
    return document::InvalidField(
        field, absl::StrCat("must be a path of 1 to ", kLongestPath, " bytes, is ", path.size()));
  }
  if (!platform::IsValidUtf8(path)) return document::InvalidField(field, "must be valid UTF-8");
  if (std::any_of(path.begin(), path.end(), IsControl)) {
    return document::InvalidField(field, "must not hold a control character");
  }
  if (!IsAbsolute(path)) return document::InvalidField(field, "must be an absolute path");
  const std::string separated = LayerKey(path);
  for (const auto component : absl::StrSplit(separated, '/')) {
    if (component == "." || component == "..") {
      return document::InvalidField(field, "must not have a component \".\" or \"..\"");
    }
  }
  if (host::LastPathComponent(path).empty()) {
    return document::InvalidField(field, "must not be a root");
  }
  return absl::OkStatus();
}

absl::StatusOr<host::LayerAddress> CheckedAddress(const std::string& home_folder,
                                                  const std::string& id) {
  absl::Status valid;
  if (home_folder.empty()) {
    valid = CheckLayerPath("id", id);
  } else {
    valid = CheckLayerPath("home_folder", home_folder);
    if (valid.ok()) valid = CheckContainerId("id", id);
  }
  if (!valid.ok()) return valid;
  return host::LayerAddress{home_folder, id};
}

absl::StatusOr<std::vector<std::string>> CheckedParents(
    const google::protobuf::RepeatedPtrField<std::string>& parents, int least) {
  if (parents.size() < least || parents.size() > kMostParents) {
    return document::InvalidField(
        "parents", absl::StrCat("must be ", least, " to ", kMostParents, ", are ", parents.size()));
  }
  for (int i = 0; i < parents.size(); ++i) {
    absl::Status valid = CheckLayerPath(absl::StrCat("parents[", i, "]"), parents[i]);
    if (!valid.ok()) return valid;
  }
  return std::vector<std::string>(parents.begin(), parents.end());
}

LayerClaim ClaimOf(std::string_view operation, const std::string& path,
                   const std::vector<std::string>& parents) {
  LayerClaim claim{.operation = std::string(operation), .layer = path, .keys = {}};
  claim.keys.push_back({.key = LayerKey(path), .exclusive = true});
  for (const std::string& parent : parents) {
    claim.keys.push_back({.key = LayerKey(parent), .exclusive = false});
  }
  return claim;
}

}  // namespace hcs::runtime
