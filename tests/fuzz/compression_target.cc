// Compressed layers. Promises: how the bytes are cut changes nothing; both digests are those of
// the bytes; the limits hold; what was decoded can be compressed and comes back; ends and errors
// are told again.

#include <algorithm>

#include "core/layer/compression/compressor.h"
#include "core/layer/compression/decompressor.h"
#include "tests/fuzz/target.h"

namespace hcs::fuzz {
namespace {

using layer::Compression;
using layer::Decompressor;
using Event = Decompressor::Event;

constexpr uint64_t kMostRawBytes = 1 << 20;

layer::DecompressionLimits Limits() {
  return {.max_bytes = kMostRawBytes, .ratio_free_bytes = 1 << 18, .max_zstd_window_log = 20};
}

struct Reading {
  std::string raw;
  absl::StatusCode code = absl::StatusCode::kOk;
  Compression compression = Compression::kNone;

  friend bool operator==(const Reading&, const Reading&) = default;
};

std::string DigestOf(std::string_view bytes) {
  layer::Sha256 digest;
  digest.Update(bytes);
  return digest.Digest();
}

Reading Read(std::string_view input, size_t piece) {
  Decompressor decompressor(Limits());
  Reading reading;
  std::string_view rest = input;
  for (;;) {
    const Event event = decompressor.Next();
    switch (event) {
      case Event::kNeedInput:
        if (rest.empty()) {
          decompressor.Finish();
        } else {
          decompressor.Feed(rest.substr(0, piece));
          rest.remove_prefix(std::min(piece, rest.size()));
        }
        break;
      case Event::kData:
        Require(!decompressor.data().empty(), "data is not empty");
        reading.raw += decompressor.data();
        Require(reading.raw.size() <= kMostRawBytes, "raw bytes are not over their limit");
        break;
      case Event::kError:
        Require(decompressor.Next() == event, "an error is told again");
        reading.code = decompressor.error().code();
        Require(reading.code == absl::StatusCode::kDataLoss ||
                    reading.code == absl::StatusCode::kResourceExhausted,
                "errors say what is wrong");
        return reading;
      case Event::kEnd:
        Require(decompressor.Next() == event, "the end is told again");
        reading.compression = decompressor.compression();
        Require(decompressor.compressed_bytes() == input.size(), "all bytes were taken");
        Require(decompressor.CompressedDigest() == DigestOf(input), "the digest is the bytes'");
        Require(decompressor.RawDigest() == DigestOf(reading.raw), "the diff id is the raw bytes'");
        return reading;
    }
  }
}

std::string Compressed(std::string_view raw, Compression compression) {
  layer::Compressor compressor(compression, 1);
  std::string bytes;
  compressor.Append(raw, &bytes);
  compressor.Finish(&bytes);
  return bytes;
}

}  // namespace

void RunOne(std::string_view input) {
  const Reading reading = Read(input, input.size() + 1);
  const Reading cut = Read(input, PieceBytes(input));
  // The limit of the ratio alone depends on how much is fed at a time.
  const bool limited = reading.code == absl::StatusCode::kResourceExhausted ||
                       cut.code == absl::StatusCode::kResourceExhausted;
  Require(limited || reading.code == cut.code, "cutting the bytes changes no error");
  if (reading.code != absl::StatusCode::kOk) return;
  Require(limited || reading == cut, "cutting the bytes changes nothing");
  // What compresses better than the limit allows would not come back.
  if (reading.raw.size() > Limits().ratio_free_bytes) return;
  const bool gzip = PieceBytes(input) % 2 == 0;
  const std::string again = Compressed(reading.raw, gzip ? Compression::kGzip : Compression::kZstd);
  Require(Read(again, again.size() + 1).raw == reading.raw, "what is compressed comes back");
}

std::vector<std::string> Seeds() {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "line " + std::to_string(i * i) + "\n";
  std::vector<std::string> seeds = {"", "abc", "not compressed", std::string(100, '\0')};
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    const std::string whole = Compressed(text, compression);
    seeds.push_back(whole);
    seeds.push_back(whole + Compressed("", compression) + Compressed("b", compression));
    seeds.push_back(Compressed(std::string(100'000, 'z'), compression));
  }
  seeds.push_back(std::string("\x50\x2A\x4D\x18\x03\0\0\0abc", 11) + seeds.back());
  return seeds;
}

}  // namespace hcs::fuzz
