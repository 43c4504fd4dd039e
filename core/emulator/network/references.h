// What refers to endpoints: policy lists (load balancers, routes) and namespaces.

#ifndef HCS_CORE_EMULATOR_NETWORK_REFERENCES_H_
#define HCS_CORE_EMULATOR_NETWORK_REFERENCES_H_

#include <string>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/hns_state.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// Each answers with the document that HNS would. Ids are GUIDs in lower case.

Outcome<Json> ListPolicyLists(HnsState& state);
Outcome<Json> GetPolicyList(HnsState& state, const std::string& id);
// {"References": ["/endpoints/GUID"], "Policies": [...]}. HCN_E_PORT_ALREADY_EXISTS when
// another list has a load balancer's VIP, protocol and external port.
Outcome<Json> CreatePolicyList(HnsState& state, const std::string& body);
Outcome<Json> DeletePolicyList(HnsState& state, const std::string& id);

Outcome<Json> ListNameSpaces(HnsState& state);
Outcome<Json> GetNameSpace(HnsState& state, const std::string& id);
// Assigned: ID and CompartmentId. There is one default namespace at most.
Outcome<Json> CreateNameSpace(HnsState& state, const std::string& body);
Outcome<Json> DeleteNameSpace(HnsState& state, const std::string& id);
// {"Type": "Endpoint" | "Container", "Data": {"Id"}}. An endpoint is in one namespace at
// most. Adding what is there, and removing what is not, is refused.
Outcome<Json> AddResource(HnsState& state, const std::string& id, const std::string& body);
Outcome<Json> RemoveResource(HnsState& state, const std::string& id, const std::string& body);

// Takes an endpoint out of all of them.
Status DropReferences(HnsState& state, const std::string& endpoint);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_REFERENCES_H_
