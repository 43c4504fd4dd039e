// What makes packets flow: told what happens to networks and endpoints, after it has
// been written down. The emulated host has none yet: then there is the control plane alone.

#ifndef HCS_CORE_EMULATOR_NETWORK_DATAPATH_H_
#define HCS_CORE_EMULATOR_NETWORK_DATAPATH_H_

#include <optional>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

// Documents are HNS' own, complete. A failure of what makes or changes something undoes
// the change, and the caller of HNS gets it; what is removed is removed in any case.
// Called by one thread at a time, while no other process changes the state.
class Datapath {
 public:
  virtual ~Datapath() = default;

  virtual Status NetworkMade(const Json& network) = 0;
  virtual Status NetworkChanged(const Json& network) = 0;
  virtual void NetworkRemoved(const Json& network) = 0;

  virtual Status EndpointMade(const Json& network, const Json& endpoint) = 0;
  // `attachment` is {"ContainerId", "SystemType", "CompartmentId", "VirtualNicName",
  // "RuntimeId"}, each where it applies.
  virtual Status EndpointAttached(const Json& endpoint, const Json& attachment) = 0;
  virtual void EndpointDetached(const Json& endpoint, const Json& attachment) = 0;
  virtual Status PoliciesChanged(const Json& endpoint) = 0;
  virtual void EndpointRemoved(const Json& endpoint) = 0;

  // {"BytesReceived", ...} of an attached endpoint; nullopt where nothing is counted.
  virtual std::optional<Json> Statistics(const Json& endpoint) = 0;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_DATAPATH_H_
