// HNS' documents: every field by its name, policies by their Type, nothing lost.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/document/document.h"
#include "hcs/v1/network_documents.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::document {
namespace {

template <typename Message>
Message Read(const std::string& json) {
  Message message;
  const absl::Status read = FromJson(json, &message);
  INFO(json << ": " << read.ToString());
  REQUIRE(read.ok());
  return message;
}

// Each member alone is a typed field, and comes back as it was.
template <typename Message>
void CheckMembers(const std::vector<std::string>& members) {
  for (const std::string& member : members) {
    const std::string json = "{" + member + "}";
    const auto message = Read<Message>(json);
    INFO(Message::descriptor()->full_name() << " " << json);
    CHECK(message.unknown_json().empty());
    CHECK(*ToJson(message) == json);
  }
}

TEST_CASE("Network and its parts have every field of HNS", "[network]") {
  CheckMembers<v1::Network>({
      R"("ID":"9af9b9a8-4a4d-4e2c-9c4c-5f5f3c6d7e8f")",
      R"("Name":"nat")",
      R"("Type":"nat")",
      R"("NetworkAdapterName":"Ethernet")",
      R"("SourceMac":"00-15-5D-00-00-01")",
      R"("Policies":[{"Type":"VLAN","VLAN":7}])",
      R"("MacPools":[{"EndMacAddress":"00-15-5D-FF-FF-FF","StartMacAddress":"00-15-5D-00-00-00"}])",
      R"("Subnets":[{"AddressPrefix":"10.0.0.0/8","GatewayAddress":"10.0.0.1","Policies":[{"Type":"VSID","VSID":4096}]}])",
      R"("DNSSuffix":"example.org")",
      R"("DNSServerList":"10.0.0.1,10.0.0.2")",
      R"("DNSServerCompartment":3)",
      R"("ManagementIP":"192.0.2.1")",
      R"("AutomaticDNS":true)",
  });
}

TEST_CASE("Endpoint has every field of HNS", "[network]") {
  CheckMembers<v1::Endpoint>({
      R"("ID":"e")",
      R"("Name":"n")",
      R"("VirtualNetwork":"v")",
      R"("VirtualNetworkName":"vn")",
      R"("Policies":[{"PA":"192.0.2.1","Type":"PA"}])",
      R"("MacAddress":"00-15-5D-12-34-56")",
      R"("IPAddress":"10.0.0.2")",
      R"("IPv6Address":"fd00::2")",
      R"("DNSSuffix":"s")",
      R"("DNSServerList":"10.0.0.1")",
      R"("DNSDomain":"d")",
      R"("GatewayAddress":"10.0.0.1")",
      R"("GatewayAddressV6":"fd00::1")",
      R"("PrefixLength":8)",
      R"("IPv6PrefixLength":64)",
      R"("IsRemoteEndpoint":false)",
      R"("EnableInternalDNS":true)",
      R"("DisableICC":true)",
      R"("EnableLowMetric":true)",
      R"("Namespace":{"ID":"ns"})",
      R"("EncapOverhead":50)",
      R"("SharedContainers":["a","b"])",
      R"("State":2)",
  });
}

TEST_CASE("Namespaces, policy lists and attachments have every field of HNS", "[network]") {
  CheckMembers<v1::Namespace>({R"("ID":"n")", R"("IsDefault":true)", R"("CompartmentId":2)",
                               R"("ResourceList":[{"Data":{"Id":"e"},"Type":"Endpoint"}])"});
  CheckMembers<v1::PolicyList>(
      {R"("ID":"p")", R"("References":["/endpoints/e"])", R"("Policies":[{"Type":"L2Driver"}])"});
  CheckMembers<v1::EndpointAttachment>({R"("ContainerId":"c")", R"("SystemType":"Container")",
                                        R"("CompartmentId":1)", R"("VirtualNicName":"nic")"});
}

struct PolicyCase {
  std::string json;
  v1::NetworkPolicy::PolicyCase type;
};

TEST_CASE("every policy type is typed, and comes back as it was", "[network]") {
  using Policy = v1::NetworkPolicy;
  const std::vector<PolicyCase> cases = {
      {R"({"ExternalPort":8080,"ExternalPortReserved":true,"InternalPort":80,"Protocol":"TCP","Type":"NAT"})",
       Policy::kNat},
      {R"({"MaximumOutgoingBandwidthInBytes":18446744073709551615,"Type":"QOS"})", Policy::kQos},
      {R"({"Type":"VLAN","VLAN":4094})", Policy::kVlan},
      {R"({"Type":"VSID","VSID":5000})", Policy::kVsid},
      {R"({"PA":"192.0.2.7","Type":"PA"})", Policy::kPa},
      {R"({"Action":"Block","Direction":"In","LocalAddresses":"10.0.0.0/8","LocalPorts":"80,443","Priority":200,"Protocols":"6","RemoteAddresses":"192.0.2.0/24","RemotePorts":"1-65535","RuleType":"Switch","Type":"ACL"})",
       Policy::kAcl},
      {R"({"Destinations":["10.0.0.0/8"],"ExceptionList":["10.1.0.0/16"],"Type":"OutBoundNAT","VIP":"192.0.2.9"})",
       Policy::kOutboundNat},
      {R"({"DestinationPrefix":"10.2.0.0/16","NeedEncap":true,"NextHop":"10.0.0.3","Type":"ROUTE"})",
       Policy::kRoute},
      {R"({"ExternalPort":80,"ILB":true,"InternalPort":8080,"IsDSR":false,"Protocol":6,"SourceVIP":"10.0.0.4","Type":"ELB","VIPs":["10.96.0.1"]})",
       Policy::kElb},
      {R"({"Type":"L2Driver"})", Policy::kL2Driver},
      {R"({"InDefaultIsolation":true,"Type":"Isolation","VLAN":1,"VSID":2})", Policy::kIsolation},
      {R"({"Destination":"10.0.0.0/8","ExceptionList":["10.1.0.1"],"IP":"127.0.0.1","OutboundNat":true,"Port":"3128","Type":"PROXY"})",
       Policy::kProxy},
  };
  for (const auto& [json, type] : cases) {
    INFO(json);
    const auto policy = Read<Policy>(json);
    CHECK(policy.policy_case() == type);
    CHECK(policy.unknown_json().empty());
    CHECK(*ToJson(policy) == json);
  }
}

TEST_CASE("a policy of a type that is not known stays whole", "[network]") {
  for (const std::string json : {R"({"Future":[1,{"a":null}],"Type":"TimeTravel"})",
                                 R"({"VLAN":7})", R"({"Type":17})", R"({"Type":null})", "{}"}) {
    INFO(json);
    const auto policy = Read<v1::NetworkPolicy>(json);
    CHECK(policy.policy_case() == v1::NetworkPolicy::POLICY_NOT_SET);
    CHECK(policy.unknown_json() == json);
    CHECK(*ToJson(policy) == json);
  }
}

TEST_CASE("a member of another type than its field's stays as it came", "[network]") {
  const auto policy =
      Read<v1::NetworkPolicy>(R"({"InternalPort":4294967296,"Protocol":6,"Type":"NAT"})");
  CHECK(policy.nat().unknown_json() == R"({"InternalPort":4294967296,"Protocol":6})");
  for (const std::string json : {R"({"InternalPort":4294967296,"Protocol":6,"Type":"NAT"})",
                                 R"({"Type":"VLAN","VLAN":"seven"})"}) {
    CHECK(*ToJson(Read<v1::NetworkPolicy>(json)) == json);
  }
  // Not even half of a list is read.
  const std::string json =
      R"({"ID":7,"Name":"n","Namespace":"ns","Policies":[{"Type":"VLAN","VLAN":1},"odd"],"State":"up"})";
  const auto endpoint = Read<v1::Endpoint>(json);
  CHECK_FALSE(endpoint.has_id());
  CHECK(endpoint.name() == "n");
  CHECK_FALSE(endpoint.has_namespace_());
  CHECK(endpoint.policies_size() == 0);
  CHECK(*ToJson(endpoint) == json);
}

TEST_CASE("unknown members stay where they were", "[network]") {
  const std::string json =
      R"({"ActivityId":"x","ID":"n","Policies":[{"New":1,"Type":"NAT"},{"Type":"Odd"}],"Subnets":[{"AddressPrefix":"10.0.0.0/8","ObjectType":5}],"Version":38654705666})";
  const auto network = Read<v1::Network>(json);
  CHECK(network.unknown_json() == R"({"ActivityId":"x","Version":38654705666})");
  CHECK(network.policies(0).nat().unknown_json() == R"({"New":1})");
  CHECK(*ToJson(network) == json);
}

TEST_CASE("names and types are read in any case, and written as HNS has them", "[network]") {
  CHECK(*ToJson(Read<v1::Network>(R"({"Id":"n","subnets":[{"addressprefix":"10.0.0.0/8"}]})")) ==
        R"({"ID":"n","Subnets":[{"AddressPrefix":"10.0.0.0/8"}]})");
  CHECK(*ToJson(Read<v1::NetworkPolicy>(R"({"type":"outboundnat","vip":"192.0.2.1"})")) ==
        R"({"Type":"OutBoundNAT","VIP":"192.0.2.1"})");
  CHECK(*ToJson(Read<v1::NetworkStats>(R"({"EndpointID":"e"})")) == R"({"EndpointId":"e"})");
  // Both spellings: the host's own is the field, the other is kept.
  CHECK(Read<v1::Endpoint>(R"({"ID":"e","Id":"f"})").unknown_json() == R"({"Id":"f"})");
}

TEST_CASE("a policy that cannot be written names its place", "[network]") {
  v1::Network network;
  network.add_policies()->mutable_vlan()->set_vlan(1);
  network.add_policies();
  CHECK(ToJson(network).status().message() == "Policies[1]: must be one of its kinds, is none");
  network.mutable_policies(1)->set_unknown_json("[1]");
  CHECK(ToJson(network).status().message() == "Policies[1].unknown_json: must be a JSON object");
  network.mutable_policies(1)->set_unknown_json(R"({"Type":"X"})");
  CHECK(ToJson(network).ok());
  network.mutable_policies(1)->mutable_nat();
  CHECK(ToJson(network).status().message() == "Policies[1].unknown_json: must not be beside NAT");
  network.mutable_policies(1)->clear_unknown_json();
  network.mutable_policies(1)->mutable_nat()->set_unknown_json(R"({"Type":"ACL"})");
  CHECK(ToJson(network).status().message() ==
        "Policies[1].unknown_json: must not repeat the member Type");
  CHECK_FALSE(FromJson("[]", &network).ok());
}

TEST_CASE("ten thousand policies are no trouble", "[network]") {
  std::string json = R"({"Policies":[)";
  for (int i = 0; i < 10'000; ++i) {
    json += (i == 0 ? "" : ",") + (R"({"ExternalPort":)" + std::to_string(i)) +
            R"(,"InternalPort":80,"Protocol":"TCP","Type":"NAT"})";
  }
  json += "]}";
  const auto endpoint = Read<v1::Endpoint>(json);
  REQUIRE(endpoint.policies_size() == 10'000);
  CHECK(endpoint.policies(9'999).nat().external_port() == 9'999);
  CHECK(*ToJson(endpoint) == json);
}

}  // namespace
}  // namespace hcs::document
