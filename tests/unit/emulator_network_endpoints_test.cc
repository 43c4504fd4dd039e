// Endpoints: what is kept, assigned and refused.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

constexpr char kNobody[] = "6d3c5f0e-0000-4000-8000-000000000000";

Json DualStack() {
  return {{"Name", "dual"},
          {"DNSSuffix", "example.org"},
          {"DNSServerList", "10.1.0.1"},
          {"Subnets",
           {{{"AddressPrefix", "10.1.0.0/24"}, {"GatewayAddress", "10.1.0.1"}},
            {{"AddressPrefix", "fd00::/64"}, {"GatewayAddress", "fd00::1"}}}}};
}

TEST_CASE("HNS assigns what an endpoint lacks") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId(DualStack());
  const Json endpoint = hns.MakeEndpoint(network);
  const Json expected = {{"ID", endpoint["ID"]},
                         {"VirtualNetwork", network},
                         {"VirtualNetworkName", "dual"},
                         {"MacAddress", "00-15-5D-00-00-00"},
                         {"IPAddress", "10.1.0.2"},
                         {"PrefixLength", 24},
                         {"GatewayAddress", "10.1.0.1"},
                         {"IPv6Address", "fd00::2"},
                         {"IPv6PrefixLength", 64},
                         {"GatewayAddressV6", "fd00::1"},
                         {"DNSSuffix", "example.org"},
                         {"DNSServerList", "10.1.0.1"},
                         {"State", 1}};
  CHECK(endpoint == expected);
  CHECK(endpoint["ID"].get<std::string>().size() == 36);
  CHECK(hns.Get("/endpoints/" + endpoint["ID"].get<std::string>()).output == expected);
}

TEST_CASE("every field of an endpoint comes back, and unknown ones as they are") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId(DualStack());
  Json document = {{"ID", "6d3c5f0e-0000-4000-8000-000000000001"},
                   {"Name", "front"},
                   {"VirtualNetwork", network},
                   {"VirtualNetworkName", "dual"},
                   {"Policies", {{{"Type", "QOS"}, {"MaximumOutgoingBandwidthInBytes", 1000}}}},
                   {"MacAddress", "02-00-00-00-00-07"},
                   {"IPAddress", "10.1.0.77"},
                   {"IPv6Address", "fd00::77"},
                   {"DNSSuffix", "other.org"},
                   {"DNSServerList", "10.1.0.9"},
                   {"DNSDomain", "other"},
                   {"GatewayAddress", "10.1.0.254"},
                   {"GatewayAddressV6", "fd00::fe"},
                   {"PrefixLength", 32},
                   {"IPv6PrefixLength", 128},
                   {"IsRemoteEndpoint", false},
                   {"EnableInternalDNS", true},
                   {"DisableICC", true},
                   {"EnableLowMetric", true},
                   {"EncapOverhead", 50},
                   {"Flavour", {1, 2, 3}}};
  Json expected = document;
  expected["State"] = 1;
  document["State"] = 6;
  document["SharedContainers"] = {"somebody"};
  const Response made = hns.Post("/endpoints/", document);
  INFO(made.error);
  CHECK(made.output == expected);
  CHECK(hns.Get("/endpoints/").output == Json::array({expected}));
}

TEST_CASE("an endpoint's network is named by id or by name, and has to be there") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId(DualStack());
  CHECK(hns.Post("/endpoints/", {{"VirtualNetworkName", "DUAL"}}).output["VirtualNetwork"] ==
        network);
  CHECK(hns.Post("/endpoints/", Json::object()).code == CodeOf(abi::HCN_E_INVALID_ENDPOINT));
  CHECK(hns.Post("/endpoints/", {{"VirtualNetwork", "dual"}}).code ==
        CodeOf(abi::HCN_E_INVALID_ENDPOINT));
  const Response missing = hns.Post("/endpoints/", {{"VirtualNetwork", kNobody}});
  CHECK(missing.code == CodeOf(abi::HCN_E_NETWORK_NOT_FOUND));
  CHECK_THAT(missing.error, Catch::Contains("Element not found."));
  CHECK_THAT(missing.error, Catch::Contains("0x803b0001"));
  CHECK(hns.Post("/endpoints/", {{"VirtualNetworkName", "none"}}).code ==
        CodeOf(abi::HCN_E_NETWORK_NOT_FOUND));
  CHECK(hns.Post("/endpoints/", {{"VirtualNetwork", network}, {"VirtualNetworkName", "x"}}).code ==
        CodeOf(abi::HCN_E_INVALID_ENDPOINT));
}

