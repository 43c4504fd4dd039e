// For a program that is the first process of a container: keeping to itself what the
// container's other processes shall not have, and walking out in the end.

#ifndef HCS_CORE_PLATFORM_CONTAINER_ENTRY_H_
#define HCS_CORE_PLATFORM_CONTAINER_ENTRY_H_

#include <string>
#include <vector>

#include "core/platform/unique_fd.h"

namespace hcs::platform {

// Capabilities, as an OCI runtime's configuration spells them: what a container's
// processes may have, and what its first process needs beyond that, to read all of their
// figures, to make pipes that are large, and to walk out. Only those that the calling
// process can give.
std::vector<std::string> FirstProcessCapabilities();

// In the first process, before it starts any other: no process that it starts can get a
// capability that is the first process' alone, or look into it (its memory, its
// descriptors). 0, or an errno value.
int GuardFirstProcess();

// The mount namespace of the calling process; empty, with errno set, on failure.
UniqueFd OpenMountNamespace();

// The calling process, which must have one thread, sees and uses the mounts of
// `mount_namespace` from now on; its root and working folder are that one's. 0, or an
// errno value.
int EnterMountNamespace(const UniqueFd& mount_namespace);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_CONTAINER_ENTRY_H_
