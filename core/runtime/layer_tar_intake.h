// A layer's tar, in pieces as it comes, made into entries.

#ifndef HCS_CORE_RUNTIME_LAYER_TAR_INTAKE_H_
#define HCS_CORE_RUNTIME_LAYER_TAR_INTAKE_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "core/layer/compression/decompressor.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_tar/layer_tar_reader.h"

namespace hcs::runtime {

// Compressed or not; pieces are never gathered. One thread at a time; it blocks as the
// writer does. After an error nothing but destruction makes sense.
class LayerTarIntake {
 public:
  // `to` must outlive this; it is not committed.
  LayerTarIntake(std::unique_ptr<layer::LayerTarReader> tar, layer::LayerWriter* to)
      : tar_(std::move(tar)), to_(to) {}

  // INVALID_ARGUMENT, DATA_LOSS or RESOURCE_EXHAUSTED: as the tar's reader and Decompressor
  // say; or what the writer says.
  absl::Status Feed(std::string_view piece);
  // There is no more: the layer must be whole. Once.
  absl::Status Finish();

  // Of what has come so far; of the whole after Finish.
  const layer::Decompressor& bytes() const { return bytes_; }
  uint64_t entries() const { return entries_; }

 private:
  absl::Status Decompress();
  absl::Status ReadTar();

  const std::unique_ptr<layer::LayerTarReader> tar_;
  layer::LayerWriter* const to_;
  layer::Decompressor bytes_;
  uint64_t entries_ = 0;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_TAR_INTAKE_H_
