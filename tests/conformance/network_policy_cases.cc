// Cases P1 to P9 and PA to PC: every type of policy, kept on an endpoint or refused.

#include <catch2/catch.hpp>

#include "tests/conformance/network_session.h"

namespace hcs::conformance {
namespace {

// Whether an endpoint with the policy is made, and says so afterwards.
void CheckKept(const Json& policy) {
  const HnsObject network = MakeNetwork(120, {{"Type", "nat"}});
  const HnsObject endpoint = MakeEndpoint(network, {{"Policies", {policy}}});
  const Json policies = endpoint.Get().output.at("Policies");
  REQUIRE(policies.size() == 1);
  for (const auto& [name, value] : policy.items()) {
    CAPTURE(name);
    CHECK(policies[0].value(name, Json()) == value);
  }
}

void CheckRefused(const Json& policy, abi::HRESULT code) {
  CAPTURE(policy.dump());
  const HnsObject network = MakeNetwork(120, {{"Type", "nat"}});
  const HnsAnswer answer =
      Hns("POST", "/endpoints/", {{"VirtualNetwork", network.id()}, {"Policies", {policy}}});
  CHECK_FALSE(answer.success);
  CHECK(answer.code == code);
}

TEST_CASE("case P1: policy NAT") {
  if (!HasHns()) return;
  CheckKept({{"Type", "NAT"}, {"Protocol", "TCP"}, {"InternalPort", 80}, {"ExternalPort", 18120}});
  CheckRefused({{"Type", "NAT"}, {"Protocol", "TCP"}}, abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P2: policy QOS") {
  if (!HasHns()) return;
  CheckKept({{"Type", "QOS"}, {"MaximumOutgoingBandwidthInBytes", 1000000}});
  CheckRefused({{"Type", "QOS"}, {"MaximumOutgoingBandwidthInBytes", "fast"}},
               abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P3: policy VLAN") {
  if (!HasHns()) return;
  CheckKept({{"Type", "VLAN"}, {"VLAN", 7}});
  CheckRefused({{"Type", "VLAN"}, {"VLAN", 4095}}, abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P4: policy VSID") {
  if (!HasHns()) return;
  CheckKept({{"Type", "VSID"}, {"VSID", 5000}});
  CheckRefused({{"Type", "VSID"}, {"VSID", 16777216}}, abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P5: policy PA") {
  if (!HasHns()) return;
  CheckKept({{"Type", "PA"}, {"PA", "192.0.2.1"}});
  CheckRefused({{"Type", "PA"}, {"PA", "here"}}, abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P6: policy ACL") {
  if (!HasHns()) return;
  CheckKept({{"Type", "ACL"},
             {"Protocols", "6"},
             {"Action", "Block"},
             {"Direction", "In"},
             {"LocalPorts", "80"},
             {"RemoteAddresses", "192.0.2.0/24"},
             {"RuleType", "Switch"},
             {"Priority", 100}});
  CheckRefused({{"Type", "ACL"}, {"Action", "Block"}, {"Direction", "Sideways"}},
               abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P7: policy OutBoundNAT") {
  if (!HasHns()) return;
  CheckKept({{"Type", "OutBoundNAT"}, {"ExceptionList", {"10.0.0.0/8"}}});
  CheckRefused({{"Type", "OutBoundNAT"}, {"ExceptionList", {"everywhere"}}},
               abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P8: policy ROUTE") {
  if (!HasHns()) return;
  CheckKept({{"Type", "ROUTE"}, {"DestinationPrefix", "10.96.0.0/12"}, {"NeedEncap", true}});
  CheckRefused({{"Type", "ROUTE"}, {"NeedEncap", true}}, abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case P9: policy ELB, of a policy list") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(120, {{"Type", "nat"}});
  const HnsObject endpoint = MakeEndpoint(network);
  Json policy = {{"Type", "ELB"}, {"Protocol", 17}, {"InternalPort", 53}, {"ILB", true}};
  Json document = {{"References", {"/endpoints/" + endpoint.id()}}, {"Policies", {policy}}};
  CHECK(Hns("POST", "/policylists/", document).code == abi::HCN_E_INVALID_POLICY);
  document["Policies"][0]["ExternalPort"] = 53;
  const HnsAnswer made = Hns("POST", "/policylists/", document);
  INFO(made.error);
  REQUIRE(made.success);
  const HnsObject list("/policylists/" + made.output.at("ID").get<std::string>());
  CHECK(list.Get().output.at("Policies")[0].at("ExternalPort") == 53);
}

TEST_CASE("case PA: policy L2Driver") {
  if (!HasHns()) return;
  CheckKept({{"Type", "L2Driver"}});
}

TEST_CASE("case PB: policy Isolation") {
  if (!HasHns()) return;
  CheckKept({{"Type", "Isolation"}, {"VLAN", 5}, {"InDefaultIsolation", true}});
  CheckRefused({{"Type", "Isolation"}, {"VLAN", 5000}}, abi::HCN_E_INVALID_POLICY);
}

TEST_CASE("case PC: policy PROXY, and one of no type") {
  if (!HasHns()) return;
  CheckKept({{"Type", "PROXY"}, {"Port", "15001"}, {"OutboundNat", true}});
  CheckRefused({{"Type", "PROXY"}}, abi::HCN_E_INVALID_POLICY);
  CheckRefused({{"Type", "HAT"}}, abi::HCN_E_INVALID_POLICY_TYPE);
}

}  // namespace
}  // namespace hcs::conformance
