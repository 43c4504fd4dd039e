// The tree of a prepared sandbox where this user may not mount: a copy of the parents' and
// the sandbox's files, in place of a union of them. What is changed in it is found by
// comparing it with the parents, and then put into the sandbox's Files as a union has it.
//
//   mount/    the copy
//   copied    is there while the sandbox is prepared so; its time is when the copy was whole
//
// It takes the room and the time of a copy (of a reflink where the file system has them).
// A file counts as changed when its size, time of the last write, mode or, if it was
// touched at all, its content are others; owners are not kept: nobody could set them.

#ifndef HCS_CORE_EMULATOR_LAYERS_COPIED_VIEW_H_
#define HCS_CORE_EMULATOR_LAYERS_COPIED_VIEW_H_

#include <string>
#include <vector>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// Whether the sandbox is prepared by a copy.
bool HasCopiedView(const std::string& sandbox);

// For all of these, the sandbox is locked by the caller (LockedLayer), and its parents are
// held. A process that dies in them leaves the sandbox prepared or not, with all changes.

// `parents`, nearest first. What an earlier one has left there goes.
Status MakeCopiedView(const std::string& sandbox, const std::vector<std::string>& parents);

// Puts what was changed into the sandbox's Files.
Status SaveCopiedView(const std::string& sandbox, const std::vector<std::string>& parents);

// Removes the copy; saved before, or its changes are lost.
Status DropCopiedView(const std::string& sandbox);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_COPIED_VIEW_H_
