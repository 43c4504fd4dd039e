// The state on disk: through restarts, among several users of it, and when it is damaged.

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

namespace fs = std::filesystem;

void Overwrite(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  REQUIRE(file.good());
}

Json Small() {
  return {{"Subnets", {{{"AddressPrefix", "10.1.0.0/29"}, {"GatewayAddress", "10.1.0.1"}}}}};
}

TEST_CASE("everything is there after a restart, and what was taken still is") {
  const StateFolder folder;
  Json networks;
  Json endpoints;
  Json lists;
  Json spaces;
  std::string network;
  const Json port = {
      {"Type", "NAT"}, {"Protocol", "TCP"}, {"InternalPort", 80}, {"ExternalPort", 8080}};
  {
    TestHns hns(folder.path());
    network = hns.NetworkId({{"Name", "web"}});
    const std::string endpoint = hns.MakeEndpoint(network, {{"Policies", {port}}})["ID"];
    hns.SetSystem("one", "r1");
    CHECK(hns.Post("/endpoints/" + endpoint + "/attach", {{"ContainerId", "one"}}).ok());
    CHECK(hns.Post("/policylists/", {{"References", {"/endpoints/" + endpoint}},
                                     {"Policies", {{{"Type", "L2Driver"}}}}})
              .ok());
    CHECK(hns.Post("/namespaces/", Json::object()).ok());
    networks = hns.Get("/networks").output;
    endpoints = hns.Get("/endpoints").output;
    lists = hns.Get("/policylists").output;
    spaces = hns.Get("/namespaces").output;
  }
  TestHns hns(folder.path());
  hns.SetSystem("one", "r1");
  CHECK(hns.Get("/networks").output == networks);
  CHECK(hns.Get("/endpoints").output == endpoints);
  CHECK(hns.Get("/policylists").output == lists);
  CHECK(hns.Get("/namespaces").output == spaces);
  CHECK(hns.Post("/networks/", {{"Type", "private"}, {"Name", "WEB"}}).code ==
        CodeOf(abi::HCN_E_NETWORK_ALREADY_EXISTS));
  const Json next = hns.MakeEndpoint(network);
  CHECK(next["IPAddress"] == "10.1.0.3");
  CHECK(next["MacAddress"] == "00-15-5D-00-00-01");
  CHECK(hns.Post("/endpoints/", {{"VirtualNetwork", network}, {"Policies", {port}}}).code ==
        CodeOf(abi::HCN_E_PORT_ALREADY_EXISTS));
}

TEST_CASE("released addresses and MACs come back last, also after a restart and elsewhere") {
  const StateFolder folder;
  std::string network;
  TestHns other(folder.path());
  CHECK(other.Get("/endpoints").output.empty());
  {
    TestHns hns(folder.path());
    network = hns.NetworkId(Small());
    std::string ids[3];
    for (std::string& id : ids) id = hns.MakeEndpoint(network)["ID"];
    CHECK(hns.Delete("/endpoints/" + ids[1]).ok());
    CHECK(hns.Delete("/endpoints/" + ids[0]).ok());
  }
  std::vector<std::string> order;
  TestHns later(folder.path());
  for (TestHns* hns : {&other, &later, &other, &later}) {
    const Json endpoint = hns->MakeEndpoint(network);
    order.push_back(endpoint["IPAddress"]);
    if (order.size() == 1) CHECK(endpoint["MacAddress"] == "00-15-5D-00-00-03");
  }
  CHECK(order == std::vector<std::string>{"10.1.0.5", "10.1.0.6", "10.1.0.3", "10.1.0.2"});
}

TEST_CASE("two users of one state see what the other does at once") {
  const StateFolder folder;
  TestHns one(folder.path());
  TestHns two(folder.path());
  const std::string network = one.NetworkId();
  CHECK(two.Get("/networks/" + network).ok());
  const std::string first = one.MakeEndpoint(network)["ID"];
  CHECK(two.MakeEndpoint(network)["IPAddress"] == "10.1.0.3");
  CHECK(two.Delete("/endpoints/" + first).ok());
  CHECK(one.Get("/endpoints/" + first).code == CodeOf(abi::HCN_E_ENDPOINT_NOT_FOUND));
  CHECK(two.Post("/networks/" + network, {{"DNSSuffix", "x.org"}}).ok());
  CHECK(one.MakeEndpoint(network)["DNSSuffix"] == "x.org");
}

