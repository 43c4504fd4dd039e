#include <catch2/catch.hpp>
#include <string>

#include "client/hcsctl/event_text.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/network_text.h"
#include "client/hcsctl/port_mapping.h"

namespace hcs::ctl {
namespace {

TEST_CASE("a published port is read in its spellings", "[hcsctl]") {
  const auto check = [](const char* text, uint32_t external, uint32_t internal,
                        const std::string& protocol) {
    INFO(text);
    const auto mapping = ParsePortMapping("-p", text);
    REQUIRE(mapping.ok());
    CHECK(mapping->external == external);
    CHECK(mapping->internal == internal);
    CHECK(mapping->protocol == protocol);
  };
  check("8080:80", 8080, 80, "TCP");
  check("53:53/udp", 53, 53, "UDP");
  check("443/TCP", 443, 443, "TCP");
  check("1:65535", 1, 65535, "TCP");
  for (const char* text : {"", ":", "80:", ":80", "0:80", "80:0", "65536:1", "80:80/sctp", "a:b",
                           "80:80:80", "-1:80", "80/"}) {
    INFO(text);
    const auto mapping = ParsePortMapping("-p", text);
    CHECK(absl::IsInvalidArgument(mapping.status()));
    CHECK(std::string(mapping.status().message()).starts_with("-p "));
  }
}

TEST_CASE("an endpoint's line has its addresses, state and ports", "[hcsctl]") {
  v1::Endpoint endpoint;
  endpoint.set_id("e1");
  endpoint.set_name("web");
  endpoint.set_virtual_network("n1");
  endpoint.set_ip_address("10.0.0.2");
  endpoint.set_prefix_length(24);
  endpoint.set_ipv6_address("fd00::2");
  endpoint.set_mac_address("00-15-5D-00-00-01");
  endpoint.set_state(2);
  endpoint.add_policies()->mutable_vlan()->set_vlan(7);
  *endpoint.add_policies() = NatPolicyOf({8080, 80, "TCP"});
  endpoint.add_shared_containers("c1");
  const std::string text = EndpointsText({endpoint});
  INFO(text);
  CHECK(text.find("e1  web   n1       10.0.0.2/24,fd00::2  00-15-5D-00-00-01  attached  "
                  "8080->80/tcp  c1\n") != std::string::npos);
  endpoint.set_state(99);
  CHECK(EndpointsText({endpoint}).find("  99  ") != std::string::npos);
}

TEST_CASE("policies are printed as HNS has them", "[hcsctl]") {
  v1::Endpoint endpoint;
  *endpoint.add_policies() = NatPolicyOf({8080, 80, "TCP"});
  endpoint.add_policies()->set_unknown_json(R"({"Type":"Odd","Deep":[1]})");
  const std::string json = ToJson(endpoint);
  INFO(json);
  CHECK(json.find(R"({"Type":"NAT","Protocol":"TCP","InternalPort":80,"ExternalPort":8080})") !=
        std::string::npos);
  CHECK(json.find(R"({"Type":"Odd","Deep":[1]})") != std::string::npos);
}

TEST_CASE("a network event tells its object", "[hcsctl]") {
  v1::Event event;
  event.set_type(v1::EVENT_TYPE_ENDPOINT_ATTACHED);
  event.set_container_id("c1");
  event.set_network_id("n1");
  event.set_endpoint_id("e1");
  event.set_object_name("web");
  const std::string text = EventText(event);
  INFO(text);
  CHECK(text.ends_with("endpoint-attached  c1  web (e1)"));
  CHECK(ParseEventFilter({"network=n", "endpoint=e", "type=network-created"}).ok());
  const auto unknown = ParseEventFilter({"type=nonsense"});
  // Numbers that no type has are not offered.
  CHECK(std::string(unknown.status().message()).find(" 23") == std::string::npos);
}

}  // namespace
}  // namespace hcs::ctl
