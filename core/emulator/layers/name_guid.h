// The GUIDs by which layers are told: NameToGuid of the last component of a path.

#ifndef HCS_CORE_EMULATOR_LAYERS_NAME_GUID_H_
#define HCS_CORE_EMULATOR_LAYERS_NAME_GUID_H_

#include <string_view>

#include "core/abi/vmcompute.h"

namespace hcs::emulator {

// A version 5 GUID (RFC 4122) of the name's UTF-16LE, in a namespace of the emulated
// host's own: Windows' is not public, so its GUIDs are others.
abi::GUID GuidOfName(std::u16string_view name);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_NAME_GUID_H_
