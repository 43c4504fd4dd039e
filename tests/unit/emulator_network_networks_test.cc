// Networks: what is kept, assigned and refused.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

Json Subnet(const std::string& prefix, const std::string& gateway) {
  return {{"AddressPrefix", prefix}, {"GatewayAddress", gateway}};
}

Json Pool(const std::string& start, const std::string& end) {
  return {{"StartMacAddress", start}, {"EndMacAddress", end}};
}

TEST_CASE("every field of a network comes back, in HNS' spelling, and unknown ones as they are") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const Json document = {{"id", "{6D3C5F0E-0000-4000-8000-000000000001}"},
                         {"name", "web"},
                         {"TYPE", "L2Bridge"},
                         {"NetworkAdapterName", "Ethernet 2"},
                         {"sourcemac", "00:15:5d:00:00:01"},
                         {"Policies", {{{"type", "vlan"}, {"vlan", 7}}}},
                         {"MacPools", {Pool("0015.5d00.0100", "00155d0001ff")}},
                         {"Subnets",
                          {{{"addressPrefix", "10.1.0.9/24"},
                            {"gatewayAddress", "10.1.0.1"},
                            {"Policies", {{{"Type", "VSID"}, {"VSID", 5000}}}},
                            {"Flavour", "sweet"}}}},
                         {"DNSSuffix", "example.org"},
                         {"DNSServerList", "10.1.0.2,10.1.0.3"},
                         {"DNSServerCompartment", 3},
                         {"ManagementIP", "192.0.2.7/24"},
                         {"AutomaticDNS", true},
                         {"Colour", {{"shade", "deep"}}},
                         {"Nothing", nullptr}};
  const Json expected = {{"ID", "6d3c5f0e-0000-4000-8000-000000000001"},
                         {"Name", "web"},
                         {"Type", "l2bridge"},
                         {"NetworkAdapterName", "Ethernet 2"},
                         {"SourceMac", "00-15-5D-00-00-01"},
                         {"Policies", {{{"Type", "VLAN"}, {"VLAN", 7}}}},
                         {"MacPools", {Pool("00-15-5D-00-01-00", "00-15-5D-00-01-FF")}},
                         {"Subnets",
                          {{{"AddressPrefix", "10.1.0.0/24"},
                            {"GatewayAddress", "10.1.0.1"},
                            {"Policies", {{{"Type", "VSID"}, {"VSID", 5000}}}},
                            {"Flavour", "sweet"}}}},
                         {"DNSSuffix", "example.org"},
                         {"DNSServerList", "10.1.0.2,10.1.0.3"},
                         {"DNSServerCompartment", 3},
                         {"ManagementIP", "192.0.2.7/24"},
                         {"AutomaticDNS", true},
                         {"Colour", {{"shade", "deep"}}},
                         {"Nothing", nullptr}};
  const Response made = hns.Post("/networks/", document);
  INFO(made.error);
  CHECK(made.output == expected);
  CHECK(hns.Get("/networks/6d3c5f0e-0000-4000-8000-000000000001").output == expected);
  CHECK(hns.Get("/networks/").output == Json::array({expected}));
}

TEST_CASE("every type of network can be made, whatever its case, and no other") {
  const StateFolder folder;
  TestHns hns(folder.path());
  for (const std::string type :
       {"nat", "Transparent", "L2BRIDGE", "l2tunnel", "overlay", "ICS", "internal", "private"}) {
    CAPTURE(type);
    CHECK(hns.Post("/networks/", {{"Type", type}}).ok());
  }
  CHECK(hns.Get("/networks/").output.size() == 8);
  const Response unknown = hns.Post("/networks/", {{"Type", "token-ring"}});
  CHECK(unknown.code == CodeOf(abi::HCN_E_INVALID_NETWORK_TYPE));
  CHECK(unknown.error == "Invalid network type. (0x803b000b): Type is not known: \"token-ring\"");
  CHECK(hns.Post("/networks/", Json::object()).code == CodeOf(abi::HCN_E_INVALID_NETWORK_TYPE));
  CHECK(hns.Get("/networks/").output.size() == 8);
}

TEST_CASE("a nat network without subnets gets one that no other has, and every network MACs") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const Json one = hns.Post("/networks/", {{"Type", "nat"}}).output;
  const Json two = hns.Post("/networks/", {{"Type", "nat"}}).output;
  CHECK(one["Subnets"] == Json::array({Subnet("172.16.16.0/20", "172.16.16.1")}));
  CHECK(two["Subnets"] == Json::array({Subnet("172.16.32.0/20", "172.16.32.1")}));
  CHECK(one["MacPools"] == Json::array({Pool("00-15-5D-00-00-00", "00-15-5D-00-3F-FF")}));
  CHECK(two["MacPools"] == Json::array({Pool("00-15-5D-00-40-00", "00-15-5D-00-7F-FF")}));
  CHECK_FALSE(hns.Post("/networks/", {{"Type", "transparent"}}).output.contains("Subnets"));
  CHECK(hns.Delete("/networks/" + one["ID"].get<std::string>()).ok());
  CHECK(hns.Post("/networks/", {{"Type", "nat"}}).output["Subnets"] == one["Subnets"]);
}

