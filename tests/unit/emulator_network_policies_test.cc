// Policies: each type, and external ports.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

Json Nat(const std::string& protocol, int internal, int external) {
  return {{"Type", "NAT"},
          {"Protocol", protocol},
          {"InternalPort", internal},
          {"ExternalPort", external}};
}

// One policy of each type, with every field that the reference has.
std::vector<Json> EveryType() {
  return {
      {{"Type", "NAT"},
       {"Protocol", "TCP"},
       {"InternalPort", 80},
       {"ExternalPort", 8080},
       {"ExternalPortReserved", true}},
      {{"Type", "QOS"}, {"MaximumOutgoingBandwidthInBytes", 18446744073709551615u}},
      {{"Type", "VLAN"}, {"VLAN", 4094}},
      {{"Type", "VSID"}, {"VSID", 16777215}},
      {{"Type", "PA"}, {"PA", "192.0.2.1"}},
      {{"Type", "ACL"},
       {"Protocols", "6,17"},
       {"Action", "Block"},
       {"Direction", "Out"},
       {"LocalAddresses", "10.0.0.0/8,fd00::1"},
       {"RemoteAddresses", "192.0.2.7"},
       {"LocalPorts", "80,8000-8080"},
       {"RemotePorts", "443"},
       {"RuleType", "Switch"},
       {"Priority", 100}},
      {{"Type", "OutBoundNAT"},
       {"VIP", "192.0.2.1"},
       {"ExceptionList", {"10.0.0.0/8"}},
       {"Destinations", {"192.0.2.0/24", "198.51.100.1"}}},
      {{"Type", "ROUTE"},
       {"DestinationPrefix", "0.0.0.0/0"},
       {"NextHop", "10.1.0.1"},
       {"NeedEncap", true}},
      {{"Type", "ELB"},
       {"SourceVIP", "10.1.0.9"},
       {"VIPs", {"10.9.0.1"}},
       {"ILB", true},
       {"IsDSR", false},
       {"Protocol", 6},
       {"InternalPort", 80},
       {"ExternalPort", 80}},
      {{"Type", "L2Driver"}},
      {{"Type", "Isolation"}, {"VLAN", 5}, {"VSID", 0}, {"InDefaultIsolation", true}},
      {{"Type", "PROXY"},
       {"IP", "10.1.0.1"},
       {"Port", "15001"},
       {"ExceptionList", {"10.0.0.1"}},
       {"Destination", "192.0.2.0/24"},
       {"OutboundNat", true}},
  };
}

TEST_CASE("every type of policy is kept as it is, with fields that are not known") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  Json policies = EveryType();
  policies[0]["Flavour"] = "sweet";
  CHECK(hns.MakeEndpoint(network, {{"Policies", policies}})["Policies"] == policies);
  policies.erase(0);  // Its port is taken.
  CHECK(hns.MakeNetwork({{"Type", "overlay"}, {"Policies", policies}})["Policies"] == policies);
}

TEST_CASE("types, fields and words of policies are read without regard to case") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const Json endpoint = hns.MakeEndpoint(
      hns.NetworkId(),
      {{"Policies",
        {{{"type", "outboundnat"}, {"vip", "192.0.2.1"}, {"exceptionlist", nullptr}},
         {{"TYPE", "acl"}, {"action", "ALLOW"}, {"direction", "in"}, {"Id", "own"}}}}});
  CHECK(endpoint["Policies"] ==
        Json({{{"Type", "OutBoundNAT"}, {"VIP", "192.0.2.1"}},
              {{"Type", "ACL"}, {"Action", "Allow"}, {"Direction", "In"}, {"Id", "own"}}}));
}

