// What is asked of layers before something is done to them.

#ifndef HCS_CORE_EMULATOR_LAYERS_LAYER_GUARDS_H_
#define HCS_CORE_EMULATOR_LAYERS_LAYER_GUARDS_H_

#include <string>
#include <vector>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// 0x80070020, "is in use".
Status InUse(const std::string& folder);

// Holds every one (UseLayer). 0x80070003 when one is not there.
Status UseLayers(const std::vector<std::string>& layers, std::vector<platform::UniqueFd>* uses);
// The same of a sandbox's parents, at least one, so that none is destroyed before it is mounted.
Status UseParents(const std::vector<std::string>& layers, std::vector<platform::UniqueFd>* uses);

// Whether there is a folder with others in it: one that is no layer is not ours then.
bool HasForeignFolders(const std::string& folder);

// 0x800700B7 when a layer, or a folder with others in it, is there; a folder of files alone
// is furnished to be one.
Status CheckFree(const std::string& folder);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LAYER_GUARDS_H_
