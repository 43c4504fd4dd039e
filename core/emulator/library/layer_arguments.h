// DriverInfo, ids and layer descriptors of the table as folders of this machine.

#ifndef HCS_CORE_EMULATOR_LIBRARY_LAYER_ARGUMENTS_H_
#define HCS_CORE_EMULATOR_LIBRARY_LAYER_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/abi/vmcompute.h"
#include "core/emulator/layers/layer_service.h"
#include "core/emulator/library/table_strings.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// The layers of a chain are bounded as Docker bounds them.
inline constexpr uint32_t kMaxLayers = 128;

inline Outcome<std::string> FolderOf(const LayerService& layers, const abi::DriverInfo* info,
                                     abi::PCWSTR id) {
  if (info == nullptr) return Status{abi::ERROR_INVALID_PARAMETER, "the DriverInfo is null"};
  if (info->Flavour != 1) {
    return Status{abi::ERROR_INVALID_PARAMETER, "DriverInfo's Flavour can be 1 (Filter) only"};
  }
  return layers.Locate(TextOf(info->HomeDir), TextOf(id));
}

// The layers' Path alone counts: LayerId follows from it.
inline Outcome<std::vector<std::string>> FoldersOf(const LayerService& layers,
                                                   const abi::WC_LAYER_DESCRIPTOR* descriptors,
                                                   uint32_t count) {
  if (count > kMaxLayers || (count > 0 && descriptors == nullptr)) {
    return Status{abi::ERROR_INVALID_PARAMETER, "there can be 0 to 128 layer descriptors"};
  }
  std::vector<std::string> folders;
  for (uint32_t i = 0; i < count; ++i) {
    Outcome<std::string> folder = layers.Locate({}, TextOf(descriptors[i].Path));
    if (!folder.ok()) return folder.failure();
    folders.push_back(*std::move(folder));
  }
  return folders;
}

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_LAYER_ARGUMENTS_H_
