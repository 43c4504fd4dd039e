// layerchain.json: the parents of a layer, beside it, by the convention of Docker and
// containerd: a JSON array of paths, nearest first.

#ifndef HCS_CORE_RUNTIME_LAYER_CHAIN_H_
#define HCS_CORE_RUNTIME_LAYER_CHAIN_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace hcs::runtime {

inline constexpr char kLayerChainFile[] = "layerchain.json";

// What two paths of the same layer have in common: separators of one kind and none twice
// or at the end, and Windows' own paths ("C:\", "\\") in lower case.
std::string LayerKey(std::string_view path);

// Nothing when there is no such file, or when it is none: its layer is then one whose
// parents are not known. `folder` is the layer's; this reads a file.
std::optional<std::vector<std::string>> ReadLayerChain(const std::string& folder);

// Replaces the file. A folder that is not of this machine is left alone.
absl::Status WriteLayerChain(const std::string& folder, const std::vector<std::string>& parents);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_CHAIN_H_
