// Attaching, detaching, what becomes of containers that go, and a datapath that fails.

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/emulator/documents/schema.h"
#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

// Notes what it is told, and fails what the test wants to fail.
class NotingDatapath : public Datapath {
 public:
  Status NetworkMade(const Json& network) override { return Note("network made", network); }
  Status NetworkChanged(const Json& network) override { return Note("network changed", network); }
  void NetworkRemoved(const Json& network) override { Note("network removed", network); }
  Status EndpointMade(const Json& network, const Json& endpoint) override {
    CHECK(network["ID"] == endpoint["VirtualNetwork"]);
    return Note("made", endpoint);
  }
  Status EndpointAttached(const Json& endpoint, const Json& attachment) override {
    return Note("attached to " + attachment.value("ContainerId", "the host"), endpoint);
  }
  void EndpointDetached(const Json& endpoint, const Json& attachment) override {
    Note("detached from " + attachment.value("ContainerId", "the host"), endpoint);
  }
  Status PoliciesChanged(const Json& endpoint) override { return Note("policies", endpoint); }
  void EndpointRemoved(const Json& endpoint) override { Note("removed", endpoint); }
  std::optional<Json> Statistics(const Json&) override { return Json{{"BytesSent", 7}}; }

  std::vector<std::string> notes;
  std::string fails;

 private:
  Status Note(const std::string& what, const Json& document) {
    CHECK(document["ID"].is_string());
    notes.push_back(what);
    if (what == fails) return {abi::ERROR_ACCESS_DENIED, "no packets today"};
    return {};
  }
};

TEST_CASE("an endpoint is attached to one container at a time, and detached once") {
  const StateFolder folder;
  TestHns hns(folder.path());
  hns.SetSystem("one", "r1");
  hns.SetSystem("two", "r2");
  const std::string id = hns.MakeEndpoint(hns.NetworkId())["ID"];
  const std::string path = "/endpoints/" + id;
  CHECK(hns.Post(path + "/detach", {{"ContainerId", "one"}}).code == CodeOf(abi::ERROR_NOT_FOUND));
  const Json attached =
      hns.Post(path + "/attach", {{"ContainerId", "one"}, {"SystemType", "container"}}).output;
  CHECK(attached["State"] == 2);
  CHECK(attached["SharedContainers"] == Json::array({"one"}));
  CHECK(hns.Get(path).output == attached);
  for (const char* container : {"one", "two"}) {
    const Response again = hns.Post(path + "/attach", {{"ContainerId", container}});
    CHECK(again.code == CodeOf(abi::HCN_E_ENDPOINT_ALREADY_ATTACHED));
    CHECK_THAT(again.error, Catch::EndsWith("to container one"));
  }
  CHECK(hns.Post(path + "/detach", {{"ContainerId", "two"}}).code == CodeOf(abi::ERROR_NOT_FOUND));
  CHECK(hns.Post(path + "/detach", {{"ContainerId", "one"}}).output["State"] == 4);
  const Response twice = hns.Post(path + "/detach", {{"ContainerId", "one"}});
  CHECK(twice.code == CodeOf(abi::ERROR_NOT_FOUND));
  CHECK_THAT(twice.error, Catch::EndsWith("the endpoint is not attached to container one"));
  CHECK(hns.Post(path + "/attach", {{"ContainerId", "two"}}).ok());
}

