// A layer's tar, compressed or not, as a LayerReader that pulls its bytes.

#ifndef HCS_CORE_LAYER_ANY_TAR_TAR_LAYER_READER_H_
#define HCS_CORE_LAYER_ANY_TAR_TAR_LAYER_READER_H_

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "core/layer/compression/decompressor.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_tar/layer_tar_reader.h"

namespace hcs::layer {

// For whoever may block: the bytes come from a file, a queue or a pipe. Errors are those of the
// source, as they are, of Decompressor and of the tar's reader. Memory is theirs.
class TarLayerReader : public LayerReader {
 public:
  // The next bytes as they travel, in the source's own memory until its next call; empty at the
  // end, and not called after that. It may block.
  using Source = std::function<absl::StatusOr<std::string_view>()>;

  TarLayerReader(Source source, std::unique_ptr<LayerTarReader> tar,
                 const DecompressionLimits& limits = {})
      : source_(std::move(source)), decompressor_(limits), tar_(std::move(tar)) {}

  absl::StatusOr<bool> Next(LayerEntry* entry) override;
  absl::StatusOr<std::string_view> Read() override;

  // The format, digests and sizes: of the whole, to the source's very end, once Next has said
  // that there are no more entries.
  const Decompressor& bytes() const { return decompressor_; }

 private:
  // The next event that is not kNeedInput or kError.
  absl::StatusOr<LayerTarReader::Event> NextEvent();
  absl::Status FeedTar();

  const Source source_;
  Decompressor decompressor_;
  const std::unique_ptr<LayerTarReader> tar_;
  bool in_entry_ = false;
  absl::Status failure_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_ANY_TAR_TAR_LAYER_READER_H_