TEST_CASE("addresses and MACs that an endpoint cannot have are refused, and nothing is taken") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId(DualStack());
  const std::string taken = hns.MakeEndpoint(network)["ID"];
  struct Case {
    Json fields;
    abi::HRESULT code;
    std::string error;
  };
  const std::vector<Case> cases = {
      {{{"IPAddress", "10.1.0.2"}},
       kObjectExists,
       "IPAddress 10.1.0.2 is in use by endpoint " + taken},
      {{{"IPAddress", "10.1.0.1"}},
       abi::HCN_E_INVALID_IP,
       "IPAddress 10.1.0.1 is the gateway of 10.1.0.0/24"},
      {{{"IPAddress", "10.1.0.0"}},
       abi::HCN_E_INVALID_IP,
       "IPAddress 10.1.0.0 is the address of 10.1.0.0/24 itself"},
      {{{"IPAddress", "10.1.0.255"}},
       abi::HCN_E_INVALID_IP,
       "IPAddress 10.1.0.255 is the broadcast address of 10.1.0.0/24"},
      {{{"IPAddress", "10.2.0.2"}},
       abi::HCN_E_INVALID_IP,
       "IPAddress 10.2.0.2 is in no subnet of the network"},
      {{{"IPAddress", "fd00::9"}},
       abi::HCN_E_INVALID_IP,
       "IPAddress is no IPv4 address: \"fd00::9\""},
      {{{"IPv6Address", "10.1.0.9"}},
       abi::HCN_E_INVALID_IP,
       "IPv6Address is no IPv6 address: \"10.1.0.9\""},
      {{{"IPv6Address", "::ffff:10.1.0.9"}},
       abi::HCN_E_INVALID_IP,
       "IPv6Address ::ffff:10.1.0.9 is in no subnet of the network"},
      {{{"IPAddress", "10.1.0.9/24"}},
       abi::HCN_E_INVALID_IP,
       "IPAddress is no IPv4 address: \"10.1.0.9/24\""},
      {{{"GatewayAddress", "10.2.0.1"}},
       abi::HCN_E_INVALID_IP,
       "GatewayAddress 10.2.0.1 is not in 10.1.0.0/24"},
      {{{"GatewayAddressV6", "10.1.0.1"}},
       abi::HCN_E_INVALID_IP,
       "GatewayAddressV6 is no IPv6 address: \"10.1.0.1\""},
      {{{"PrefixLength", 33}}, abi::HCN_E_INVALID_ENDPOINT, "PrefixLength is not from 1 to 32"},
      {{{"MacAddress", "00-15-5D-00-00-00"}},
       kObjectExists,
       "MacAddress 00-15-5D-00-00-00 is in use by endpoint " + taken},
      {{{"MacAddress", "ff-ff-ff-ff-ff-ff"}},
       abi::HCN_E_INVALID_ENDPOINT,
       "MacAddress is no adapter's: \"ff-ff-ff-ff-ff-ff\""},
      {{{"MacAddress", "00-15"}},
       abi::HCN_E_INVALID_ENDPOINT,
       "MacAddress is no MAC address: \"00-15\""},
      {{{"ID", taken}}, kObjectExists, "ID is that of another endpoint: " + taken},
      {{{"ID", "front"}}, abi::HCN_E_INVALID_ENDPOINT, "ID is not a GUID: \"front\""},
      {{{"IsRemoteEndpoint", true}},
       abi::HCN_E_INVALID_ENDPOINT,
       "IsRemoteEndpoint: the IPAddress is the remote one, and is missing"},
  };
  for (const Case& refused : cases) {
    CAPTURE(refused.error);
    Json document = {{"VirtualNetwork", network}};
    document.update(refused.fields);
    const Response answer = hns.Post("/endpoints/", document);
    CHECK(answer.code == CodeOf(refused.code));
    CHECK_THAT(answer.error, Catch::EndsWith(refused.error));
  }
  CHECK(hns.Get("/endpoints/").output.size() == 1);
  // What was taken for those that failed was given back: this has it all.
  const Json all = {
      {"IPAddress", "10.1.0.3"}, {"IPv6Address", "fd00::3"}, {"MacAddress", "00-15-5D-00-00-01"}};
  hns.MakeEndpoint(network, all);
}

