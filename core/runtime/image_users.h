// What is made of images' layers, and so keeps them.

#ifndef HCS_CORE_RUNTIME_IMAGE_USERS_H_
#define HCS_CORE_RUNTIME_IMAGE_USERS_H_

#include "absl/status/status.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::runtime {

struct Services;

// OK, or FAILED_PRECONDITION that names what keeps the image from being removed: layers and
// containers that have as their nearest parent its own last layer, if no other image has that
// as its last, or another of the layers that would go with it.
absl::Status CheckImageUnused(Services& services, const v1::Image& image);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IMAGE_USERS_H_
