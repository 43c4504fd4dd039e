// The two kinds of archives. Private to this folder; see archived_image.h.

#ifndef HCS_CORE_IMAGE_ARCHIVE_FORMATS_H_
#define HCS_CORE_IMAGE_ARCHIVE_FORMATS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/image/archived_image.h"

namespace hcs::image {

// The tags that a manifest.json has for configurations, by their digests.
using DockerNames = std::map<std::string, std::vector<Reference>>;

absl::StatusOr<std::vector<ArchivedImage>> ReadOciLayout(const ArchiveSpool& archive,
                                                         const DockerNames& names,
                                                         const PlatformWish& wish);

absl::StatusOr<std::vector<ArchivedImage>> ReadDockerArchive(const ArchiveSpool& archive,
                                                             const PlatformWish& wish);
// Nothing, when there is no manifest.json, or none that can be understood.
DockerNames ReadDockerNames(const ArchiveSpool& archive);

// The document that the archive has under the name.
absl::StatusOr<std::string> DocumentIn(const ArchiveSpool& archive, std::string_view name);

// Adds what is not there yet.
void AddReferences(const std::vector<Reference>& added, std::vector<Reference>* references);

// The manifest has as many layers as the configuration has diff ids.
absl::Status CheckLayerCount(const ArchivedImage& image);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_ARCHIVE_FORMATS_H_