TEST_CASE("a policy of a type that is not known is refused: invalid policy type") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  const auto refused = [&](const Json& policies) {
    return hns.Post("/endpoints/", {{"VirtualNetwork", network}, {"Policies", policies}});
  };
  const Response unknown = refused({{{"Type", "VLAN"}, {"VLAN", 1}}, {{"Type", "HAT"}}});
  CHECK(unknown.code == CodeOf(abi::HCN_E_INVALID_POLICY_TYPE));
  CHECK(unknown.error ==
        "Invalid policy type. (0x803b000e): Policies[1].Type is not known: \"HAT\"");
  CHECK(refused(Json::array({Json::object()})).code == CodeOf(abi::HCN_E_INVALID_POLICY_TYPE));
  CHECK(refused(Json::array({"NAT"})).code == CodeOf(abi::HCN_E_INVALID_JSON));
  CHECK(hns.Get("/endpoints/").output.empty());
}

TEST_CASE("a policy without what it needs, or with a value out of range, names the field") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  struct Case {
    Json policy;
    std::string error;
  };
  const std::vector<Case> cases = {
      {{{"Type", "NAT"}, {"InternalPort", 80}}, "Protocol is missing"},
      {{{"Type", "NAT"}, {"Protocol", "ICMP"}, {"InternalPort", 80}}, "Protocol is not TCP or UDP"},
      {{{"Type", "NAT"}, {"Protocol", "TCP"}}, "InternalPort is missing"},
      {Nat("TCP", 0, 80), "InternalPort is less than 1"},
      {Nat("TCP", 80, 65536), "ExternalPort is greater than 65535"},
      {{{"Type", "NAT"}, {"Protocol", "TCP"}, {"InternalPort", "80"}},
       "InternalPort is not a whole number of 0 or more"},
      {{{"Type", "QOS"}}, "MaximumOutgoingBandwidthInBytes is missing"},
      {{{"Type", "VLAN"}, {"VLAN", 4095}}, "VLAN is greater than 4094"},
      {{{"Type", "VSID"}, {"VSID", 16777216}}, "VSID is greater than 16777215"},
      {{{"Type", "PA"}, {"PA", "here"}}, "PA is no IP address"},
      {{{"Type", "ACL"}, {"Action", "Shrug"}, {"Direction", "In"}}, "Action is not Allow or Block"},
      {{{"Type", "ACL"}, {"Action", "Allow"}}, "Direction is missing"},
      {{{"Type", "ACL"}, {"Action", "Allow"}, {"Direction", "In"}, {"Protocols", "6,hat"}},
       "Protocols has a protocol that is not known"},
      {{{"Type", "ACL"}, {"Action", "Allow"}, {"Direction", "In"}, {"LocalPorts", "90-80"}},
       "LocalPorts has what is no port and no range of ports"},
      {{{"Type", "ACL"},
        {"Action", "Allow"},
        {"Direction", "In"},
        {"RemoteAddresses", "10.0.0.0,"}},
       "RemoteAddresses has what is no IP address or prefix"},
      {{{"Type", "OutBoundNAT"}, {"ExceptionList", "10.0.0.0/8"}}, "ExceptionList is not an array"},
      {{{"Type", "OutBoundNAT"}, {"ExceptionList", {"10.0.0.0/8", 7}}},
       "ExceptionList has an entry that is no IP address or prefix"},
      {{{"Type", "ROUTE"}, {"DestinationPrefix", "10.0.0.0"}},
       "DestinationPrefix is no ADDRESS/LENGTH"},
      {{{"Type", "ELB"}, {"Protocol", 6}, {"InternalPort", 80}}, "ExternalPort is missing"},
      {{{"Type", "Isolation"}, {"InDefaultIsolation", 1}},
       "InDefaultIsolation is not true or false"},
      {{{"Type", "PROXY"}, {"Port", "0"}}, "Port has what is no port and no range of ports"},
      {{{"Type", "VLAN"}, {"VLAN", 1}, {"vlan", 2}}, "VLAN is there twice"},
  };
  for (const Case& refused : cases) {
    CAPTURE(refused.policy.dump());
    const Response answer =
        hns.Post("/endpoints/", {{"VirtualNetwork", network}, {"Policies", {refused.policy}}});
    CHECK(answer.code == CodeOf(abi::HCN_E_INVALID_POLICY));
    CHECK_THAT(answer.error, Catch::EndsWith("Policies[0]." + refused.error));
  }
}

