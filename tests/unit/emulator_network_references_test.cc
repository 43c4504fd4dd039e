// Policy lists and namespaces.

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

constexpr char kNobody[] = "6d3c5f0e-0000-4000-8000-000000000000";

Json Balancer(const std::string& vip, int port) {
  Json policy = {{"Type", "ELB"}, {"Protocol", 6}, {"InternalPort", 80}, {"ExternalPort", port}};
  if (!vip.empty()) policy["VIPs"] = {vip};
  return policy;
}

Json List(const std::vector<std::string>& endpoints, const Json& policy) {
  Json references = Json::array();
  for (const std::string& id : endpoints) references.push_back("/endpoints/" + id);
  return {{"References", references}, {"Policies", {policy}}};
}

TEST_CASE("a policy list is made, found and removed") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string endpoint = hns.MakeEndpoint(hns.NetworkId())["ID"];
  Json document = List({endpoint}, Balancer("10.9.0.1", 80));
  document["Colour"] = "red";
  const Json made = hns.Post("/policylists/", document).output;
  Json expected = document;
  expected["ID"] = made["ID"];
  CHECK(made == expected);
  const std::string path = "/policylists/" + made["ID"].get<std::string>();
  CHECK(hns.Get(path).output == expected);
  CHECK(hns.Get("/policylists/").output == Json::array({expected}));
  CHECK(hns.Post(path, document).code == CodeOf(abi::HCN_E_REQUEST_UNSUPPORTED));
  CHECK(hns.Delete(path).ok());
  CHECK(hns.Delete(path).code == CodeOf(abi::HCN_E_POLICY_NOT_FOUND));
  const Json route = {{"Type", "ROUTE"}, {"DestinationPrefix", "10.0.0.0/8"}};
  CHECK(hns.Post("/policylists/", List({endpoint}, route)).ok());
}

TEST_CASE("a policy list refers to endpoints that are there, and has policies") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string endpoint = hns.MakeEndpoint(hns.NetworkId())["ID"];
  const auto code = [&](const Json& document) { return hns.Post("/policylists/", document).code; };
  const Json balancer = Balancer("10.9.0.1", 80);
  CHECK(code({{"Policies", {balancer}}}) == CodeOf(abi::ERROR_INVALID_PARAMETER));
  CHECK(code({{"References", {endpoint}}, {"Policies", {balancer}}}) ==
        CodeOf(abi::ERROR_INVALID_PARAMETER));
  CHECK(code(List({kNobody}, balancer)) == CodeOf(abi::HCN_E_ENDPOINT_NOT_FOUND));
  CHECK(code({{"References", {"/endpoints/" + endpoint}}}) == CodeOf(abi::HCN_E_INVALID_POLICY));
  CHECK(code(List({endpoint}, {{"Type", "HAT"}})) == CodeOf(abi::HCN_E_INVALID_POLICY_TYPE));
  CHECK(hns.Get("/policylists/").output.empty());
}

TEST_CASE("two load balancers cannot have one VIP's port") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  const std::string a = hns.MakeEndpoint(network)["ID"];
  const std::string b = hns.MakeEndpoint(network)["ID"];
  const std::string first =
      hns.Post("/policylists/", List({a}, Balancer("10.9.0.1", 80))).output["ID"];
  const Response refused = hns.Post("/policylists/", List({b}, Balancer("10.9.0.1", 80)));
  CHECK(refused.code == CodeOf(abi::HCN_E_PORT_ALREADY_EXISTS));
  CHECK_THAT(refused.error,
             Catch::EndsWith("TCP port 80 of 10.9.0.1 is policy list " + first + "'s"));
  CHECK(hns.Post("/policylists/", List({b}, Balancer("10.9.0.2", 80))).ok());
  CHECK(hns.Post("/policylists/", List({b}, Balancer("10.9.0.1", 81))).ok());
  // Without a VIP it is the endpoints' own addresses.
  CHECK(hns.Post("/policylists/", List({a}, Balancer("", 80))).ok());
  CHECK(hns.Post("/policylists/", List({b}, Balancer("", 80))).ok());
  CHECK(hns.Post("/policylists/", List({a, b}, Balancer("", 80))).code ==
        CodeOf(abi::HCN_E_PORT_ALREADY_EXISTS));
}

