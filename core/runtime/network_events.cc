#include "core/runtime/network_events.h"

#include <utility>

#include "core/runtime/services.h"

namespace hcs::runtime {

void TellOf(Services& services, v1::EventType type, const v1::Network& network) {
  v1::Event event;
  event.set_type(type);
  event.set_network_id(network.id());
  event.set_object_name(network.name());
  services.journal.Append(std::move(event));
}

void TellOf(Services& services, v1::EventType type, const v1::Endpoint& endpoint,
            std::string_view container_id) {
  v1::Event event;
  event.set_type(type);
  event.set_network_id(endpoint.virtual_network());
  event.set_endpoint_id(endpoint.id());
  event.set_object_name(endpoint.name());
  event.set_container_id(std::string(container_id));
  services.journal.Append(std::move(event));
}

void TellOf(Services& services, v1::EventType type, const v1::Namespace& name_space) {
  v1::Event event;
  event.set_type(type);
  event.set_namespace_id(name_space.id());
  services.journal.Append(std::move(event));
}

void TellOf(Services& services, v1::EventType type, const v1::PolicyList& list) {
  v1::Event event;
  event.set_type(type);
  event.set_load_balancer_id(list.id());
  services.journal.Append(std::move(event));
}

}  // namespace hcs::runtime
