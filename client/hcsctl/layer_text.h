// Layers as people read them.

#ifndef HCS_CLIENT_HCSCTL_LAYER_TEXT_H_
#define HCS_CLIENT_HCSCTL_LAYER_TEXT_H_

#include <string>
#include <vector>

#include "hcs/v1/layer_service.pb.h"

namespace hcs::ctl {

// "read-only", "sandbox" or "-"; "inactive", "active", "prepared" or "-".
std::string LayerKindText(v1::LayerKind kind);
std::string LayerStateText(v1::LayerState state);

// A table; SIZE stands in it if a layer's is known.
std::string LayersText(const std::vector<v1::LayerInfo>& layers);

// What an import or export has found: a line.
std::string ImportText(const v1::ImportLayerResponse& response);
std::string ExportText(const std::string& layer, const v1::ExportLayerSummary& summary);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_LAYER_TEXT_H_