TEST_CASE("an endpoint of a network without subnets has the address that it names, or none") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId({{"Type", "transparent"}, {"Subnets", Json::array()}});
  CHECK_FALSE(hns.MakeEndpoint(network).contains("IPAddress"));
  CHECK(hns.MakeEndpoint(network, {{"IPAddress", "192.0.2.9"}})["IPAddress"] == "192.0.2.9");
  CHECK(hns.Post("/endpoints/", {{"VirtualNetwork", network}, {"IPAddress", "192.0.2.9"}}).code ==
        CodeOf(kObjectExists));
}

TEST_CASE("a subnet runs out with a clear error, and released addresses come back last") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId(
      {{"Subnets", {{{"AddressPrefix", "10.1.0.0/29"}, {"GatewayAddress", "10.1.0.1"}}}}});
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(hns.MakeEndpoint(network)["ID"]);
  CHECK(hns.Delete("/endpoints/" + ids[2]).ok());
  CHECK(hns.Delete("/endpoints/" + ids[0]).ok());
  CHECK(hns.MakeEndpoint(network)["IPAddress"] == "10.1.0.6");
  CHECK(hns.MakeEndpoint(network)["IPAddress"] == "10.1.0.4");
  CHECK(hns.MakeEndpoint(network)["IPAddress"] == "10.1.0.2");
  const Response full = hns.Post("/endpoints/", {{"VirtualNetwork", network}});
  CHECK(full.code == CodeOf(kNoResources));
  CHECK_THAT(full.error, Catch::EndsWith("every address of 10.1.0.0/29 is in use"));
}

TEST_CASE("an endpoint's address, MAC and network stay, what else an update has replaces") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId(DualStack());
  const Json made = hns.MakeEndpoint(network, {{"Colour", "red"}});
  const std::string path = "/endpoints/" + made["ID"].get<std::string>();
  // As clients do: the whole document back, with a change.
  Json document = made;
  document["Name"] = "renamed";
  document["Policies"] = {{{"Type", "VLAN"}, {"VLAN", 3}}};
  CHECK(hns.Post(path, document).output == document);
  CHECK(hns.Post(path, {{"MacAddress", "00:15:5d:00:00:00"}, {"IPv6Address", "FD00:0::2"}}).ok());
  for (const Json& fixed :
       {Json{{"IPAddress", "10.1.0.9"}}, Json{{"MacAddress", "02-00-00-00-00-01"}},
        Json{{"VirtualNetwork", kNobody}}, Json{{"ID", kNobody}}, Json{{"PrefixLength", 25}},
        Json{{"IsRemoteEndpoint", true}}}) {
    CAPTURE(fixed.dump());
    CHECK(hns.Post(path, fixed).code == CodeOf(abi::HCN_E_INVALID_ENDPOINT));
  }
  CHECK(hns.Post(path, {{"Name", "a\tb"}}).code == CodeOf(abi::HCN_E_INVALID_ENDPOINT));
  CHECK(hns.Get(path).output == document);
}

}  // namespace
}  // namespace hcs::emulator::hns::test
