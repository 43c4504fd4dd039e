// Endpoints: making, changing, removing them.

#ifndef HCS_CORE_EMULATOR_NETWORK_ENDPOINTS_H_
#define HCS_CORE_EMULATOR_NETWORK_ENDPOINTS_H_

#include <string>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/hns_state.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// Each answers with the document that HNS would. Ids are GUIDs in lower case.

Outcome<Json> ListEndpoints(HnsState& state);
Outcome<Json> GetEndpoint(HnsState& state, const std::string& id);

// Assigned where missing: ID, MacAddress from the network's pools, an address of each
// family that the network has, its prefix length and gateway, the network's DNS; external
// ports of NAT policies that are 0 or absent.
Outcome<Json> CreateEndpoint(HnsState& state, const std::string& body);

// Replaces the fields that the body has. What the endpoint is (its network, addresses,
// MAC) cannot be changed; HNS' own State and SharedContainers are passed over.
Outcome<Json> UpdateEndpoint(HnsState& state, const std::string& id, const std::string& body);

// Detaches it, and takes it out of policy lists and its namespace.
Outcome<Json> DeleteEndpoint(HnsState& state, const std::string& id);

// Zeros while nothing counts packets, and then says so.
Outcome<Json> EndpointStatistics(HnsState& state, const std::string& id);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_ENDPOINTS_H_
