// An image archive, that comes in pieces, as files of a folder.

#ifndef HCS_CORE_IMAGE_ARCHIVE_SPOOL_H_
#define HCS_CORE_IMAGE_ARCHIVE_SPOOL_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layer/compression/decompressor.h"
#include "core/layer/compression/sha256.h"
#include "core/layer/rooted_folder.h"
#include "core/layer/tar/tar_reader.h"

namespace hcs::image {

struct ArchiveLimits {
  // Of members of the archive. Docker's has four for each layer.
  size_t max_members = 20'000;
  // Of what their files take on disk.
  uint64_t max_bytes = uint64_t{1} << 40;
  // Of a name in the archive, or a link's target.
  size_t max_name_bytes = 1024;
};

// A file of the archive, in the spool's folder until someone moves it elsewhere.
struct SpooledFile {
  std::filesystem::path path;
  uint64_t size = 0;
  std::string digest;
};

// Takes the bytes of a tar, which may be compressed with gzip or zstd as a whole, and keeps
// each file that is in it in a file, with its digest. Links are kept as what they lead to,
// and followed within the archive alone, by its names; nothing of it is ever a path of the
// machine. Other members (devices, pipes) are passed over.
//
// Memory: some hundred bytes for each member, and a compressed archive's window. One thread
// at a time. After an error every further call gives it again. INVALID_ARGUMENT names the
// archive's entry and the rule: a name that is absolute or has "..", one file twice with
// different content, OCI's "blobs/sha256/DIGEST" with another content. RESOURCE_EXHAUSTED: a
// limit. Errors of the file system are errno's.
class ArchiveSpool {
 public:
  // `folder` must be there, empty; it stays the caller's, and is left as it is by an error.
  static absl::StatusOr<std::unique_ptr<ArchiveSpool>> Open(const std::filesystem::path& folder,
                                                            const ArchiveLimits& limits = {});

  absl::Status Write(std::string_view piece);
  // No more comes: the archive must be whole.
  absl::Status Finish();

  // These are for after Finish.
  // What the archive has under the name, links followed. NOT_FOUND: nothing, or no file.
  absl::StatusOr<SpooledFile> Find(std::string_view name) const;
  // "blobs/sha256/HEX" of an OCI layout. NOT_FOUND, naming the digest. INVALID_ARGUMENT: it has
  // another size than `size`.
  absl::StatusOr<SpooledFile> FindBlob(std::string_view digest, std::optional<int64_t> size) const;

 private:
  ArchiveSpool(std::filesystem::path path, layer::RootedFolder folder, const ArchiveLimits& limits);

  absl::Status Take(std::string_view bytes);
  absl::Status TakeCompressed(std::string_view piece);
  absl::Status ReadArchive();
  absl::Status BeginMember();
  absl::Status BeginFile(std::string name);
  absl::Status AddLink(std::string name, std::string target);
  absl::Status AddContent();
  absl::Status EndMember();
  absl::Status EndFile();
  absl::Status CheckContent(const std::string& name, const std::string& digest) const;

  const std::filesystem::path path_;
  const ArchiveLimits limits_;
  layer::RootedFolder folder_;
  layer::TarReader tar_;
  // The archive's first bytes, until they tell whether it is compressed.
  std::string start_;
  bool format_known_ = false;
  std::unique_ptr<layer::Decompressor> decompressor_;

  size_t members_ = 0;
  uint64_t bytes_ = 0;
  // The file that is being written.
  layer::RootedFile file_;
  std::string file_name_;
  uint64_t file_size_ = 0;
  std::unique_ptr<layer::Sha256> hash_;

  std::map<std::string, SpooledFile, std::less<>> files_;
  std::map<std::string, std::string, std::less<>> links_;  // To names of the archive.
  absl::Status failure_;
};

// The content of a document, which must be small. INVALID_ARGUMENT: it is larger than
// kMaxImageDocumentBytes.
inline constexpr uint64_t kMaxImageDocumentBytes = 4 * 1024 * 1024;
absl::StatusOr<std::string> ReadSpooledDocument(std::string_view name, const SpooledFile& file);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_ARCHIVE_SPOOL_H_
