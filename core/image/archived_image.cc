#include "core/image/archived_image.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/image/archive_formats.h"

namespace hcs::image {

absl::StatusOr<std::vector<ArchivedImage>> ReadImages(const ArchiveSpool& archive,
                                                      const PlatformWish& wish) {
  if (archive.Find("index.json").ok()) {
    return ReadOciLayout(archive, ReadDockerNames(archive), wish);
  }
  if (archive.Find("manifest.json").ok()) return ReadDockerArchive(archive, wish);
  return absl::InvalidArgumentError(
      "the archive has neither an index.json (an OCI layout) nor a manifest.json (as docker save "
      "writes it)");
}

v1::ImagePlatform PlatformOf(const v1::ImageConfiguration& configuration) {
  v1::ImagePlatform platform;
  platform.set_os(configuration.os().empty() ? "linux" : configuration.os());
  platform.set_architecture(configuration.architecture());
  if (configuration.has_os_version()) platform.set_os_version(configuration.os_version());
  if (configuration.has_variant()) platform.set_variant(configuration.variant());
  return platform;
}

absl::StatusOr<std::string> DocumentIn(const ArchiveSpool& archive, std::string_view name) {
  const absl::StatusOr<SpooledFile> file = archive.Find(name);
  if (!file.ok()) return file.status();
  return ReadSpooledDocument(name, *file);
}

void AddReferences(const std::vector<Reference>& added, std::vector<Reference>* references) {
  for (const Reference& reference : added) {
    if (std::ranges::find(*references, reference) == references->end()) {
      references->push_back(reference);
    }
  }
}

absl::Status CheckLayerCount(const ArchivedImage& image) {
  const int layers = image.manifest.layers_size();
  const int diff_ids = image.configuration.rootfs().diff_ids_size();
  if (layers == diff_ids) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("image ", image.manifest.config().digest(), ": its configuration has ", diff_ids,
                   " diff ids (rootfs.diff_ids), and its manifest ", layers, " layers"));
}

}  // namespace hcs::image
