// The image calls of the contract that are no streams: one method per method of
// hcs.v1.ImageService; the documentation of each, errors included, is there.
//
// Every method may be called from any thread, returns at once and answers through `done`.
// Requests are read before the method returns.

#ifndef HCS_CORE_RUNTIME_IMAGE_OPERATIONS_H_
#define HCS_CORE_RUNTIME_IMAGE_OPERATIONS_H_

#include "core/runtime/call.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::runtime {

struct Services;

class ImageOperations {
 public:
  // `services` must outlive this and every call.
  explicit ImageOperations(Services& services) : services_(services) {}

  void List(const v1::ListImagesRequest& request, CallContext context,
            Done<v1::ListImagesResponse> done);
  void Get(const v1::GetImageRequest& request, CallContext context,
           Done<v1::GetImageResponse> done);
  void Remove(const v1::RemoveImageRequest& request, CallContext context,
              Done<v1::RemoveImageResponse> done);
  void Tag(const v1::TagImageRequest& request, CallContext context,
           Done<v1::TagImageResponse> done);

 private:
  Services& services_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_IMAGE_OPERATIONS_H_