TEST_CASE("a journal that has grown long is replaced, and others follow it") {
  const StateFolder folder;
  TestHns one(folder.path());
  TestHns two(folder.path());
  const std::string network = one.NetworkId(Small());
  const std::string first = one.MakeEndpoint(network)["ID"];
  one.MakeEndpoint(network);
  CHECK(two.Delete("/endpoints/" + first).ok());
  const fs::path journal = fs::path(folder.path()) / "network" / "journal";
  {
    std::ofstream file(journal, std::ios::app);
    for (int i = 0; i < 50'000; ++i) file << std::string(99, 'x') << "\n";
  }
  REQUIRE(fs::file_size(journal) > 4u << 20);
  CHECK(one.MakeEndpoint(network)["IPAddress"] == "10.1.0.4");
  CHECK(fs::file_size(journal) < 4096);
  CHECK(two.MakeEndpoint(network)["IPAddress"] == "10.1.0.5");
  CHECK(two.MakeEndpoint(network)["IPAddress"] == "10.1.0.6");
  CHECK(one.MakeEndpoint(network)["IPAddress"] == "10.1.0.2");
}

TEST_CASE("a line that a dying process has left unfinished is no matter") {
  const StateFolder folder;
  TestHns one(folder.path());
  const std::string network = one.NetworkId();
  const fs::path journal = fs::path(folder.path()) / "network" / "journal";
  std::ofstream(journal, std::ios::app) << "endpoints 6d3c5f0e-";
  TestHns two(folder.path());
  const std::string endpoint = two.MakeEndpoint(network)["ID"];
  CHECK(one.Get("/endpoints/" + endpoint).ok());
  CHECK(one.MakeEndpoint(network)["IPAddress"] == "10.1.0.3");
}

TEST_CASE("a damaged record is set aside and named, and everything else goes on") {
  const StateFolder folder;
  std::string network;
  std::string torn;
  std::string whole;
  {
    TestHns hns(folder.path());
    network = hns.NetworkId();
    torn = hns.MakeEndpoint(network)["ID"];
    whole = hns.MakeEndpoint(network)["ID"];
  }
  const fs::path state = fs::path(folder.path()) / "network";
  const fs::path record = state / "endpoints" / (torn + ".json");
  const std::string other_id = Json{{"Document", {{"ID", whole}}}}.dump();
  const std::string edited = Json{{"Document", {{"ID", torn}, {"PrefixLength", "x"}}}}.dump();
  const std::string text =
      GENERATE_COPY(std::string(), std::string("{\"Docu"), std::string("[]"), other_id, edited);
  CAPTURE(text);
  Overwrite(record, text);
  TestHns hns(folder.path());
  const Response answer = hns.Get("/endpoints/" + torn);
  CHECK(answer.code == CodeOf(abi::HCN_E_ENDPOINT_NOT_FOUND));
  CHECK_THAT(answer.error, Catch::EndsWith(torn +
                                           ": its record was damaged, and is set aside as "
                                           "network/damaged/endpoints-" +
                                           torn + ".json"));
  CHECK(fs::exists(state / "damaged" / ("endpoints-" + torn + ".json")));
  CHECK(hns.Get("/endpoints/").output.size() == 1);
  CHECK(hns.Get("/endpoints/" + whole).ok());
  CHECK(hns.MakeEndpoint(network)["IPAddress"] == "10.1.0.2");
}

TEST_CASE("endpoints whose network was damaged can be seen and deleted") {
  const StateFolder folder;
  std::string network;
  std::string endpoint;
  {
    TestHns hns(folder.path());
    network = hns.NetworkId();
    endpoint = hns.MakeEndpoint(network)["ID"];
  }
  Overwrite(fs::path(folder.path()) / "network" / "networks" / (network + ".json"), "no");
  TestHns hns(folder.path());
  hns.SetSystem("one", "r1");
  CHECK(hns.Get("/networks/").output.empty());
  CHECK(hns.Get("/endpoints/" + endpoint).ok());
  CHECK(hns.Post("/endpoints/" + endpoint + "/attach", {{"ContainerId", "one"}}).code ==
        CodeOf(abi::HCN_E_NETWORK_NOT_FOUND));
  CHECK(hns.Delete("/endpoints/" + endpoint).ok());
}

TEST_CASE("a state folder that cannot be is an error") {
  const StateFolder folder;
  Overwrite(fs::path(folder.path()) / "file", "");
  HnsService::Options options;
  options.state_folder = folder.path() + "/file";
  CHECK_FALSE(HnsService::Open(std::move(options)).ok());
}

}  // namespace
}  // namespace hcs::emulator::hns::test
