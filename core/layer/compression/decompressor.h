// Takes a layer's bytes as they travel and gives those of its tar.

#ifndef HCS_CORE_LAYER_COMPRESSION_DECOMPRESSOR_H_
#define HCS_CORE_LAYER_COMPRESSION_DECOMPRESSOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/layer/compression/compression.h"
#include "core/layer/compression/sha256.h"

namespace hcs::layer {

// What a compressed stream may become. The defaults stop what no layer is.
struct DecompressionLimits {
  // Of raw bytes.
  uint64_t max_bytes = uint64_t{1} << 40;
  // Of raw bytes for each compressed one. gzip itself cannot do better than 1032 (zlib's
  // own figure), of zeros alone; zstd can. It is not asked for before `ratio_free_bytes`
  // have come out, since what is small is no bomb. Compressed bytes count when they are fed, so
  // what is near this limit may pass in large pieces and not in small ones.
  uint64_t max_ratio = 1000;
  uint64_t ratio_free_bytes = uint64_t{1} << 30;
  // zstd's window is the memory that a stream can make us use; 27, 128 MiB, is what zstd's
  // own tool takes unless told otherwise.
  int max_zstd_window_log = 27;
};

// A machine that is fed bytes and asked for events, as BackupStreamReader is. It finds
// the format by its magic. Both digests are computed on the way. Its memory is a buffer
// of kBufferBytes and the format's window. Not thread-safe.
class Decompressor {
 public:
  static constexpr size_t kBufferBytes = 128 * 1024;

  enum class Event {
    kNeedInput,  // What was fed is used up: Feed more, or Finish.
    kData,       // Raw bytes, at least one: data().
    kEnd,        // All is told, and the stream was whole. Told again by every further call.
    kError,      // It was not: error(). Told again by every further call.
  };

  explicit Decompressor(const DecompressionLimits& limits = {});
  ~Decompressor();

  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // Only when Next said kNeedInput, or at first. `piece` must stay where it is until
  // Next says kNeedInput again.
  void Feed(std::string_view piece);

  // No more will be fed. Only when Next said kNeedInput, or at first.
  void Finish();

  Event Next();

  // After kData, until the next call of Next.
  std::string_view data() const { return data_; }
  // After kError: DATA_LOSS (corrupt or truncated, with the format's name) or
  // RESOURCE_EXHAUSTED (a limit, by its name).
  const absl::Status& error() const { return error_; }

  // Known from the first kData on, or from kEnd.
  Compression compression() const { return compression_; }

  // Of what was taken so far; of the whole after kEnd.
  uint64_t compressed_bytes() const { return compressed_bytes_; }
  uint64_t raw_bytes() const { return raw_bytes_; }
  // OCI's digest of the blob, and the diff id: "sha256:...".
  std::string CompressedDigest() const { return compressed_digest_.Digest(); }
  std::string RawDigest() const;

 private:
  bool FindFormat();
  Event NextRaw(std::string_view& input);
  Event NextDecoded(std::string_view& input);
  Event Deliver(std::string_view raw);
  Event Fail(absl::Status error);

  const DecompressionLimits limits_;
  Compression compression_ = Compression::kNone;
  bool format_known_ = false;
  std::unique_ptr<class Decoder> decoder_;
  std::vector<char> buffer_;  // Decoded bytes. Empty when nothing is to be decoded.
  // The stream's first bytes, gathered until the format is known.
  std::string start_;
  std::string_view start_left_;
  std::string_view input_;
  bool finished_ = false;
  bool ended_ = false;

  std::string_view data_;
  absl::Status error_;
  uint64_t compressed_bytes_ = 0;
  uint64_t raw_bytes_ = 0;
  Sha256 compressed_digest_;
  Sha256 raw_digest_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_COMPRESSION_DECOMPRESSOR_H_
