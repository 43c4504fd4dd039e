// The media types of OCI's image specification and of Docker's schema 2.

#ifndef HCS_CORE_IMAGE_MEDIA_TYPE_H_
#define HCS_CORE_IMAGE_MEDIA_TYPE_H_

#include <string_view>

namespace hcs::image {

inline constexpr char kOciIndex[] = "application/vnd.oci.image.index.v1+json";
inline constexpr char kOciManifest[] = "application/vnd.oci.image.manifest.v1+json";
inline constexpr char kOciConfig[] = "application/vnd.oci.image.config.v1+json";
inline constexpr char kOciLayer[] = "application/vnd.oci.image.layer.v1.tar";
inline constexpr char kOciGzipLayer[] = "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr char kOciZstdLayer[] = "application/vnd.oci.image.layer.v1.tar+zstd";

enum class MediaKind {
  kUnknown,  // None of these: a signature, an attestation, what is to come.
  kIndex,
  kManifest,
  kConfig,
  kLayer,         // Plain, gzip or zstd: its first bytes tell.
  kForeignLayer,  // Not to be passed on; so archives leave it out. Windows' base layers.
};

MediaKind KindOfMediaType(std::string_view media_type);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_MEDIA_TYPE_H_
