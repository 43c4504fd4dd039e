// A piece of a process' output, shared by all who deliver it.

#ifndef HCS_CORE_RUNTIME_OUTPUT_CHUNK_H_
#define HCS_CORE_RUNTIME_OUTPUT_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hcs::runtime {

enum class OutputStream : uint8_t { kStdout, kStderr };

// Immutable once made. The bytes live as long as any copy of the chunk.
struct OutputChunk {
  OutputStream stream = OutputStream::kStdout;
  std::shared_ptr<const char[]> bytes;
  size_t size = 0;
  // The place of the first byte in what this daemon has read of the stream.
  uint64_t offset = 0;

  std::string_view view() const { return {bytes.get(), size}; }
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_OUTPUT_CHUNK_H_
