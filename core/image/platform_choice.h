// Which of several images is for this machine.

#ifndef HCS_CORE_IMAGE_PLATFORM_CHOICE_H_
#define HCS_CORE_IMAGE_PLATFORM_CHOICE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hcs/v1/image_document.pb.h"

namespace hcs::image {

struct PlatformWish {
  // The first of these that an image is for decides. What is empty in one is not asked for.
  // With an os.version of Windows, images of that build are best, the newest revision first;
  // then those of older builds, newest first; those of newer builds do not run there.
  std::vector<v1::ImagePlatform> order;
  // Take none but these. Without it, a single image is taken whatever it is for.
  bool strict = false;
};

// Of the machine that this program is compiled for, as Go names it: "amd64", "arm64"; empty if
// it has no name here.
const char* MachineArchitecture();

// "windows/amd64 (10.0.17763.1)".
std::string PlatformText(const v1::ImagePlatform& platform);

// The index of the one to take. NOT_FOUND, telling what there is and what was asked for.
absl::StatusOr<size_t> ChoosePlatform(const std::vector<v1::ImagePlatform>& candidates,
                                      const PlatformWish& wish);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_PLATFORM_CHOICE_H_
