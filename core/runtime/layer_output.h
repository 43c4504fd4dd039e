// A layer's content, as the messages of an ExportLayer.

#ifndef HCS_CORE_RUNTIME_LAYER_OUTPUT_H_
#define HCS_CORE_RUNTIME_LAYER_OUTPUT_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "core/layer/any_tar/layer_tar_format.h"
#include "core/layer/compression/compression.h"
#include "core/layer/layer_entry.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

// One thread at a time; it blocks as the reader does. Memory is that of a message, and of
// the formats. After an error nothing but destruction makes sense.
class LayerOutput {
 public:
  // The bytes of a message, about.
  static constexpr size_t kMessageBytes = size_t{256} * 1024;

  virtual ~LayerOutput() = default;

  // The next message, the summary last; then nothing. FAILED_PRECONDITION: the layer has
  // something that the format cannot carry.
  virtual absl::StatusOr<std::optional<v1::ExportLayerResponse>> Next() = 0;

  // Bytes and entries that the messages so far have.
  virtual const v1::ExportLayerSummary& progress() const = 0;
};

std::unique_ptr<LayerOutput> OutputEntries(std::unique_ptr<layer::LayerReader> reader);

// `level` as Compressor has it.
std::unique_ptr<LayerOutput> OutputTar(std::unique_ptr<layer::LayerReader> reader,
                                       layer::LayerTarFormat format, layer::Compression compression,
                                       std::optional<int> level);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_OUTPUT_H_
