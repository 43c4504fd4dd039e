// What a container with namespaces leaves on the machine besides its processes, which
// its worker or, when that has died, whoever finds its folder has to remove.

#ifndef HCS_CORE_EMULATOR_STATE_CONTAINER_REMAINS_H_
#define HCS_CORE_EMULATOR_STATE_CONTAINER_REMAINS_H_

#include <string>
#include <string_view>
#include <vector>

namespace hcs::emulator {

// The name of the control groups that the OCI runtime has put the worker in
// (platform::ContainerScope); those of the container's processes are ScopeNameOf's.
std::string RuntimeScopeNameOf(std::string_view runtime_id);

// Folders and empty files that are made in a container's root for something to be
// mounted on, and that are no part of its layers.
struct MountPoints {
  std::string root;                // The root's path on the machine.
  std::vector<std::string> parts;  // In the root, outermost first.
};

// Keeps them in the system's state folder; to be called before they are made. 0, or an
// errno value.
int WriteMountPoints(int folder, const MountPoints& mount_points);

// Removes those that WriteMountPoints has kept in `folder` and that are empty.
void RemoveMountPoints(int folder);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_CONTAINER_REMAINS_H_
