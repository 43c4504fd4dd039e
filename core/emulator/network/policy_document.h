// Policies: the types that HNS knows, and what each of them must say.

#ifndef HCS_CORE_EMULATOR_NETWORK_POLICY_DOCUMENT_H_
#define HCS_CORE_EMULATOR_NETWORK_POLICY_DOCUMENT_H_

#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/port_registry.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// As many as 5,000 ports that are mapped one by one.
inline constexpr size_t kMaxPolicies = 5000;

// Checks `(*document)["Policies"]`, if there, and puts types and fields into HNS'
// spelling; fields that are not known stay as they are. `path` is put before the names in
// errors, such as "Subnets[0].". HCN_E_INVALID_POLICY_TYPE and HCN_E_INVALID_POLICY.
Status ReadPolicies(Json* document, const std::string& path);

// The external ports of an endpoint's NAT policies, except those that are 0 or absent:
// HNS is to choose them.
std::vector<ExternalPort> ExternalPortsOf(const Json& document);

// What one policy of a checked document maps: the protocol, and the port or 0.
ExternalPort ExternalPortOf(const Json& policy);

// "TCP", "UDP" or a number, as IP numbers them; 0 for anything else.
uint8_t ProtocolNumber(const Json& value);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_POLICY_DOCUMENT_H_
