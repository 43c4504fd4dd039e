// Who uses networks, endpoints and namespaces, and cutting them off.

#ifndef HCS_CORE_RUNTIME_NETWORK_USERS_H_
#define HCS_CORE_RUNTIME_NETWORK_USERS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hcs/v1/network_documents.pb.h"
#include "hcs/v1/network_service.pb.h"

namespace hcs::runtime {

struct Services;
using NetworkUsers = std::vector<v1::NetworkUser>;

// These ask HNS for all endpoints.
absl::StatusOr<std::vector<v1::Endpoint>> EndpointsOf(Services& services,
                                                      const v1::Network& network);

NetworkUsers UsersOf(const v1::Endpoint& endpoint);
NetworkUsers UsersOf(const std::vector<v1::Endpoint>& endpoints);
NetworkUsers UsersOf(const v1::Namespace& name_space);

// FAILED_PRECONDITION, naming the first of them, unless there are none. `object` is what
// they use: "network web (ID)".
absl::Status CheckUnused(const std::string& object, const NetworkUsers& users);

// Detaches the endpoint from its containers and takes it out of its namespace, with an
// event for each, and adds to `cut` who that was. Blocks. What has gone meanwhile counts
// as cut off.
absl::Status CutOff(Services& services, const v1::Endpoint& endpoint, NetworkUsers* cut);
// Deletes an endpoint that nothing uses any more, with an event.
absl::Status DeleteUnused(Services& services, const v1::Endpoint& endpoint);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_NETWORK_USERS_H_
