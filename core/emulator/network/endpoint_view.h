// An endpoint as callers see it.

#ifndef HCS_CORE_EMULATOR_NETWORK_ENDPOINT_VIEW_H_
#define HCS_CORE_EMULATOR_NETWORK_ENDPOINT_VIEW_H_

#include <string>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/network/hns_model.h"

namespace hcs::emulator::hns {

// Its document, with its network's present name and the namespace that it is in. The endpoint is
// there.
Json ViewOfEndpoint(const HnsModel& model, const std::string& id);

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_ENDPOINT_VIEW_H_
