// Cases 43 to 46, and N1 to N8: a network's life, by every path and method of HNS.

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/conformance/network_session.h"

namespace hcs::conformance {
namespace {

constexpr char kNobody[] = "6d3c5f0e-1111-4000-8000-6d3c5f0e0000";

Json Nat(int external) {
  return {{"Type", "NAT"}, {"Protocol", "TCP"}, {"InternalPort", 80}, {"ExternalPort", external}};
}

bool IsIn(const Json& list, const std::string& id) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Json& object) { return object.at("ID") == id; });
}

TEST_CASE("case 43: a network whose subnet has no gateway: refused") {
  if (!HasHns()) return;
  const std::string name = UniqueId("network");
  const HnsAnswer refused =
      Hns("POST", "/networks/",
          {{"Name", name}, {"Type", "nat"}, {"Subnets", {{{"AddressPrefix", "10.213.43.0/24"}}}}});
  CHECK_FALSE(refused.success);
  CHECK_FALSE(refused.error.empty());
  const HnsAnswer networks = Hns("GET", "/networks/");
  REQUIRE(networks.success);
  CHECK(std::none_of(networks.output.begin(), networks.output.end(),
                     [&](const Json& network) { return network.value("Name", "") == name; }));
}

TEST_CASE("case 44: 253 endpoints in a /24, each its own address, then one more: refused") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(44);
  std::vector<HnsObject> endpoints;
  std::set<std::string> addresses;
  std::set<std::string> macs;
  for (int i = 0; i < 253; ++i) {
    endpoints.push_back(MakeEndpoint(network));
    const Json document = endpoints.back().Get().output;
    addresses.insert(document.at("IPAddress"));
    macs.insert(document.at("MacAddress"));
  }
  CHECK(addresses.size() == 253);
  CHECK(macs.size() == 253);
  for (const char* reserved : {"10.213.44.0", "10.213.44.1", "10.213.44.255"}) {
    CHECK(addresses.count(reserved) == 0);
  }
  const HnsAnswer refused = Hns("POST", "/endpoints/", {{"VirtualNetwork", network.id()}});
  CHECK_FALSE(refused.success);
  CHECK_FALSE(refused.error.empty());
  CHECK(endpoints[99].Delete().success);
  CHECK(MakeEndpoint(network).Get().success);
}

TEST_CASE("case 45: attach, attach again: refused, delete while attached: detached") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(45);
  HnsObject endpoint = MakeEndpoint(network);
  const auto first = System::CreateRunning(UniqueId("a"));
  const auto second = System::CreateRunning(UniqueId("b"));
  const auto attach = [&](const System& system) {
    return endpoint.Post("/attach", {{"ContainerId", system.id()}, {"SystemType", "Container"}});
  };
  const HnsAnswer attached = attach(*first);
  INFO(attached.error);
  REQUIRE(attached.success);
  CHECK(endpoint.Get().output.at("State") == 2);
  CHECK(attach(*second).code == abi::HCN_E_ENDPOINT_ALREADY_ATTACHED);
  CHECK(endpoint.Delete().success);
  CHECK_FALSE(endpoint.Get().success);
  CHECK(first->State() == "Running");
}

TEST_CASE("case 46: two NAT policies for one external port: port already exists") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(46, {{"Type", "nat"}});
  const HnsObject first = MakeEndpoint(network, {{"Policies", {Nat(18046)}}});
  const HnsAnswer refused =
      Hns("POST", "/endpoints/", {{"VirtualNetwork", network.id()}, {"Policies", {Nat(18046)}}});
  CHECK_FALSE(refused.success);
  CHECK(refused.code == abi::HCN_E_PORT_ALREADY_EXISTS);
  CHECK(first.Get().success);
  CHECK(MakeEndpoint(network, {{"Policies", {Nat(18047)}}}).Get().success);
}

TEST_CASE("case N1: networks: POST, GET, list, update, DELETE") {
  if (!HasHns()) return;
  HnsObject network = MakeNetwork(101);
  const HnsAnswer got = network.Get();
  REQUIRE(got.success);
  CHECK(got.output.at("ID") == network.id());
  CHECK(got.output.at("Subnets")[0].at("GatewayAddress") == "10.213.101.1");
  CHECK(IsIn(Hns("GET", "/networks/").output, network.id()));
  CHECK(network.Post("", {{"DNSSuffix", "example.org"}}).success);
  CHECK(network.Get().output.at("DNSSuffix") == "example.org");
  CHECK(network.Delete().success);
  const HnsAnswer gone = network.Get();
  CHECK_FALSE(gone.success);
  CHECK_THAT(gone.error, Catch::Contains("Element not found."));
}

TEST_CASE("case N2: endpoints: POST, GET, list, update, DELETE, what is missing is assigned") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(102);
  HnsObject endpoint = MakeEndpoint(network);
  const Json document = endpoint.Get().output;
  CHECK(document.at("VirtualNetwork") == network.id());
  CHECK_THAT(document.at("IPAddress").get<std::string>(), Catch::StartsWith("10.213.102."));
  CHECK(document.at("GatewayAddress") == "10.213.102.1");
  CHECK(document.at("PrefixLength") == 24);
  CHECK(document.at("MacAddress").get<std::string>().size() == 17);
  CHECK(IsIn(Hns("GET", "/endpoints/").output, endpoint.id()));
  Json changed = document;
  changed["Policies"] = {{{"Type", "QOS"}, {"MaximumOutgoingBandwidthInBytes", 1000000}}};
  CHECK(endpoint.Post("", changed).success);
  CHECK(endpoint.Get().output.at("Policies").size() == 1);
  CHECK_FALSE(Hns("DELETE", network.path()).success);  // It has an endpoint.
  CHECK(endpoint.Delete().success);
  CHECK_FALSE(endpoint.Get().success);
}

