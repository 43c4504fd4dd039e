// Images as people read and write them.

#ifndef HCS_CLIENT_HCSCTL_IMAGE_TEXT_H_
#define HCS_CLIENT_HCSCTL_IMAGE_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::ctl {

// Without what everybody leaves out: "busybox:latest" for "docker.io/library/busybox:latest".
std::string FamiliarName(const std::string& reference);

// The first of its names, or else its short id.
std::string ImageName(const v1::Image& image);

// The first 12 digits.
std::string ShortId(const std::string& id);

// "windows/amd64 10.0.17763.1".
std::string PlatformText(const v1::ImagePlatform& platform);

// "OS", "OS/ARCHITECTURE" or "OS/ARCHITECTURE/VARIANT", with ":VERSION" after the OS if that is
// wanted. INVALID_ARGUMENT.
absl::StatusOr<v1::ImagePlatform> ParsePlatform(const std::string& text);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_IMAGE_TEXT_H_
