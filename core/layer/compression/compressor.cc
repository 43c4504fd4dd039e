#include "core/layer/compression/compressor.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace hcs::layer {
namespace {

constexpr size_t kPieceBytes = 64 * 1024;

class GzipEncoder : public Encoder {
 public:
  explicit GzipEncoder(std::optional<int> level) {
    constexpr int kGzipWindowBits = 15 + 16;
    constexpr int kMemoryLevel = 8;  // zlib's default.
    const int chosen = std::clamp(level.value_or(6), 1, 9);
    if (deflateInit2(&stream_, chosen, Z_DEFLATED, kGzipWindowBits, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~GzipEncoder() override { deflateEnd(&stream_); }
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;

  void Encode(std::string_view raw, bool last, std::string* compressed) override {
    do {
      const std::string_view part = raw.substr(0, std::numeric_limits<uInt>::max());
      raw.remove_prefix(part.size());
      Deflate(part, last && raw.empty() ? Z_FINISH : Z_NO_FLUSH, compressed);
    } while (!raw.empty());
  }

 private:
  // With a valid stream and room for output, deflate cannot fail.
  void Deflate(std::string_view part, int flush, std::string* compressed) {
    // zlib does not write to its input, though its type would allow it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream_.avail_in = static_cast<uInt>(part.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
      stream_.avail_out = static_cast<uInt>(piece_.size());
      deflate(&stream_, flush);
      compressed->append(piece_.data(), piece_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
  std::array<char, kPieceBytes> piece_;
};

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

class ZstdEncoder : public Encoder {
 public:
  explicit ZstdEncoder(std::optional<int> level) : context_(ZSTD_createCCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel,
                           std::clamp(level.value_or(3), 1, 19));
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

  void Encode(std::string_view raw, bool last, std::string* compressed) override {
    ZSTD_inBuffer in{raw.data(), raw.size(), 0};
    size_t left = 0;
    do {
      ZSTD_outBuffer out{piece_.data(), piece_.size(), 0};
      left = ZSTD_compressStream2(context_.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      // With parameters in range, it is memory alone that it can fail for.
      if (ZSTD_isError(left) != 0) throw std::bad_alloc();
      compressed->append(piece_.data(), out.pos);
    } while (last ? left != 0 : in.pos < in.size);
  }

 private:
  std::unique_ptr<ZSTD_CCtx, FreeContext> context_;
  std::array<char, kPieceBytes> piece_;
};

std::unique_ptr<Encoder> MakeEncoder(Compression compression, std::optional<int> level) {
  switch (compression) {
    case Compression::kGzip: return std::make_unique<GzipEncoder>(level);
    case Compression::kZstd: return std::make_unique<ZstdEncoder>(level);
    case Compression::kNone: break;
  }
  return nullptr;
}

}  // namespace

Compressor::Compressor(Compression compression, std::optional<int> level)
    : encoder_(MakeEncoder(compression, level)) {}

Compressor::~Compressor() = default;

void Compressor::Append(std::string_view raw, std::string* compressed) {
  raw_bytes_ += raw.size();
  raw_digest_.Update(raw);
  Encode(raw, /*last=*/false, compressed);
}

void Compressor::Finish(std::string* compressed) { Encode({}, /*last=*/true, compressed); }

void Compressor::Encode(std::string_view raw, bool last, std::string* compressed) {
  const size_t before = compressed->size();
  if (encoder_ != nullptr) {
    encoder_->Encode(raw, last, compressed);
    compressed_digest_.Update(std::string_view(*compressed).substr(before));
  } else {
    compressed->append(raw);
  }
  compressed_bytes_ += compressed->size() - before;
}

std::string Compressor::CompressedDigest() const {
  return encoder_ != nullptr ? compressed_digest_.Digest() : raw_digest_.Digest();
}

}  // namespace hcs::layer
