// Takes the bytes of a layer's tar and gives those that travel.

#ifndef HCS_CORE_LAYER_COMPRESSION_COMPRESSOR_H_
#define HCS_CORE_LAYER_COMPRESSION_COMPRESSOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/layer/compression/compression.h"
#include "core/layer/compression/sha256.h"

namespace hcs::layer {

// The format's side of a Compressor; private to this folder.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual void Encode(std::string_view raw, bool last, std::string* compressed) = 0;
};

// The same bytes in give the same bytes out, with the same library: no names, no times.
// Both digests are computed on the way. Memory is the format's window; what comes out is
// the caller's. Not thread-safe.
class Compressor {
 public:
  // `level` is the format's own (gzip 1 to 9, zstd 1 to 19); nullopt is its default (6,
  // 3). A level out of range becomes the nearest one.
  explicit Compressor(Compression compression, std::optional<int> level = std::nullopt);
  ~Compressor();

  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  // Appends what the bytes so far have become, if anything: the format keeps some back.
  void Append(std::string_view raw, std::string* compressed);
  // Appends the rest. Once, and last.
  void Finish(std::string* compressed);

  uint64_t compressed_bytes() const { return compressed_bytes_; }
  uint64_t raw_bytes() const { return raw_bytes_; }
  // Of the whole after Finish: OCI's digest of the blob, and the diff id.
  std::string CompressedDigest() const;
  std::string RawDigest() const { return raw_digest_.Digest(); }

 private:
  void Encode(std::string_view raw, bool last, std::string* compressed);

  std::unique_ptr<Encoder> encoder_;  // Null when nothing is to be compressed.
  uint64_t compressed_bytes_ = 0;
  uint64_t raw_bytes_ = 0;
  Sha256 compressed_digest_;
  Sha256 raw_digest_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_COMPRESSION_COMPRESSOR_H_
