#include "core/runtime/container_layers.h"

#include <string>

#include "core/document/document.h"

namespace hcs::runtime {
namespace {

void Add(const std::string& path, v1::Container* container) {
  if (!path.empty()) container->add_layer_paths(path);
}

}  // namespace

void AddLayerPaths(const v1::ContainerConfig& config, v1::Container* container) {
  for (const v1::Layer& layer : config.layers()) Add(layer.path(), container);
  Add(config.layer_folder_path(), container);
  Add(config.sandbox_path(), container);
  Add(config.volume_path(), container);
}

void AddLayerPaths(const v1::ComputeSystem& system, v1::Container* container) {
  const v1::ContainerStorage& storage = system.container().storage();
  for (const v1::StorageLayer& layer : storage.layers()) Add(layer.path(), container);
  Add(storage.path(), container);
}

void AddLayerPaths(std::string_view raw_document, v1::Container* container) {
  // Neither schema has the other's members, which are kept aside as unknown.
  v1::ContainerConfig config;
  if (document::FromJson(raw_document, &config).ok()) AddLayerPaths(config, container);
  v1::ComputeSystem system;
  if (document::FromJson(raw_document, &system).ok()) AddLayerPaths(system, container);
}

}  // namespace hcs::runtime
