#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "core/layer/compression/compressor.h"
#include "core/layer/compression/decompressor.h"

namespace hcs::layer {
namespace {

using Event = Decompressor::Event;

constexpr Compression kAll[] = {Compression::kNone, Compression::kGzip, Compression::kZstd};

std::string SomeBytes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  // Runs of equal bytes, so that there is something to compress.
  for (size_t i = 0; i < size;) {
    const size_t run = std::min<size_t>(1 + random() % 50, size - i);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(i), run, static_cast<char>(random()));
    i += run;
  }
  return bytes;
}

std::string Compressed(Compression compression, std::string_view raw) {
  Compressor compressor(compression);
  std::string result;
  compressor.Append(raw, &result);
  compressor.Finish(&result);
  return result;
}

struct Outcome {
  std::string raw;
  absl::Status error;
  Compression compression = Compression::kNone;
  std::string compressed_digest;
  std::string raw_digest;
};

Outcome Decompress(std::string_view bytes, size_t piece, const DecompressionLimits& limits = {}) {
  Decompressor decompressor(limits);
  Outcome outcome;
  for (;;) {
    switch (decompressor.Next()) {
      case Event::kData:
        CHECK(decompressor.data().size() > 0);
        outcome.raw += decompressor.data();
        break;
      case Event::kNeedInput:
        if (bytes.empty()) {
          decompressor.Finish();
        } else {
          decompressor.Feed(bytes.substr(0, piece));
          bytes.remove_prefix(std::min(piece, bytes.size()));
        }
        break;
      case Event::kEnd:
      case Event::kError:
        outcome.error = decompressor.error();
        outcome.compression = decompressor.compression();
        outcome.compressed_digest = decompressor.CompressedDigest();
        outcome.raw_digest = decompressor.RawDigest();
        CHECK(outcome.raw.size() <= decompressor.raw_bytes());
        return outcome;
    }
  }
}

