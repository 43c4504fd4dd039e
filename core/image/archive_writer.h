// Writes images as an archive that OCI's tools and Docker's read.

#ifndef HCS_CORE_IMAGE_ARCHIVE_WRITER_H_
#define HCS_CORE_IMAGE_ARCHIVE_WRITER_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/image/reference.h"
#include "core/layer/rooted_folder.h"
#include "core/layer/tar/tar_writer.h"
#include "hcs/v1/image_document.pb.h"

namespace hcs::image {

// What is written of an image. The documents go out as they are, so that their digests stay.
struct ImageContent {
  std::string manifest_document;
  std::string configuration_document;
  v1::ImageManifest manifest;
  std::vector<Reference> references;  // By tag; none is allowed.
};

// A tar of an OCI layout (oci-layout, index.json, blobs), with Docker's manifest.json beside
// it: what docker load, podman load, skopeo and ReadImages read. Blobs that several images
// share are in it once. The same images give the same bytes. One thread at a time.
class ArchiveWriter {
 public:
  // `blobs` has the layers' blobs, in files that are named by their digests' digits. NOT_FOUND,
  // naming the blob: it is not there; a layer that the image leaves out since it may not be
  // passed on is left out here, too.
  static absl::StatusOr<std::unique_ptr<ArchiveWriter>> Open(
      const std::vector<ImageContent>& images, const std::filesystem::path& blobs);

  // Replaces `bytes` by the next piece, of at most about kPieceBytes. False: the archive is
  // whole. DATA_LOSS: a blob is no longer as long as its manifest says.
  static constexpr size_t kPieceBytes = 256 * 1024;
  absl::StatusOr<bool> Next(std::string* bytes);

  // Of the whole archive.
  uint64_t total_bytes() const { return total_bytes_; }

 private:
  struct Member {
    std::string name;
    bool directory = false;
    std::string content;  // Or, of a blob:
    std::string blob;     // its file's name.
    uint64_t size = 0;
  };

  explicit ArchiveWriter(layer::RootedFolder blobs) : blobs_(std::move(blobs)) {}

  absl::Status AddBlobs(const ImageContent& image);
  void AddDirectory(std::string name);
  void AddDocument(std::string name, std::string content);
  absl::Status AddBlob(const v1::ImageDescriptor& descriptor);
  bool Has(const std::string& name) const;
  void AddSize(uint64_t content);
  absl::Status BeginMember(std::string* bytes);
  absl::Status CopyBlob(std::string* bytes);

  layer::RootedFolder blobs_;
  layer::TarWriter tar_;
  std::vector<Member> members_;
  size_t next_ = 0;
  uint64_t total_bytes_ = 0;
  bool finished_ = false;
  // The blob that is being copied.
  layer::RootedFile file_;
  uint64_t offset_ = 0;
};

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_ARCHIVE_WRITER_H_