TEST_CASE("10,000 policies are too many, 5,000 are not") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  const auto document = [&](size_t count) {
    Json policies = Json::array();
    for (size_t i = 0; i < count; ++i) policies.push_back(Nat("UDP", 53, static_cast<int>(1 + i)));
    return Json{{"VirtualNetwork", network}, {"Policies", policies}};
  };
  const Response refused = hns.Post("/endpoints/", document(10'000));
  CHECK(refused.code == CodeOf(abi::HCN_E_INVALID_POLICY));
  CHECK_THAT(refused.error, Catch::EndsWith("Policies has 10000 entries, more than 5000"));
  CHECK(hns.Post("/endpoints/", document(5'000)).ok());
}

TEST_CASE("two endpoints cannot have one external port, of whatever networks they are") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  const std::string other = hns.NetworkId({{"Type", "overlay"}});
  const std::string first = hns.MakeEndpoint(network, {{"Policies", {Nat("TCP", 80, 8080)}}})["ID"];
  hns.MakeEndpoint(network, {{"Policies", {Nat("udp", 80, 8080)}}});
  const Json body = {{"VirtualNetwork", other},
                     {"Policies", {Nat("TCP", 81, 8081), Nat("tcp", 80, 8080)}}};
  const Response refused = hns.Post("/endpoints/", body);
  CHECK(refused.code == CodeOf(abi::HCN_E_PORT_ALREADY_EXISTS));
  CHECK(refused.error ==
        "The specified port already exists. (0x803b0013): Policies[1].ExternalPort: external TCP "
        "port 8080 is endpoint " +
            first + "'s");
  CHECK(hns.Delete("/endpoints/" + first).ok());
  CHECK(hns.Post("/endpoints/", body).ok());
  CHECK(hns.Post("/endpoints/", {{"VirtualNetwork", network},
                                 {"Policies", {Nat("TCP", 1, 90), Nat("TCP", 2, 90)}}})
            .code == CodeOf(abi::HCN_E_PORT_ALREADY_EXISTS));
}

TEST_CASE("an external port of 0, or none, is chosen from the dynamic ones") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  const Json policies = {Nat("TCP", 80, 0),
                         Nat("TCP", 81, 49152),
                         {{"Type", "NAT"}, {"Protocol", "TCP"}, {"InternalPort", 82}}};
  const Json endpoint = hns.MakeEndpoint(network, {{"Policies", policies}});
  CHECK(endpoint["Policies"][0]["ExternalPort"] == 49153);
  CHECK(endpoint["Policies"][1]["ExternalPort"] == 49152);
  CHECK(endpoint["Policies"][2]["ExternalPort"] == 49154);
}

TEST_CASE("an update gives up the ports that it drops, and keeps them when it is refused") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  const std::string one =
      hns.MakeEndpoint(network, {{"Policies", {Nat("TCP", 80, 8080), Nat("TCP", 81, 8081)}}})["ID"];
  const std::string two = hns.MakeEndpoint(network, {{"Policies", {Nat("TCP", 80, 9090)}}})["ID"];
  const auto update = [&](const std::string& id, const std::vector<Json>& policies) {
    return hns.Post("/endpoints/" + id, {{"Policies", policies}});
  };
  CHECK_FALSE(update(one, {Nat("TCP", 80, 8080), Nat("TCP", 80, 7070), Nat("TCP", 1, 9090)}).ok());
  CHECK_FALSE(update(two, {Nat("TCP", 80, 8081)}).ok());
  CHECK(update(one, {Nat("TCP", 80, 8080)}).ok());
  CHECK(update(two, {Nat("TCP", 80, 8081), Nat("TCP", 80, 7070)}).ok());
  CHECK_FALSE(update(one, {Nat("TCP", 80, 7070)}).ok());
  CHECK(update(one, {Nat("TCP", 80, 9090)}).ok());
}

}  // namespace
}  // namespace hcs::emulator::hns::test
