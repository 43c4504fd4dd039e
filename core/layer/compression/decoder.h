// What the Decompressor asks of a format. Private to this folder.

#ifndef HCS_CORE_LAYER_COMPRESSION_DECODER_H_
#define HCS_CORE_LAYER_COMPRESSION_DECODER_H_

#include <cstddef>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace hcs::layer {

class Decoder {
 public:
  virtual ~Decoder() = default;

  // Takes from the front of `input` and fills `output` from its front; `written` says
  // how far. It stops when either is used up. DATA_LOSS, in the format's words.
  virtual absl::Status Decode(std::string_view& input, absl::Span<char> output,
                              size_t& written) = 0;

  // Whether the input may end here: what has begun has ended.
  virtual bool AtBoundary() const = 0;
};

std::unique_ptr<Decoder> MakeGzipDecoder();
// Frames that need a window of more than 1 << `max_window_log` bytes are refused.
std::unique_ptr<Decoder> MakeZstdDecoder(int max_window_log);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_COMPRESSION_DECODER_H_
