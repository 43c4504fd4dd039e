// What is kept of a layer when it has changed: in the ledger, in layerchain.json, and as
// an event. The functions write files: not for threads that must not block.

#ifndef HCS_CORE_RUNTIME_LAYER_RECORDS_H_
#define HCS_CORE_RUNTIME_LAYER_RECORDS_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "hcs/v1/event_service.pb.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

struct Services;

// A layer that is there now, with these parents, and with what `more` says of it. A chain that
// cannot be written beside it is reported; the ledger has it all the same.
void RecordLayer(
    Services& services, const std::string& path, v1::LayerKind kind,
    const std::vector<std::string>& parents,
    absl::FunctionRef<void(v1::LayerInfo&)> more = [](v1::LayerInfo&) {});

void RecordLayerState(Services& services, const std::string& path, v1::LayerState state);

void AppendLayerEvent(Services& services, v1::EventType type, const std::string& path);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_RECORDS_H_
