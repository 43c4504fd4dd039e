// A layer's content, read from the host.

#ifndef HCS_CORE_RUNTIME_LAYER_CONTENT_READER_H_
#define HCS_CORE_RUNTIME_LAYER_CONTENT_READER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/host/layer_address.h"
#include "core/host/layer_content.h"
#include "core/layer/layer_entry.h"
#include "core/runtime/layer_scratch.h"

namespace hcs::runtime {

struct Services;

// By ExportLayerBegin and what follows it where the host has them; otherwise the host's
// ExportLayer writes a transport folder into the daemon's scratch, whole, before Begin
// returns. Hard links come as files of their own: neither way tells them. While it lives,
// its caller has the layer's turn. Every method blocks, the destructor too.
class LayerContentReader : public layer::LayerReader {
 public:
  // `services` must outlive this; `parents` are full paths, nearest first. NOT_FOUND;
  // UNIMPLEMENTED: the host has neither way.
  static absl::StatusOr<std::unique_ptr<LayerContentReader>> Begin(
      Services& services, const host::LayerAddress& layer, const std::vector<std::string>& parents);
  ~LayerContentReader() override;

  absl::StatusOr<bool> Next(layer::LayerEntry* entry) override;
  absl::StatusOr<std::string_view> Read() override;

 private:
  LayerContentReader(ScratchFolder scratch, std::unique_ptr<layer::LayerReader> way);

  ScratchFolder scratch_;
  const std::unique_ptr<layer::LayerReader> way_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_CONTENT_READER_H_
