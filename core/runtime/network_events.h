// Events of networks. None of these functions blocks.

#ifndef HCS_CORE_RUNTIME_NETWORK_EVENTS_H_
#define HCS_CORE_RUNTIME_NETWORK_EVENTS_H_

#include <string>
#include <string_view>

#include "hcs/v1/event_service.pb.h"
#include "hcs/v1/network_documents.pb.h"

namespace hcs::runtime {

struct Services;

void TellOf(Services& services, v1::EventType type, const v1::Network& network);
// `container_id` of the one that it was attached to or detached from.
void TellOf(Services& services, v1::EventType type, const v1::Endpoint& endpoint,
            std::string_view container_id = {});
void TellOf(Services& services, v1::EventType type, const v1::Namespace& name_space);
void TellOf(Services& services, v1::EventType type, const v1::PolicyList& list);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_NETWORK_EVENTS_H_