TEST_CASE("subnets that cannot be are refused, and the field is named") {
  const StateFolder folder;
  TestHns hns(folder.path());
  struct Case {
    Json subnets;
    std::string error;
  };
  const std::vector<Case> cases = {
      {{{{"AddressPrefix", "10.0.0.0/24"}}}, "Subnets[0].GatewayAddress is missing"},
      {{{{"GatewayAddress", "10.0.0.1"}}}, "Subnets[0].AddressPrefix is missing"},
      {{Subnet("10.0.0.0/24", "10.0.1.1")},
       "Subnets[0].GatewayAddress 10.0.1.1 is not in 10.0.0.0/24"},
      {{Subnet("10.0.0.0/24", "10.0.0.0")},
       "Subnets[0].GatewayAddress 10.0.0.0 is the first or last of 10.0.0.0/24"},
      {{Subnet("10.0.0.0/24", "10.0.0.255")},
       "Subnets[0].GatewayAddress 10.0.0.255 is the first or last of 10.0.0.0/24"},
      {{Subnet("10.0.0.0/24", "fd00::1")},
       "Subnets[0].GatewayAddress is not of AddressPrefix' family: \"fd00::1\""},
      {{Subnet("fd00::/64", "10.0.0.1")},
       "Subnets[0].GatewayAddress is not of AddressPrefix' family: \"10.0.0.1\""},
      {{Subnet("10.0.0.0/31", "10.0.0.1")},
       "Subnets[0].AddressPrefix 10.0.0.0/31 is not from /1 to /30"},
      {{Subnet("10.0.0.0/32", "10.0.0.0")},
       "Subnets[0].AddressPrefix 10.0.0.0/32 is not from /1 to /30"},
      {{Subnet("0.0.0.0/0", "10.0.0.1")},
       "Subnets[0].AddressPrefix 0.0.0.0/0 is not from /1 to /30"},
      {{Subnet("fd00::/127", "fd00::1")},
       "Subnets[0].AddressPrefix fd00::/127 is not from /1 to /126"},
      {{Subnet("10.0.0.0", "10.0.0.1")},
       "Subnets[0].AddressPrefix is no ADDRESS/LENGTH: \"10.0.0.0\""},
      {{Subnet("10.0.0.0/24", "router")}, "Subnets[0].GatewayAddress is no IP address: \"router\""},
      {{Subnet("10.0.0.0/8", "10.0.0.1"), Subnet("10.9.0.0/16", "10.9.0.1")},
       "Subnets[1].AddressPrefix 10.9.0.0/16 overlaps Subnets[0]'s 10.0.0.0/8"},
      {Json(std::vector<Json>(65, Subnet("10.0.0.0/8", "10.0.0.1"))),
       "Subnets has more than 64 entries"},
  };
  for (const Case& refused : cases) {
    const Response answer = hns.Post("/networks/", {{"Type", "nat"}, {"Subnets", refused.subnets}});
    CAPTURE(refused.error);
    CHECK(answer.code == CodeOf(abi::HCN_E_INVALID_NETWORK));
    CHECK_THAT(answer.error, Catch::EndsWith(refused.error));
  }
  CHECK(hns.Get("/networks/").output.empty());
}

TEST_CASE("subnets of networks that share the machine's routes must not overlap, others may") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string first = hns.NetworkId();
  const Json same = {{"Type", "internal"}, {"Subnets", {Subnet("10.0.0.0/8", "10.0.0.1")}}};
  const Response refused = hns.Post("/networks/", same);
  CHECK(refused.code == CodeOf(abi::HCN_E_INVALID_NETWORK));
  CHECK_THAT(refused.error, Catch::Contains("overlap those of network " + first));
  hns.MakeNetwork({{"Type", "overlay"}});
  hns.MakeNetwork({{"Type", "overlay"}});
}

TEST_CASE("MAC pools that cannot be are refused") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string first =
      hns.NetworkId({{"MacPools", {Pool("02-00-00-00-01-00", "02-00-00-00-01-FF")}}});
  struct Case {
    Json pools;
    std::string error;
  };
  const std::vector<Case> cases = {
      {{Pool("02-00-00-00-00-09", "02-00-00-00-00-01")},
       "MacPools[0].EndMacAddress is before StartMacAddress"},
      {{Pool("02-00-00-00-00-09", "")}, "MacPools[0].EndMacAddress is no MAC address: \"\""},
      {{Pool("03-00-00-00-00-09", "04-00-00-00-00-09")},
       "MacPools[0].StartMacAddress is no adapter's: \"03-00-00-00-00-09\""},
      {{Pool("02-00-00-00-00-01", "02-00-00-00-00-09"),
        Pool("02-00-00-00-00-09", "02-00-00-00-00-0A")},
       "MacPools[1] overlaps another of the network's pools"},
      {{Pool("02-00-00-00-00-00", "02-00-00-00-01-00")},
       "MacPools[0] overlaps a pool of network " + first},
  };
  for (const Case& refused : cases) {
    CAPTURE(refused.error);
    const Response answer =
        hns.Post("/networks/", {{"Type", "private"}, {"MacPools", refused.pools}});
    CHECK(answer.code == CodeOf(abi::HCN_E_INVALID_NETWORK));
    CHECK_THAT(answer.error, Catch::EndsWith(refused.error));
  }
}

