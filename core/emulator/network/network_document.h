// What a network's document says, read and checked.

#ifndef HCS_CORE_EMULATOR_NETWORK_NETWORK_DOCUMENT_H_
#define HCS_CORE_EMULATOR_NETWORK_NETWORK_DOCUMENT_H_

#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/address_space.h"
#include "core/emulator/network/mac_registry.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// More of them than anybody has; every address is looked for in each.
inline constexpr size_t kMaxSubnets = 64;
inline constexpr size_t kMaxMacPools = 64;

// `document` is in HNS' form. Each rewrites what it reads as HNS spells it.

// nat, transparent, l2bridge, l2tunnel, overlay, ics, internal, private.
// HCN_E_INVALID_NETWORK_TYPE for any other, and for none.
Status ReadType(Json* document);

// Subnets that have addresses for endpoints, a gateway within, and do not overlap.
// HCN_E_INVALID_NETWORK with the field's name otherwise.
Outcome<std::vector<SubnetPlan>> ReadSubnets(Json* document);

// Pools in order, that do not overlap.
Outcome<std::vector<MacRange>> ReadMacPools(Json* document);

// SourceMac and ManagementIP.
Status ReadOwnAddresses(Json* document);

// Whether networks of this type share the machine's own routes, so that their subnets
// must not overlap: nat, ics, internal.
bool SharesRoutes(const Json& document);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_NETWORK_DOCUMENT_H_
