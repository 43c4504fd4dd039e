// Layers that are there before anybody imports one: base images.

#ifndef HCS_CORE_EMULATOR_LAYERS_BASE_IMAGES_H_
#define HCS_CORE_EMULATOR_LAYERS_BASE_IMAGES_H_

#include <cstdint>
#include <string>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// The layers in `folder`, by name, as GetBaseImages tells them: {"Images": [{"Name",
// "Version", "Path", "Size", "CreatedTime"}]}. Version is of the Windows build that the host
// claims to be; Size is what the layer takes on disk; CreatedTime when it was last made or
// filled, in UTC. A folder that is not there has none.
std::string BaseImagesIn(const std::string& folder, uint32_t build_number);

// Makes a base layer of the folder `path`, with Files in it, that somebody has filled. Fine
// for one that is a base layer already. 0x80070003 when there is none, VMCOMPUTE_INVALID_LAYER
// when it has no Files, is a sandbox, or has what no layer has.
Status ProcessBaseLayer(const std::string& path);

// Checks the folder of a utility VM, with Files in it. The same errors.
Status ProcessUtilityVm(const std::string& path);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_BASE_IMAGES_H_
