// The documents of an archive that name what is in it.

#ifndef HCS_CORE_IMAGE_LAYOUT_DOCUMENTS_H_
#define HCS_CORE_IMAGE_LAYOUT_DOCUMENTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/image/archive_writer.h"

namespace hcs::image {

struct LayoutDocuments {
  std::string oci_layout;
  // One entry for each name of an image, in both of the annotations that tools go by.
  std::string index;
  std::string docker_manifest;
};

absl::StatusOr<LayoutDocuments> DescribeLayout(const std::vector<ImageContent>& images);

// "blobs/sha256/HEX".
std::string BlobName(std::string_view digest);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_LAYOUT_DOCUMENTS_H_
