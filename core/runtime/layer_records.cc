#include "core/runtime/layer_records.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/services.h"

namespace hcs::runtime {

void RecordLayer(Services& services, const std::string& path, v1::LayerKind kind,
                 const std::vector<std::string>& parents,
                 absl::FunctionRef<void(v1::LayerInfo&)> more) {
  services.layer_ledger->Change(path, [&](v1::LayerInfo& layer) {
    if (layer.kind() != kind) layer.set_state(v1::LAYER_STATE_INACTIVE);
    layer.set_kind(kind);
    layer.mutable_parents()->Assign(parents.begin(), parents.end());
    more(layer);
  });
  if (absl::Status written = WriteLayerChain(path, parents); !written.ok()) {
    services.options.report(absl::StrCat("the parents of layer ", path,
                                         " are not kept beside it: ", written.message()));
  }
}

void RecordLayerState(Services& services, const std::string& path, v1::LayerState state) {
  services.layer_ledger->Change(path, [state](v1::LayerInfo& layer) { layer.set_state(state); });
}

void AppendLayerEvent(Services& services, v1::EventType type, const std::string& path) {
  v1::Event event;
  event.set_type(type);
  event.set_layer_path(path);
  services.journal.Append(std::move(event));
}

}  // namespace hcs::runtime
