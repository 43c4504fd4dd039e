// Names of layers' files: as Windows has them, and as Linux file systems hold them.
//
// A component is on disk in UTF-8, and:
//   - what core/platform/linux_name.h makes of a Linux name, is that Linux name
//   - a lone surrogate is the three bytes that UTF-8 would give it
//   - a name of more than 255 bytes is cut, with a hash of the whole at its end
// Only the layer's metadata knows the last two names then.

#ifndef HCS_CORE_EMULATOR_LAYERS_LAYER_NAMES_H_
#define HCS_CORE_EMULATOR_LAYERS_LAYER_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// The components of `\Files\a\b`. 0x80070057 for a name without the leading `\`, with an
// empty component, "." or "..", '/', ':' or a NUL, with a component beyond 255 characters,
// with more than 256 components or 32767 characters altogether, and for one that is not Files,
// Hives or UtilityVM, or below them; below UtilityVM there is only Files. The first components are
// returned in that spelling, whatever their case was.
Outcome<std::vector<std::u16string>> SplitLayerName(std::u16string_view name);

// One component, both ways. DiskName(WindowsName(x)) == x; the other way round it is so for
// names without lone surrogates that are short enough, and that Windows takes itself.
std::string DiskName(std::u16string_view component);
std::u16string WindowsName(std::string_view disk_name);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LAYER_NAMES_H_
