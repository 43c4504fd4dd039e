#include "client/hcsctl/image_text.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace hcs::ctl {
namespace {

constexpr size_t kShortDigits = 12;

}  // namespace

std::string FamiliarName(const std::string& reference) {
  absl::string_view name = reference;
  if (!absl::ConsumePrefix(&name, "docker.io/")) return reference;
  absl::string_view official = name;
  if (absl::ConsumePrefix(&official, "library/") && !absl::StrContains(official, '/')) {
    return std::string(official);
  }
  return std::string(name);
}

std::string ImageName(const v1::Image& image) {
  if (image.references().empty()) return ShortId(image.id());
  return FamiliarName(image.references(0));
}

std::string ShortId(const std::string& id) {
  absl::string_view digits = id;
  absl::ConsumePrefix(&digits, "sha256:");
  return std::string(digits.substr(0, kShortDigits));
}

std::string PlatformText(const v1::ImagePlatform& platform) {
  std::string text = absl::StrCat(platform.os(), "/", platform.architecture());
  if (!platform.variant().empty()) absl::StrAppend(&text, "/", platform.variant());
  if (!platform.os_version().empty()) absl::StrAppend(&text, " ", platform.os_version());
  return text;
}

absl::StatusOr<v1::ImagePlatform> ParsePlatform(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  const std::vector<std::string> os = absl::StrSplit(parts[0], absl::MaxSplits(':', 1));
  if (parts.size() > 3 || os[0].empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--platform ", text,
                     ": it is OS, OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, such as "
                     "linux/amd64; or with a version of Windows, windows:10.0.17763/amd64"));
  }
  v1::ImagePlatform platform;
  platform.set_os(os[0]);
  if (os.size() > 1) platform.set_os_version(os[1]);
  if (parts.size() > 1) platform.set_architecture(parts[1]);
  if (parts.size() > 2) platform.set_variant(parts[2]);
  return platform;
}

}  // namespace hcs::ctl
