// How the bytes of a layer may be compressed.

#ifndef HCS_CORE_LAYER_COMPRESSION_COMPRESSION_H_
#define HCS_CORE_LAYER_COMPRESSION_COMPRESSION_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace hcs::layer {

enum class Compression { kNone, kGzip, kZstd };

// "none", "gzip", "zstd".
const char* CompressionName(Compression compression);
std::optional<Compression> CompressionFromName(std::string_view name);

// As many bytes as tell the formats apart.
inline constexpr size_t kMagicBytes = 4;

// By the magic that the formats begin with (RFC 1952, section 2.3.1; RFC 8878, sections
// 3.1.1 and 3.1.2, skippable frames included). What has neither is not compressed.
// `start` holds the first kMagicBytes, or all when there are fewer.
Compression DetectCompression(std::string_view start);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_COMPRESSION_COMPRESSION_H_