TEST_CASE("ids and names of networks are taken once") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string id = "6d3c5f0e-0000-4000-8000-000000000001";
  CHECK(hns.NetworkId({{"Id", id}, {"Name", "Web"}}) == id);
  const Response same_id = hns.Post("/networks/", {{"Type", "private"}, {"ID", id}});
  CHECK(same_id.code == CodeOf(abi::HCN_E_NETWORK_ALREADY_EXISTS));
  const Response same_name = hns.Post("/networks/", {{"Type", "private"}, {"Name", "wEB"}});
  CHECK(same_name.code == CodeOf(abi::HCN_E_NETWORK_ALREADY_EXISTS));
  CHECK_THAT(same_name.error, Catch::EndsWith("\"wEB\" is network " + id));
  CHECK(hns.Post("/networks/", {{"Type", "private"}, {"ID", "seven"}}).code ==
        CodeOf(abi::HCN_E_INVALID_NETWORK));
  CHECK(hns.Post("/networks/", {{"Type", "private"}, {"Name", std::string(257, 'n')}}).code ==
        CodeOf(abi::HCN_E_INVALID_NETWORK));
  CHECK(hns.Post("/networks/", {{"Type", "private"}, {"Name", "a\nb"}}).code ==
        CodeOf(abi::HCN_E_INVALID_NETWORK));
  CHECK(hns.Delete("/networks/" + id).ok());
  CHECK(hns.Post("/networks/", {{"Type", "private"}, {"Name", "wEB"}}).ok());
}

TEST_CASE("an update replaces what it has, leaves the rest, and cannot pull what is in use away") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const Json made = hns.MakeNetwork({{"Name", "web"}, {"Colour", "red"}});
  const std::string id = made["ID"];
  const std::string path = "/networks/" + id;
  const Json changed = hns.Post(path, {{"dnssuffix", "example.org"}, {"Colour", "blue"}}).output;
  Json expected = made;
  expected["DNSSuffix"] = "example.org";
  expected["Colour"] = "blue";
  CHECK(changed == expected);
  CHECK(hns.Post(path, expected).output == expected);
  for (const Json& fixed :
       {Json{{"Type", "overlay"}}, Json{{"ID", "6d3c5f0e-0000-4000-8000-000000000009"}}}) {
    CHECK(hns.Post(path, fixed).code == CodeOf(abi::HCN_E_INVALID_NETWORK));
  }

  const std::string endpoint = hns.MakeEndpoint(id)["ID"];
  const Json elsewhere = {{"Subnets", {Subnet("10.2.0.0/24", "10.2.0.1")}}};
  const Response refused = hns.Post(path, elsewhere);
  CHECK(refused.code == CodeOf(abi::HCN_E_INVALID_NETWORK));
  CHECK_THAT(refused.error, Catch::Contains(endpoint));
  CHECK(hns.Get(path).output == expected);
  Json more = expected["Subnets"];
  more.push_back(Subnet("10.2.0.0/30", "10.2.0.1"));
  CHECK(hns.Post(path, {{"Subnets", more}}).ok());
  CHECK(hns.MakeEndpoint(id, {{"IPAddress", "10.2.0.2"}})["PrefixLength"] == 30);
  CHECK(hns.MakeEndpoint(id)["IPAddress"] == "10.1.0.3");
  CHECK(hns.Post(path, {{"Name", "renamed"}}).ok());
  CHECK(hns.Get("/endpoints/" + endpoint).output["VirtualNetworkName"] == "renamed");
}

TEST_CASE("a document cannot grow without end by updates") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string path = "/networks/" + hns.NetworkId();
  CHECK(hns.Post(path, {{"One", std::string(3 << 20, 'x')}}).ok());
  CHECK(hns.Post(path, {{"Two", std::string(3 << 20, 'x')}}).code ==
        CodeOf(abi::HCN_E_INVALID_JSON));
  CHECK_FALSE(hns.Get(path).output.contains("Two"));
}

TEST_CASE("a network with endpoints is not deleted") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string id = hns.NetworkId();
  const std::string endpoint = hns.MakeEndpoint(id)["ID"];
  const Response refused = hns.Delete("/networks/" + id);
  CHECK(refused.code == CodeOf(abi::HCN_E_INVALID_NETWORK));
  CHECK_THAT(refused.error, Catch::EndsWith("the network has 1 endpoints: " + endpoint));
  CHECK(hns.Delete("/endpoints/" + endpoint).ok());
  CHECK(hns.Delete("/networks/" + id).ok());
  CHECK(hns.Delete("/networks/" + id).code == CodeOf(abi::HCN_E_NETWORK_NOT_FOUND));
}

}  // namespace
}  // namespace hcs::emulator::hns::test
