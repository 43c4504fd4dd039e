#include "core/layer/compression/compression.h"

namespace hcs::layer {

const char* CompressionName(Compression compression) {
  switch (compression) {
    case Compression::kNone: return "none";
    case Compression::kGzip: return "gzip";
    case Compression::kZstd: return "zstd";
  }
  return "unknown";
}

std::optional<Compression> CompressionFromName(std::string_view name) {
  for (const Compression compression :
       {Compression::kNone, Compression::kGzip, Compression::kZstd}) {
    if (CompressionName(compression) == name) return compression;
  }
  return std::nullopt;
}

Compression DetectCompression(std::string_view start) {
  if (start.starts_with("\x1F\x8B")) return Compression::kGzip;
  if (start.starts_with("\x28\xB5\x2F\xFD")) return Compression::kZstd;
  const bool skippable_frame = start.size() >= kMagicBytes && (start[0] & 0xF0) == 0x50 &&
                               start.substr(1, 3) == "\x2A\x4D\x18";
  return skippable_frame ? Compression::kZstd : Compression::kNone;
}

}  // namespace hcs::layer
