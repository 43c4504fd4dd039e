// The documents of images, read and checked. Errors are INVALID_ARGUMENT and name the
// document and the member.

#ifndef HCS_CORE_IMAGE_IMAGE_DOCUMENTS_H_
#define HCS_CORE_IMAGE_IMAGE_DOCUMENTS_H_

#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "hcs/v1/image_document.pb.h"

namespace hcs::image {

// `name` is what the messages call the document.
absl::StatusOr<v1::ImageIndex> ReadIndex(std::string_view name, std::string_view json);
absl::StatusOr<v1::ImageManifest> ReadManifest(std::string_view name, std::string_view json);
absl::StatusOr<v1::ImageConfiguration> ReadConfiguration(std::string_view name,
                                                         std::string_view json);
// manifest.json of a docker-archive.
absl::StatusOr<std::vector<v1::DockerArchiveImage>> ReadDockerManifest(std::string_view json);

// What is named by a descriptor without a known media type: by its members.
absl::StatusOr<std::variant<v1::ImageIndex, v1::ImageManifest>> ReadIndexOrManifest(
    std::string_view name, std::string_view media_type, std::string_view json);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_IMAGE_DOCUMENTS_H_