TEST_CASE("a namespace has resources, each once, and an endpoint is in one namespace") {
  const StateFolder folder;
  TestHns hns(folder.path());
  hns.SetSystem("one", "r1");
  const std::string endpoint = hns.MakeEndpoint(hns.NetworkId())["ID"];
  const Json made = hns.Post("/namespaces/", {{"isdefault", true}, {"Colour", "red"}}).output;
  CHECK(made == Json({{"ID", made["ID"]},
                      {"IsDefault", true},
                      {"CompartmentId", 2},
                      {"ResourceList", Json::array()},
                      {"Colour", "red"}}));
  CHECK(hns.Post("/namespaces/", {{"IsDefault", true}}).code == CodeOf(kObjectExists));
  const Json other = hns.Post("/namespaces/", Json::object()).output;
  CHECK(other["CompartmentId"] == 3);
  const std::string path = "/namespaces/" + made["ID"].get<std::string>();
  const std::string other_path = "/namespaces/" + other["ID"].get<std::string>();

  const Json resource = {{"Type", "Endpoint"}, {"Data", {{"Id", endpoint}}}};
  const Json container = {{"Type", "Container"}, {"Data", {{"Id", "one"}}}};
  CHECK(hns.Post(path + "/addresource", {{"type", "endpoint"}, {"data", {{"ID", endpoint}}}})
            .output["ResourceList"] == Json::array({resource}));
  CHECK(hns.Post(path + "/AddResource", container).output["ResourceList"] ==
        Json::array({resource, container}));
  CHECK(hns.Get("/endpoints/" + endpoint).output["Namespace"] == Json({{"ID", made["ID"]}}));
  CHECK(hns.Post(path + "/addresource", resource).code == CodeOf(kObjectExists));
  CHECK(hns.Post(other_path + "/addresource", resource).code == CodeOf(kObjectExists));
  CHECK(hns.Post(path + "/removeresource", container).output["ResourceList"] ==
        Json::array({resource}));
  CHECK(hns.Post(path + "/removeresource", container).code == CodeOf(abi::ERROR_NOT_FOUND));
  CHECK(hns.Delete(path).ok());
  CHECK_FALSE(hns.Get("/endpoints/" + endpoint).output.contains("Namespace"));
  CHECK(hns.Post(other_path + "/addresource", resource).ok());
}

TEST_CASE("resources that cannot be are refused") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string path =
      "/namespaces/" + hns.Post("/namespaces/", Json::object()).output["ID"].get<std::string>() +
      "/addresource";
  const auto code = [&](const Json& resource) { return hns.Post(path, resource).code; };
  CHECK(code({{"Type", "Endpoint"}}) == CodeOf(abi::ERROR_INVALID_PARAMETER));
  CHECK(code({{"Type", "Hat"}, {"Data", {{"Id", kNobody}}}}) ==
        CodeOf(abi::ERROR_INVALID_PARAMETER));
  CHECK(code({{"Type", "Endpoint"}, {"Data", {{"Id", "web"}}}}) ==
        CodeOf(abi::ERROR_INVALID_PARAMETER));
  CHECK(code({{"Type", "Endpoint"}, {"Data", {{"Id", kNobody}}}}) ==
        CodeOf(abi::HCN_E_ENDPOINT_NOT_FOUND));
  CHECK(code({{"Type", "Container"}, {"Data", {{"Id", "gone"}}}}) == CodeOf(abi::ERROR_NOT_FOUND));
  CHECK(hns.Post("/namespaces/", {{"ResourceList", {{{"Type", "Container"}}}}}).code ==
        CodeOf(abi::ERROR_INVALID_PARAMETER));
}

TEST_CASE("an endpoint that is deleted leaves its policy lists and its namespace") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId();
  const std::string a = hns.MakeEndpoint(network)["ID"];
  const std::string b = hns.MakeEndpoint(network)["ID"];
  const std::string list =
      hns.Post("/policylists/", List({a, b}, Balancer("10.9.0.1", 80))).output["ID"];
  const std::string space = hns.Post("/namespaces/", Json::object()).output["ID"];
  CHECK(hns.Post("/namespaces/" + space + "/addresource",
                 {{"Type", "Endpoint"}, {"Data", {{"Id", a}}}})
            .ok());
  CHECK(hns.Delete("/endpoints/" + a).ok());
  CHECK(hns.Get("/policylists/" + list).output["References"] == Json::array({"/endpoints/" + b}));
  CHECK(hns.Get("/namespaces/" + space).output["ResourceList"].empty());
}

}  // namespace
}  // namespace hcs::emulator::hns::test