TEST_CASE("SHA-256 gives the digests of the standard's examples") {
  Sha256 sha;
  CHECK(sha.Digest() == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  sha.Update("a");
  sha.Update("bc");
  CHECK(sha.Digest() == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("what was compressed comes back, however it is cut") {
  const std::string raw = SomeBytes(300'000, 1);
  for (const Compression compression : kAll) {
    const std::string compressed = Compressed(compression, raw);
    for (const size_t piece : {size_t{1}, size_t{3}, size_t{1000}, compressed.size()}) {
      const Outcome outcome = Decompress(compressed, piece);
      CAPTURE(CompressionName(compression), piece, outcome.error.ToString());
      CHECK(outcome.error.ok());
      CHECK(outcome.raw == raw);
      CHECK(outcome.compression == compression);
    }
  }
}

TEST_CASE("both sides tell the same two digests") {
  const std::string raw = SomeBytes(100'000, 2);
  for (const Compression compression : kAll) {
    Compressor compressor(compression);
    std::string compressed;
    for (size_t i = 0; i < raw.size(); i += 777) {
      compressor.Append(std::string_view(raw).substr(i, 777), &compressed);
    }
    compressor.Finish(&compressed);
    CHECK(compressor.raw_bytes() == raw.size());
    CHECK(compressor.compressed_bytes() == compressed.size());

    const Outcome outcome = Decompress(compressed, 4096);
    CHECK(outcome.raw_digest == compressor.RawDigest());
    CHECK(outcome.compressed_digest == compressor.CompressedDigest());
    CHECK((outcome.raw_digest == outcome.compressed_digest) == (compression == Compression::kNone));
  }
}

TEST_CASE("nothing is nothing, and a few bytes are not compressed") {
  for (const std::string raw : {"", "a", "\x1F", "\x28\xB5\x2F"}) {
    const Outcome outcome = Decompress(raw, 1);
    CHECK(outcome.error.ok());
    CHECK(outcome.raw == raw);
    CHECK(outcome.compression == Compression::kNone);
  }
  for (const Compression compression : kAll) {
    CHECK(Decompress(Compressed(compression, ""), 1).error.ok());
  }
}

TEST_CASE("gzip members and zstd frames follow one another") {
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    const std::string both = Compressed(compression, "one, ") + Compressed(compression, "") +
                             Compressed(compression, "two");
    for (size_t piece = 1; piece <= both.size(); ++piece) {
      const Outcome outcome = Decompress(both, piece);
      CHECK(outcome.error.ok());
      CHECK(outcome.raw == "one, two");
    }
  }
}

TEST_CASE("a skippable frame is zstd's, and skipped") {
  const std::string skippable("\x5A\x2A\x4D\x18\x03\0\0\0abc", 11);
  const Outcome outcome = Decompress(skippable + Compressed(Compression::kZstd, "text"), 5);
  CHECK(outcome.error.ok());
  CHECK(outcome.raw == "text");
}

TEST_CASE("zeros may pad a gzip stream, other bytes may not") {
  const std::string gzip = Compressed(Compression::kGzip, "text");
  CHECK(Decompress(gzip + std::string(1000, '\0'), 7).raw == "text");
  CHECK(Decompress(gzip + std::string(1000, '\0'), 7).error.ok());
  CHECK(Decompress(gzip + "junk", 7).error.code() == absl::StatusCode::kDataLoss);
  CHECK(Decompress(gzip + std::string(9, '\0') + gzip, 7).error.message() ==
        "gzip: bytes other than zeros follow the last member");
}

TEST_CASE("a compressed stream that is cut anywhere is an error") {
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    const std::string compressed = Compressed(compression, SomeBytes(500, 3));
    for (size_t size = kMagicBytes; size < compressed.size(); ++size) {
      const Outcome outcome = Decompress(compressed.substr(0, size), 64);
      CAPTURE(CompressionName(compression), size);
      CHECK(outcome.error.code() == absl::StatusCode::kDataLoss);
      CHECK(outcome.error.message().find("truncated") != std::string::npos);
    }
  }
}

TEST_CASE("no flipped bit passes unseen, but where the format ignores it") {
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    const std::string raw = SomeBytes(400, 4);
    const std::string compressed = Compressed(compression, raw);
    for (size_t bit = 8 * kMagicBytes; bit < 8 * compressed.size(); ++bit) {
      std::string flipped = compressed;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      const Outcome outcome = Decompress(flipped, 64);
      CAPTURE(CompressionName(compression), bit);
      CHECK((!outcome.error.ok() || outcome.raw == raw));
    }
  }
}

TEST_CASE("a bomb stops at the limit that it breaks") {
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    const std::string bomb = Compressed(compression, std::string(20'000'000, '\0'));
    const Outcome size = Decompress(bomb, bomb.size(), {.max_bytes = 1'000'000});
    CHECK(size.error.code() == absl::StatusCode::kResourceExhausted);
    CHECK(size.error.message() == "the content is larger than the limit of 1000000 bytes");
    CHECK(size.raw.size() <= 1'000'000);

    const Outcome ratio =
        Decompress(bomb, bomb.size(), {.max_ratio = 100, .ratio_free_bytes = 1'000'000});
    CHECK(ratio.error.code() == absl::StatusCode::kResourceExhausted);
    CHECK(ratio.error.message().find("limit of 100 for each") != std::string::npos);
    CHECK(ratio.raw.size() <= std::max<size_t>(1'000'000, 100 * bomb.size()));

    CHECK(Decompress(bomb, bomb.size()).error.ok());
  }
  CHECK(Decompress("some text", 100, {.max_bytes = 5}).error.code() ==
        absl::StatusCode::kResourceExhausted);
}

TEST_CASE("a zstd frame with too large a window is refused") {
  const std::string compressed = Compressed(Compression::kZstd, SomeBytes(3'000'000, 5));
  const Outcome outcome = Decompress(compressed, 4096, {.max_zstd_window_log = 17});
  CHECK(outcome.error.code() == absl::StatusCode::kDataLoss);
  CAPTURE(outcome.error.ToString());
  CHECK(outcome.error.message().find("memory") != std::string::npos);
}

TEST_CASE("names of compressions are read as they are written") {
  for (const Compression compression : kAll) {
    CHECK(CompressionFromName(CompressionName(compression)) == compression);
  }
  CHECK_FALSE(CompressionFromName("bzip2").has_value());
}

}  // namespace
}  // namespace hcs::layer
