// After a restart: what the daemon owned, found again at the host.

#ifndef HCS_CORE_RUNTIME_RECOVERY_H_
#define HCS_CORE_RUNTIME_RECOVERY_H_

namespace hcs::runtime {

struct Services;

// Opens every container and process that the state store names, and returns
// when all have been tried. The host is the truth: a container that it no
// longer has is one that has exited; one that cannot be reached is tried again
// until it can. Blocks.
void Recover(Services& services);

// Destroys the layers that were being imported when the daemon died, and removes what else
// it has left of operations on layers. Before any operation on a layer. Blocks.
void RecoverLayers(Services& services);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_RECOVERY_H_
