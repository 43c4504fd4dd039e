// What a container's document says of its network, done when the container is made, and
// what is changed of it later.

#ifndef HCS_CORE_EMULATOR_NETWORK_CONTAINER_NETWORK_H_
#define HCS_CORE_EMULATOR_NETWORK_CONTAINER_NETWORK_H_

#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/hns_state.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

struct ContainerNetwork {
  std::vector<std::string> endpoints;  // EndpointList.
  std::string shared_with;             // NetworkSharedContainerName: a container's id.
  std::string name_space;              // Container.Networking.Namespace.

  bool empty() const { return endpoints.empty() && shared_with.empty() && name_space.empty(); }
};

// Of a document of schema 1 or 2 that has been checked.
ContainerNetwork ContainerNetworkOf(const Json& document);

// Attaches to container `id` the endpoints that are named, those of the namespace, and,
// shared, those of the other container. All of them or none; an error names the field.
Status AttachContainer(HnsState& state, const std::string& id, const ContainerNetwork& network);

// Whether a modification of a running container, {"ResourceType", "RequestType",
// "Settings"}, is of its network.
bool IsNetworkModification(const Json& request);

// Attaches ("RequestType" Add) or detaches (Remove) the endpoint that the settings are, or
// that they name. VMCOMPUTE_INVALID_JSON for what cannot be understood.
Status ModifyContainer(HnsState& state, const std::string& id, const Json& request);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_CONTAINER_NETWORK_H_
