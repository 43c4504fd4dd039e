#include "client/hcsctl/network_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/port_mapping.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

// `text(element)` of each that has one, with commas.
template <typename Elements, typename Text>
std::string Joined(const Elements& elements, Text text) {
  std::vector<std::string> texts;
  for (const auto& element : elements) {
    std::string one = text(element);
    if (!one.empty()) texts.push_back(std::move(one));
  }
  return absl::StrJoin(texts, ",");
}

std::string AddressText(const std::string& address, uint32_t prefix_length) {
  if (address.empty() || prefix_length == 0) return address;
  return absl::StrCat(address, "/", prefix_length);
}

std::string EndpointStateText(const v1::Endpoint& endpoint) {
  constexpr const char* kNames[] = {"uninitialised", "created",  "attached", "attached sharing",
                                    "detached",      "degraded", "destroyed"};
  if (!endpoint.has_state()) return "";
  return endpoint.state() < std::size(kNames) ? kNames[endpoint.state()]
                                              : absl::StrCat(endpoint.state());
}

std::string PortsText(const v1::Endpoint& endpoint) {
  return Joined(endpoint.policies(), [](const v1::NetworkPolicy& policy) {
    return policy.has_nat() ? PortText(policy.nat()) : std::string();
  });
}

std::string PolicyTypeText(const v1::NetworkPolicy& policy) {
  const auto* field = policy.GetReflection()->GetOneofFieldDescriptor(
      policy, policy.GetDescriptor()->FindOneofByName("policy"));
  return field == nullptr ? "?" : field->json_name();
}

}  // namespace

std::string NetworksText(const std::vector<v1::Network>& networks) {
  Table table({"ID", "NAME", "TYPE", "SUBNETS", "GATEWAYS", "ADAPTER"});
  for (const v1::Network& network : networks) {
    table.AddRow({network.id(), network.name(), network.type(),
                  Joined(network.subnets(),
                         [](const v1::Subnet& subnet) { return subnet.address_prefix(); }),
                  Joined(network.subnets(),
                         [](const v1::Subnet& subnet) { return subnet.gateway_address(); }),
                  network.network_adapter_name()});
  }
  return table.Text();
}

std::string EndpointsText(const std::vector<v1::Endpoint>& endpoints) {
  Table table({"ID", "NAME", "NETWORK", "ADDRESS", "MAC", "STATE", "PORTS", "CONTAINERS"});
  for (const v1::Endpoint& endpoint : endpoints) {
    const std::string network = endpoint.virtual_network_name().empty()
                                    ? endpoint.virtual_network()
                                    : endpoint.virtual_network_name();
    const std::vector<std::string> addresses = {
        AddressText(endpoint.ip_address(), endpoint.prefix_length()),
        AddressText(endpoint.ipv6_address(), endpoint.ipv6_prefix_length())};
    table.AddRow({endpoint.id(), endpoint.name(), network,
                  Joined(addresses, [](const std::string& address) { return address; }),
                  endpoint.mac_address(), EndpointStateText(endpoint), PortsText(endpoint),
                  absl::StrJoin(endpoint.shared_containers(), ",")});
  }
  return table.Text();
}

std::string NamespacesText(const std::vector<v1::Namespace>& namespaces) {
  Table table({"ID", "DEFAULT", "COMPARTMENT", "RESOURCES"});
  for (const v1::Namespace& name_space : namespaces) {
    table.AddRow({name_space.id(), name_space.is_default() ? "yes" : "no",
                  absl::StrCat(name_space.compartment_id()),
                  absl::StrCat(name_space.resource_list_size())});
  }
  return table.Text();
}

std::string LoadBalancersText(const std::vector<v1::PolicyList>& lists) {
  Table table({"ID", "TYPE", "VIPS", "PORTS", "ENDPOINTS"});
  for (const v1::PolicyList& list : lists) {
    table.AddRow({list.id(), Joined(list.policies(), PolicyTypeText),
                  Joined(list.policies(),
                         [](const v1::NetworkPolicy& policy) {
                           return absl::StrJoin(policy.elb().vips(), ",");
                         }),
                  Joined(list.policies(),
                         [](const v1::NetworkPolicy& policy) {
                           return policy.has_elb()
                                      ? absl::StrCat(policy.elb().external_port(), "->",
                                                     policy.elb().internal_port())
                                      : std::string();
                         }),
                  absl::StrCat(list.references_size())});
  }
  return table.Text();
}

std::string EndpointStatisticsText(const std::vector<NamedStatistics>& all) {
  Table table({"ENDPOINT", "RECEIVED", "PACKETS", "DROPPED", "SENT", "PACKETS", "DROPPED"});
  for (const auto& [endpoint, statistics] : all) {
    table.AddRow({endpoint, BytesText(statistics.bytes_received()),
                  absl::StrCat(statistics.packets_received()),
                  absl::StrCat(statistics.dropped_packets_incoming()),
                  BytesText(statistics.bytes_sent()), absl::StrCat(statistics.packets_sent()),
                  absl::StrCat(statistics.dropped_packets_outgoing())});
  }
  return table.Text();
}

std::string UserText(const v1::NetworkUser& user) {
  switch (user.user_case()) {
    case v1::NetworkUser::kEndpointId:
      return user.endpoint_name().empty()
                 ? absl::StrCat("endpoint ", user.endpoint_id())
                 : absl::StrCat("endpoint ", user.endpoint_name(), " (", user.endpoint_id(), ")");
    case v1::NetworkUser::kContainerId: return absl::StrCat("container ", user.container_id());
    case v1::NetworkUser::kNamespaceId: return absl::StrCat("namespace ", user.namespace_id());
    case v1::NetworkUser::USER_NOT_SET: break;
  }
  return "something that this hcsctl does not know";
}

}  // namespace hcs::ctl
