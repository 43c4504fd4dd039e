// Networks: making, changing, removing them.

#ifndef HCS_CORE_EMULATOR_NETWORK_NETWORKS_H_
#define HCS_CORE_EMULATOR_NETWORK_NETWORKS_H_

#include <string>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/hns_state.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// Each answers with the document that HNS would. Ids are GUIDs in lower case.

Outcome<Json> ListNetworks(HnsState& state);
Outcome<Json> GetNetwork(HnsState& state, const std::string& id);

// Assigned where missing: ID; MacPools; Subnets of a nat or ics network.
Outcome<Json> CreateNetwork(HnsState& state, const std::string& body);

// Replaces the fields that the body has. ID and Type stay; a subnet in which an endpoint
// has its address does, too.
Outcome<Json> UpdateNetwork(HnsState& state, const std::string& id, const std::string& body);

// HCN_E_INVALID_NETWORK while it has endpoints.
Outcome<Json> DeleteNetwork(HnsState& state, const std::string& id);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_NETWORKS_H_