TEST_CASE("what cannot be attached is refused") {
  const StateFolder folder;
  TestHns hns(folder.path());
  hns.SetSystem("one", "r1");
  const std::string network = hns.NetworkId({{"Type", "overlay"}});
  const std::string id = hns.MakeEndpoint(network)["ID"];
  const std::string path = "/endpoints/" + id + "/attach";
  const Response gone = hns.Post(path, {{"ContainerId", "gone"}});
  CHECK(gone.code == CodeOf(abi::ERROR_NOT_FOUND));
  CHECK_THAT(gone.error, Catch::EndsWith("ContainerId: there is no container \"gone\""));
  CHECK(hns.Post(path, Json::object()).code == CodeOf(abi::ERROR_INVALID_PARAMETER));
  CHECK(hns.Post(path, {{"ContainerId", "one"}, {"SystemType", "Hat"}}).code ==
        CodeOf(abi::ERROR_INVALID_PARAMETER));
  CHECK(hns.Post(path, {{"ContainerId", "one"}, {"SystemType", "VirtualMachine"}}).code ==
        CodeOf(abi::HCN_E_REQUEST_UNSUPPORTED));
  CHECK(hns.Post(path, {{"ContainerId", 1}}).code == CodeOf(abi::HCN_E_INVALID_JSON));
  const std::string remote =
      hns.MakeEndpoint(network, {{"IsRemoteEndpoint", true}, {"IPAddress", "10.1.0.9"}})["ID"];
  CHECK(hns.Post("/endpoints/" + remote + "/attach", {{"ContainerId", "one"}}).code ==
        CodeOf(kRemoteEndpoint));
  CHECK(hns.Get("/endpoints/" + id).output["State"] == 1);
}

TEST_CASE("the host itself can have an endpoint") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string path =
      "/endpoints/" + hns.MakeEndpoint(hns.NetworkId())["ID"].get<std::string>();
  CHECK(hns.Post(path + "/attach", {{"SystemType", "Host"}, {"CompartmentId", 1}}).ok());
  CHECK(hns.Get(path).output["State"] == 2);
  CHECK_THAT(hns.Post(path + "/attach", {{"SystemType", "Host"}}).error,
             Catch::EndsWith("to the host"));
  CHECK(hns.Post(path + "/detach", {{"SystemType", "Host"}}).ok());
}

TEST_CASE("a container that goes lets go of its endpoints, also when another has its id") {
  const StateFolder folder;
  TestHns hns(folder.path());
  hns.SetSystem("one", "r1");
  const std::string path =
      "/endpoints/" + hns.MakeEndpoint(hns.NetworkId())["ID"].get<std::string>();
  CHECK(hns.Post(path + "/attach", {{"ContainerId", "one"}}).ok());
  hns.RemoveSystem("one");
  CHECK(hns.Get("/endpoints/").output[0]["State"] == 4);
  hns.SetSystem("one", "r2");
  CHECK(hns.Post(path + "/attach", {{"ContainerId", "one"}}).ok());
  hns.SetSystem("one", "r3");
  CHECK(hns.Post(path + "/attach", {{"ContainerId", "one"}}).ok());
  CHECK(hns.Get(path).output["SharedContainers"] == Json::array({"one"}));
}

TEST_CASE("an endpoint that is attached is detached when it is deleted") {
  const StateFolder folder;
  NotingDatapath datapath;
  TestHns hns(folder.path(), &datapath);
  hns.SetSystem("one", "r1");
  const std::string network = hns.NetworkId();
  const std::string path = "/endpoints/" + hns.MakeEndpoint(network)["ID"].get<std::string>();
  CHECK(hns.Post(path + "/attach", {{"ContainerId", "one"}}).ok());
  CHECK(hns.Delete(path).ok());
  CHECK(hns.Delete("/networks/" + network).ok());
  CHECK(datapath.notes == std::vector<std::string>{"network made", "made", "attached to one",
                                                   "detached from one", "removed",
                                                   "network removed"});
}

