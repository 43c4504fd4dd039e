// The layers that a container's document names.

#ifndef HCS_CORE_RUNTIME_CONTAINER_LAYERS_H_
#define HCS_CORE_RUNTIME_CONTAINER_LAYERS_H_

#include <string_view>

#include "hcs/v1/compute_system.pb.h"
#include "hcs/v1/container_config.pb.h"
#include "hcs/v1/container_service.pb.h"

namespace hcs::runtime {

// Each adds to the container's `layer_paths`: its parent layers, its own layer's folder,
// and the volume that this is mounted as.
void AddLayerPaths(const v1::ContainerConfig& config, v1::Container* container);
void AddLayerPaths(const v1::ComputeSystem& system, v1::Container* container);
// Of either schema; nothing of a document that is not typed as ours.
void AddLayerPaths(std::string_view raw_document, v1::Container* container);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_CONTAINER_LAYERS_H_
