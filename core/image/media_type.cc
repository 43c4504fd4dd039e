#include "core/image/media_type.h"

#include <algorithm>
#include <iterator>

namespace hcs::image {
namespace {

struct Known {
  std::string_view media_type;
  MediaKind kind;
};

constexpr Known kKnown[] = {
    {kOciIndex, MediaKind::kIndex},
    {"application/vnd.docker.distribution.manifest.list.v2+json", MediaKind::kIndex},
    {kOciManifest, MediaKind::kManifest},
    {"application/vnd.docker.distribution.manifest.v2+json", MediaKind::kManifest},
    {kOciConfig, MediaKind::kConfig},
    {"application/vnd.docker.container.image.v1+json", MediaKind::kConfig},
    {kOciLayer, MediaKind::kLayer},
    {kOciGzipLayer, MediaKind::kLayer},
    {kOciZstdLayer, MediaKind::kLayer},
    {"application/vnd.docker.image.rootfs.diff.tar", MediaKind::kLayer},
    {"application/vnd.docker.image.rootfs.diff.tar.gzip", MediaKind::kLayer},
    {"application/vnd.docker.image.rootfs.diff.tar.zstd", MediaKind::kLayer},
    {"application/vnd.oci.image.layer.nondistributable.v1.tar", MediaKind::kForeignLayer},
    {"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", MediaKind::kForeignLayer},
    {"application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", MediaKind::kForeignLayer},
    {"application/vnd.docker.image.rootfs.foreign.diff.tar", MediaKind::kForeignLayer},
    {"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", MediaKind::kForeignLayer},
};

}  // namespace

MediaKind KindOfMediaType(std::string_view media_type) {
  const auto* found = std::ranges::find(kKnown, media_type, &Known::media_type);
  return found == std::end(kKnown) ? MediaKind::kUnknown : found->kind;
}

}  // namespace hcs::image
