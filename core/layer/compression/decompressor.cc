#include "core/layer/compression/decompressor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/layer/compression/decoder.h"

namespace hcs::layer {

Decompressor::Decompressor(const DecompressionLimits& limits) : limits_(limits) {}
Decompressor::~Decompressor() = default;

void Decompressor::Feed(std::string_view piece) {
  input_ = piece;
  compressed_bytes_ += piece.size();
  compressed_digest_.Update(piece);
}

void Decompressor::Finish() { finished_ = true; }

Decompressor::Event Decompressor::Next() {
  data_ = {};
  if (!error_.ok()) return Event::kError;
  if (ended_) return Event::kEnd;
  if (!format_known_ && !FindFormat()) return Event::kNeedInput;
  std::string_view& input = start_left_.empty() ? input_ : start_left_;
  const Event event = decoder_ == nullptr ? NextRaw(input) : NextDecoded(input);
  // What was gathered to find the format is followed by the rest of that piece.
  if (event == Event::kNeedInput && !input_.empty()) return Next();
  return event;
}

// False when it takes more bytes to tell.
bool Decompressor::FindFormat() {
  const size_t taken = std::min(kMagicBytes - start_.size(), input_.size());
  start_.append(input_.substr(0, taken));
  input_.remove_prefix(taken);
  if (start_.size() < kMagicBytes && !finished_) return false;
  start_left_ = start_;
  format_known_ = true;
  compression_ = DetectCompression(start_);
  if (compression_ == Compression::kGzip) decoder_ = MakeGzipDecoder();
  if (compression_ == Compression::kZstd) decoder_ = MakeZstdDecoder(limits_.max_zstd_window_log);
  if (decoder_ != nullptr) buffer_.resize(kBufferBytes);
  return true;
}

Decompressor::Event Decompressor::NextRaw(std::string_view& input) {
  if (!input.empty()) return Deliver(std::exchange(input, {}));
  if (!finished_) return Event::kNeedInput;
  ended_ = true;
  return Event::kEnd;
}

Decompressor::Event Decompressor::NextDecoded(std::string_view& input) {
  size_t written = 0;
  const absl::Status status = decoder_->Decode(input, absl::MakeSpan(buffer_), written);
  if (!status.ok()) {
    return Fail(absl::Status(status.code(),
                             absl::StrCat(CompressionName(compression_), ": ", status.message())));
  }
  if (written > 0) return Deliver({buffer_.data(), written});
  if (!finished_ || !input_.empty()) return Event::kNeedInput;
  if (!decoder_->AtBoundary()) {
    return Fail(
        absl::DataLossError(absl::StrCat(CompressionName(compression_), ": truncated after ",
                                         compressed_bytes_, " compressed bytes")));
  }
  ended_ = true;
  return Event::kEnd;
}

Decompressor::Event Decompressor::Deliver(std::string_view raw) {
  raw_bytes_ += raw.size();
  if (raw_bytes_ > limits_.max_bytes) {
    return Fail(absl::ResourceExhaustedError(
        absl::StrCat("the content is larger than the limit of ", limits_.max_bytes, " bytes")));
  }
  if (raw_bytes_ > limits_.ratio_free_bytes && raw_bytes_ / limits_.max_ratio > compressed_bytes_) {
    return Fail(absl::ResourceExhaustedError(absl::StrCat(
        CompressionName(compression_), ": ", compressed_bytes_, " compressed bytes became ",
        raw_bytes_, ", more than the limit of ", limits_.max_ratio, " for each")));
  }
  // What is not compressed has one digest.
  if (decoder_ != nullptr) raw_digest_.Update(raw);
  data_ = raw;
  return Event::kData;
}

Decompressor::Event Decompressor::Fail(absl::Status error) {
  error_ = std::move(error);
  return Event::kError;
}

std::string Decompressor::RawDigest() const {
  return decoder_ != nullptr ? raw_digest_.Digest() : compressed_digest_.Digest();
}

}  // namespace hcs::layer
