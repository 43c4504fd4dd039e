// The images that an archive has in it.

#ifndef HCS_CORE_IMAGE_ARCHIVED_IMAGE_H_
#define HCS_CORE_IMAGE_ARCHIVED_IMAGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/image/archive_spool.h"
#include "core/image/platform_choice.h"
#include "core/image/reference.h"
#include "hcs/v1/image_document.pb.h"

namespace hcs::image {

struct ArchivedLayer {
  v1::ImageDescriptor descriptor;  // As the manifest has it.
  std::string diff_id;
  SpooledFile blob;
};

struct ArchivedImage {
  // Their digests are the manifest's, and the configuration's: that is the image's id.
  std::string manifest_document;
  std::string configuration_document;
  v1::ImageManifest manifest;
  v1::ImageConfiguration configuration;
  std::vector<Reference> references;  // The names that the archive has for it.
  std::vector<ArchivedLayer> layers;  // Base first.
};

// Those of an OCI layout (index.json), or of a docker-archive (manifest.json; names in it help
// out where the index of an OCI layout has none). Of several with one name, or of an index
// within, one is chosen by its platform. The order is the archive's; an image with several
// names is told once. At least one.
//
// INVALID_ARGUMENT, with the document and the member's path: no document of either kind, a
// document that breaks its rules, another schema than 2, an algorithm other than sha256, a
// media type that no layer has, as many layers as diff ids. NOT_FOUND: the archive lacks a
// blob, or an image for the platform. FAILED_PRECONDITION, naming the layer and where it is to
// be had: a Windows base layer that the archive leaves out since it may not be passed on.
absl::StatusOr<std::vector<ArchivedImage>> ReadImages(const ArchiveSpool& archive,
                                                      const PlatformWish& wish);

// What the platform of an image is, by its configuration. An operating system that is not
// said is Linux, as of old.
v1::ImagePlatform PlatformOf(const v1::ImageConfiguration& configuration);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_ARCHIVED_IMAGE_H_
