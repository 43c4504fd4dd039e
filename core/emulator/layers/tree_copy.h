// Copies of trees of files, and of what differs between two.

#ifndef HCS_CORE_EMULATOR_LAYERS_TREE_COPY_H_
#define HCS_CORE_EMULATOR_LAYERS_TREE_COPY_H_

#include <ctime>

#include "core/emulator/layers/merged_folder.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// Copies all of it into the empty folder `to`, which becomes like it: content, links, modes,
// times, extended attributes, and owners as far as this user may. 0x80070522 for a device
// that this user may not make.
Status CopyFolder(const MergedFolder& from, int to);

// Copies into the empty folder `to` what `view` has in another way than `below`; a whiteout
// for what it has not. `view` was made, and was whole at `since`, as a copy of `below` with
// the changes `above` (nullptr: none) in it: what has not been touched since, and is not
// among those, is known to be the same.
Status CopyDifference(const MergedFolder& view, const MergedFolder& below,
                      const MergedFolder* above, const timespec& since, int to);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_TREE_COPY_H_
