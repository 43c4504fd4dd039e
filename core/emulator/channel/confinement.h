// What the library tells the worker of a container with namespaces of its own, and what
// it gives it from outside: in the Create call, as "Confinement" and further descriptors.

#ifndef HCS_CORE_EMULATOR_CHANNEL_CONFINEMENT_H_
#define HCS_CORE_EMULATOR_CHANNEL_CONFINEMENT_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/outcome.h"
#include "core/platform/container_scope.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

struct Confinement {
  int worker_process_id = 0;          // As the machine knows it; the worker itself is process 1.
  platform::UniqueFd machine_mounts;  // The machine's mount namespace.
  // The container's root, in that one, locked (flock) for this container alone: while it
  // is open, nobody can unmount it there.
  platform::UniqueFd root;
  std::shared_ptr<const platform::ScopeSurroundings> surroundings;
};

// Of the calling process, without the worker's process id. `root` is the folder's path;
// 0x80070020 when another container has it.
Outcome<Confinement> OpenConfinement(const std::string& root);

// The document of `confinement`, and its descriptors: copies, appended to `descriptors`.
Json ConfinementDocument(const Confinement& confinement,
                         std::vector<platform::UniqueFd>* descriptors);

// The reverse, from the same descriptors. nullptr when they do not fit the document.
std::unique_ptr<Confinement> ReadConfinement(const Json& document,
                                             std::span<platform::UniqueFd> descriptors);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_CHANNEL_CONFINEMENT_H_
