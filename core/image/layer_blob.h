// A layer's blob, as the tar that is in it.

#ifndef HCS_CORE_IMAGE_LAYER_BLOB_H_
#define HCS_CORE_IMAGE_LAYER_BLOB_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layer/compression/decompressor.h"
#include "core/layer/rooted_file.h"

namespace hcs::image {

// Reads it once, from its begin to its end. One thread at a time; every method blocks.
// Memory: two buffers, and the compression's window.
class LayerBlob {
 public:
  static absl::StatusOr<std::unique_ptr<LayerBlob>> Open(const std::filesystem::path& path,
                                                         std::string diff_id);

  // The tar's next bytes, valid until the next call; empty at its end. DATA_LOSS: it is corrupt;
  // or, at the end, its digest is not the diff id, and both are named. RESOURCE_EXHAUSTED: it
  // becomes larger than DecompressionLimits allow.
  absl::StatusOr<std::string_view> Next();

  // Bytes of the blob that have been read.
  uint64_t position() const { return position_; }

 private:
  static constexpr size_t kBufferBytes = 256 * 1024;

  LayerBlob(layer::RootedFile file, std::string diff_id)
      : file_(std::move(file)), diff_id_(std::move(diff_id)), buffer_(kBufferBytes) {}

  absl::Status Feed();
  absl::Status CheckDiffId() const;

  const layer::RootedFile file_;
  const std::string diff_id_;
  std::vector<char> buffer_;
  uint64_t position_ = 0;
  layer::Decompressor decompressor_;
};

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_LAYER_BLOB_H_
