// The tree of a utility VM that a layer has from its parent.

#ifndef HCS_CORE_LAYER_UTILITY_VM_CLONE_H_
#define HCS_CORE_LAYER_UTILITY_VM_CLONE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/layer/rooted_folder.h"

namespace hcs::layer {

// A directory, and the times it is to have once nothing is written into it any more.
struct DirectoryTimes {
  std::string name;
  abi::FILE_BASIC_INFO info = {};
};

// Makes `to`'s UtilityVM\Files, which must not be there, the same as `parent`'s: each
// file a hard link (a copy where the file system makes none), but for the boot
// configuration, EFI\Microsoft\Boot\BCD and its logs, which are copies, since a
// booting machine writes to them. Appends the directories. OK if the parent has none.
absl::Status CloneUtilityVm(RootedFolder& parent, RootedFolder& to,
                            std::vector<DirectoryTimes>* directories);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_UTILITY_VM_CLONE_H_