TEST_CASE("what the datapath cannot do has not been done") {
  const StateFolder folder;
  NotingDatapath datapath;
  TestHns hns(folder.path(), &datapath);
  hns.SetSystem("one", "r1");
  datapath.fails = "network made";
  const Response network_refused = hns.Post("/networks/", {{"Type", "nat"}});
  CHECK(network_refused.code == CodeOf(abi::ERROR_ACCESS_DENIED));
  CHECK_THAT(network_refused.error, Catch::EndsWith("no packets today"));
  CHECK(hns.Get("/networks/").output.empty());
  datapath.fails = "";
  const Json network = hns.MakeNetwork(
      {{"Subnets", {{{"AddressPrefix", "10.1.0.0/30"}, {"GatewayAddress", "10.1.0.1"}}}}});
  const std::string network_id = network["ID"];

  datapath.fails = "made";
  CHECK_FALSE(hns.Post("/endpoints/", {{"VirtualNetwork", network_id}}).ok());
  CHECK(hns.Get("/endpoints/").output.empty());
  datapath.fails = "";
  const Json endpoint = hns.MakeEndpoint(network_id);  // The subnet's one address is free.
  const std::string path = "/endpoints/" + endpoint["ID"].get<std::string>();

  datapath.fails = "attached to one";
  CHECK_FALSE(hns.Post(path + "/attach", {{"ContainerId", "one"}}).ok());
  CHECK(hns.Get(path).output == endpoint);
  datapath.fails = "policies";
  const Json policy = {
      {"Type", "NAT"}, {"Protocol", "TCP"}, {"InternalPort", 1}, {"ExternalPort", 80}};
  CHECK_FALSE(hns.Post(path, {{"Policies", {policy}}}).ok());
  CHECK(hns.Get(path).output == endpoint);
  datapath.fails = "network changed";
  CHECK_FALSE(hns.Post("/networks/" + network_id, {{"DNSSuffix", "x"}}).ok());
  CHECK(hns.Get("/networks/" + network_id).output == network);
  CHECK(hns.Get("/endpointstats/" + endpoint["ID"].get<std::string>()).output["BytesSent"] == 7);
}

TEST_CASE("statistics without a datapath are zero, and say that no packets flow") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string id = hns.MakeEndpoint(hns.NetworkId())["ID"];
  CHECK(hns.Get("/endpointstats/" + id).output == Json({{"BytesReceived", 0},
                                                        {"BytesSent", 0},
                                                        {"PacketsReceived", 0},
                                                        {"PacketsSent", 0},
                                                        {"DroppedPacketsIncoming", 0},
                                                        {"DroppedPacketsOutgoing", 0},
                                                        {"EndpointId", id},
                                                        {"InstanceId", id},
                                                        {"Emulation", {{"Packets", false}}}}));
}

TEST_CASE("a container's document attaches endpoints, a namespace, and another's network") {
  const StateFolder folder;
  TestHns hns(folder.path());
  hns.SetSystem("one", "r1");
  hns.SetSystem("two", "r2");
  const std::string network = hns.NetworkId();
  const std::string a = hns.MakeEndpoint(network)["ID"];
  const std::string b = hns.MakeEndpoint(network)["ID"];
  const auto attach = [&](const std::string& container, const Json& document) {
    return hns.service().AttachContainer(container, ContainerNetworkOf(document));
  };
  const auto holders = [&](const std::string& id) {
    return hns.Get("/endpoints/" + id).output.value("SharedContainers", Json::array());
  };
  CHECK(ContainerNetworkOf({{"SystemType", "Container"}}).empty());
  CHECK(attach("one", {{"EndpointList", {a}}}).ok());
  CHECK(holders(a) == Json::array({"one"}));

  // All or none of them, and the field that is wrong.
  const Status refused = attach("two", {{"EndpointList", {b, a}}});
  CHECK(refused.code == abi::HCN_E_ENDPOINT_ALREADY_ATTACHED);
  CHECK_THAT(refused.message, Catch::StartsWith("EndpointList[1]: "));
  CHECK(holders(b).empty());
  CHECK(attach("two", {{"EndpointList", {"web"}}}).message == "EndpointList[0] is not a GUID");

  CHECK(attach("two", {{"NetworkSharedContainerName", "one"}}).ok());
  CHECK(holders(a) == Json::array({"one", "two"}));
  CHECK(hns.Get("/endpoints/" + a).output["State"] == 3);
  CHECK(attach("two", {{"NetworkSharedContainerName", "none"}}).code == abi::ERROR_NOT_FOUND);
  hns.RemoveSystem("one");
  CHECK(holders(a) == Json::array({"two"}));

  const std::string space = hns.Post("/namespaces/", Json::object()).output["ID"];
  CHECK(hns.Post("/namespaces/" + space + "/addresource",
                 {{"Type", "Endpoint"}, {"Data", {{"Id", b}}}})
            .ok());
  const Json schema2 = {{"Container", {{"Networking", {{"Namespace", space}}}}}};
  CHECK(attach("two", schema2).ok());
  CHECK(holders(b) == Json::array({"two"}));
}

}  // namespace
}  // namespace hcs::emulator::hns::test