TEST_CASE("case N3: an address or MAC that is in use, or in no subnet: refused") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(103);
  const HnsObject endpoint =
      MakeEndpoint(network, {{"IPAddress", "10.213.103.9"}, {"MacAddress", "00-15-5D-D5-67-09"}});
  const auto refused = [&](const Json& fields) {
    Json document = {{"VirtualNetwork", network.id()}};
    document.update(fields);
    return !Hns("POST", "/endpoints/", document).success;
  };
  CHECK(refused({{"IPAddress", "10.213.103.9"}}));
  CHECK(refused({{"MacAddress", "00-15-5D-D5-67-09"}}));
  CHECK(refused({{"IPAddress", "10.213.104.9"}}));
  CHECK(refused({{"IPAddress", "10.213.103.1"}}));
}

TEST_CASE("case N4: endpoint: attach, detach, detach again, statistics") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(104);
  const HnsObject endpoint = MakeEndpoint(network);
  const auto system = System::CreateRunning(UniqueId("a"));
  const Json body = {{"ContainerId", system->id()}, {"SystemType", "Container"}};
  REQUIRE(endpoint.Post("/attach", body).success);
  const HnsAnswer statistics = Hns("GET", "/endpointstats/" + endpoint.id());
  REQUIRE(statistics.success);
  CHECK(statistics.output.at("EndpointId") == endpoint.id());
  CHECK(statistics.output.at("BytesReceived").is_number_unsigned());
  CHECK(endpoint.Post("/detach", body).success);
  CHECK_FALSE(endpoint.Post("/detach", body).success);
  CHECK_FALSE(endpoint.Post("/attach", {{"ContainerId", UniqueId("gone")}}).success);
}

TEST_CASE("case N5: policylists: POST, GET, list, DELETE") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(105);
  const HnsObject endpoint = MakeEndpoint(network);
  const Json balancer = {{"Type", "ELB"},
                         {"VIPs", {"10.213.205.1"}},
                         {"Protocol", 6},
                         {"InternalPort", 80},
                         {"ExternalPort", 80}};
  const Json document = {{"References", {"/endpoints/" + endpoint.id()}}, {"Policies", {balancer}}};
  const HnsAnswer made = Hns("POST", "/policylists/", document);
  INFO(made.error);
  REQUIRE(made.success);
  HnsObject list("/policylists/" + made.output.at("ID").get<std::string>());
  CHECK(list.Get().output.at("References").size() == 1);
  CHECK(IsIn(Hns("GET", "/policylists/").output, list.id()));
  CHECK(Hns("POST", "/policylists/", document).code == abi::HCN_E_PORT_ALREADY_EXISTS);
  CHECK(list.Delete().success);
  CHECK_FALSE(list.Get().success);
}

TEST_CASE("case N6: namespaces: POST, GET, list, addresource, removeresource, DELETE") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(106);
  const HnsObject endpoint = MakeEndpoint(network);
  const HnsAnswer made = Hns("POST", "/namespaces/", {{"IsDefault", false}});
  REQUIRE(made.success);
  HnsObject space("/namespaces/" + made.output.at("ID").get<std::string>());
  const Json resource = {{"Type", "Endpoint"}, {"Data", {{"Id", endpoint.id()}}}};
  CHECK(space.Post("/addresource", resource).success);
  CHECK(space.Get().output.at("ResourceList").size() == 1);
  CHECK(IsIn(Hns("GET", "/namespaces/").output, space.id()));
  CHECK(space.Post("/removeresource", resource).success);
  CHECK(space.Get().output.at("ResourceList").empty());
  CHECK(space.Delete().success);
  CHECK_FALSE(space.Get().success);
}

TEST_CASE("case N7: the version, paths and methods that are none: refused") {
  if (!HasHns()) return;
  const HnsAnswer version = Hns("GET", "/globals/version");
  REQUIRE(version.success);
  CHECK(version.output.at("Major").is_number_unsigned());
  CHECK(version.output.at("Minor").is_number_unsigned());
  CHECK_FALSE(Hns("GET", "/hats/").success);
  CHECK_FALSE(Hns("DELETE", "/networks/").success);
  CHECK_FALSE(Hns("POST", "/networks/", {{"Type", "token-ring"}}).success);
  for (const char* kind : {"networks", "endpoints", "policylists", "namespaces"}) {
    CHECK_FALSE(Hns("DELETE", std::string("/") + kind + "/" + kNobody).success);
    CHECK_FALSE(Hns("GET", std::string("/") + kind + "/no-guid").success);
  }
}

TEST_CASE("case N8: a container has the endpoints of its document") {
  if (!HasHns()) return;
  const HnsObject network = MakeNetwork(108);
  const HnsObject endpoint = MakeEndpoint(network);
  {
    const auto system = System::CreateRunning(UniqueId("a"), {{"EndpointList", {endpoint.id()}}});
    CHECK(endpoint.Get().output.at("State") == 2);
    system->TerminateAndAwait();
  }
  CHECK(Eventually([&] { return endpoint.Get().output.at("State") != 2; }));
}

}  // namespace
}  // namespace hcs::conformance
