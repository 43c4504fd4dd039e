#include <zstd.h>

#include <new>

#include "absl/strings/str_cat.h"
#include "core/layer/compression/decoder.h"

namespace hcs::layer {
namespace {

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// zstd itself goes from frame to frame, skippable ones included.
class ZstdDecoder : public Decoder {
 public:
  explicit ZstdDecoder(int max_window_log) : context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, max_window_log);
  }

  absl::Status Decode(std::string_view& input, absl::Span<char> output, size_t& written) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{output.data(), output.size(), 0};
    // At a boundary a call without input would begin the next frame.
    while (out.pos < out.size && (in.pos < in.size || !at_boundary_)) {
      const size_t in_before = in.pos;
      const size_t out_before = out.pos;
      const size_t result = ZSTD_decompressStream(context_.get(), &out, &in);
      if (ZSTD_isError(result) != 0) return absl::DataLossError(ZSTD_getErrorName(result));
      at_boundary_ = result == 0;
      if (in.pos == in_before && out.pos == out_before) break;
    }
    input.remove_prefix(in.pos);
    written = out.pos;
    return absl::OkStatus();
  }

  bool AtBoundary() const override { return at_boundary_; }

 private:
  std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
  bool at_boundary_ = true;
};

}  // namespace

std::unique_ptr<Decoder> MakeZstdDecoder(int max_window_log) {
  return std::make_unique<ZstdDecoder>(max_window_log);
}

}  // namespace hcs::layer
