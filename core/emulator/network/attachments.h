// Who has an endpoint: attaching, detaching, and what has become of those who had it.

#ifndef HCS_CORE_EMULATOR_NETWORK_ATTACHMENTS_H_
#define HCS_CORE_EMULATOR_NETWORK_ATTACHMENTS_H_

#include <string>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/hns_state.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// An endpoint's State.
enum EndpointState : uint8_t {
  kCreated = 1,
  kAttached = 2,
  kAttachedSharing = 3,
  kDetached = 4,
};

// Each answers with the endpoint's document.

// {"ContainerId", "SystemType": "Container" | "Host", "CompartmentId", "VirtualNicName"}.
// HCN_E_ENDPOINT_ALREADY_ATTACHED when somebody has it; 0x80070490 for a container that
// is not there.
Outcome<Json> AttachEndpoint(HnsState& state, const std::string& id, const std::string& body);

// Without a ContainerId: from whoever has it. 0x80070490 when it is not attached so.
Outcome<Json> DetachEndpoint(HnsState& state, const std::string& id, const std::string& body);

// Attaches it to one more container, which shares the network of one that has it.
Status ShareEndpoint(HnsState& state, const std::string& id, const std::string& container);

// Detaches what belongs to containers that are gone. Called before anybody looks.
Status DropStaleAttachments(HnsState& state, const std::string& id);

// Tells the datapath of an endpoint that is removed.
void DetachAll(HnsState& state, const std::string& id);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_ATTACHMENTS_H_
