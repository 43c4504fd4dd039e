// HNSCall in the table and in the library, and containers that have endpoints.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "core/abi/hresult.h"
#include "core/abi/library_loader.h"
#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

Json Hns(const abi::HcsFunctionTable& table, const std::string& method, const std::string& path,
         const std::string& body = "") {
  abi::PWSTR response = nullptr;
  REQUIRE(table.HNSCall(Wide(method).c_str(), Wide(path).c_str(), Wide(body).c_str(), &response) ==
          abi::S_OK);
  return Json::parse(TakeText(response));
}

std::string MakeEndpoint() {
  const Json network = Hns(Table(), "POST", "/networks/", R"({"Type": "nat"})");
  REQUIRE(network["Success"] == true);
  const Json endpoint =
      Hns(Table(), "POST", "/endpoints/", Json{{"VirtualNetwork", network["Output"]["ID"]}}.dump());
  REQUIRE(endpoint["Success"] == true);
  return endpoint["Output"]["ID"];
}

Json Endpoint(const std::string& id) { return Hns(Table(), "GET", "/endpoints/" + id)["Output"]; }

TEST_CASE("the table has HNSCall from build 14300 on") {
  EmulatedHost::Options options;
  options.build_number = 10586;  // TP4's.
  {
    TestHost host(options);
    CHECK(Table().HNSCall == nullptr);
    CHECK(Table().HcsCreateComputeSystem != nullptr);
  }
  options.build_number = 14300;
  TestHost host(options);
  REQUIRE(Table().HNSCall != nullptr);
  CHECK(Hns(Table(), "GET", "/globals/version")["Output"]["Major"] == 5);
}

TEST_CASE("HNSCall needs a place for the response, and a host") {
  {
    TestHost host;
    CHECK(Table().HNSCall(u"GET", u"/networks/", u"", nullptr) == abi::ERROR_INVALID_PARAMETER);
    CHECK(Hns(Table(), "GET", "/networks/") ==
          Json({{"Success", true}, {"Output", Json::array()}}));
    abi::PWSTR response = nullptr;
    CHECK(Table().HNSCall(nullptr, nullptr, nullptr, &response) == abi::S_OK);
    CHECK(Json::parse(TakeText(response))["Success"] == false);
  }
  abi::PWSTR response = nullptr;
  CHECK(Table().HNSCall(u"GET", u"/networks/", u"", &response) == abi::RPC_S_SERVER_UNAVAILABLE);
  CHECK(response == nullptr);
}

TEST_CASE("a container has the endpoints of its document, until it is gone") {
  TestHost host;
  const std::string id = MakeEndpoint();
  {
    TestSystem system("networked", {{"SystemType", "Container"}, {"EndpointList", {id}}});
    CHECK(Endpoint(id)["State"] == 2);
    CHECK(Endpoint(id)["SharedContainers"] == Json::array({"networked"}));
    abi::HCS_SYSTEM second = nullptr;
    const Json document = {{"SystemType", "Container"}, {"EndpointList", {id}}};
    const Answer refused = Create("second", document.dump(), &second);
    CHECK(refused.code == abi::HCN_E_ENDPOINT_ALREADY_ATTACHED);
    CHECK_THAT(refused.result, Catch::Contains("EndpointList[0]"));
    CHECK(second == nullptr);
    const Json sharing = {{"SystemType", "Container"}, {"NetworkSharedContainerName", "networked"}};
    TestSystem sharer("sharer", sharing);
    CHECK(Endpoint(id)["State"] == 3);
  }
  CHECK(Eventually([&] { return Endpoint(id)["State"] == 4; }));
}

TEST_CASE("an endpoint is attached to a container that is there, and detached") {
  TestHost host;
  const std::string id = MakeEndpoint();
  const auto call = [&](const std::string& action, const std::string& container) {
    return Hns(Table(), "POST", "/endpoints/" + id + "/" + action,
               Json{{"ContainerId", container}, {"SystemType", "Container"}}.dump());
  };
  CHECK(call("attach", "nobody")["ErrorCode"] == static_cast<uint32_t>(abi::ERROR_NOT_FOUND));
  TestSystem system("networked");
  CHECK(call("attach", "networked")["Success"] == true);
  CHECK(call("detach", "networked")["Success"] == true);
  CHECK(call("detach", "networked")["Success"] == false);
}

TEST_CASE("a running container is given an endpoint, and it is taken away") {
  TestHost host;
  const std::string id = MakeEndpoint();
  TestSystem system("networked");
  const auto modify = [&](const Json& request) {
    return Table().HcsModifyComputeSystem(system.handle(), Wide(request.dump()).c_str(), nullptr);
  };
  const auto request = [](const char* type, const Json& settings) {
    return Json{{"ResourceType", "Network"}, {"RequestType", type}, {"Settings", settings}};
  };
  CHECK(modify(request("Add", id)) == abi::S_OK);
  CHECK(Endpoint(id)["SharedContainers"] == Json::array({"networked"}));
  CHECK(modify(request("Add", id)) == abi::HCN_E_ENDPOINT_ALREADY_ATTACHED);
  CHECK(modify(request("Remove", Endpoint(id))) == abi::S_OK);
  CHECK(modify(request("Remove", {{"Id", id}})) == abi::ERROR_NOT_FOUND);
  CHECK(modify(request("Update", id)) == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(modify(request("Add", "x")) == abi::VMCOMPUTE_INVALID_JSON);
  CHECK(modify({{"ResourceType", "Network"}, {"RequestType", "Add"}}) ==
        abi::VMCOMPUTE_INVALID_JSON);
}

TEST_CASE("a document with an endpoint that is not there makes no system") {
  TestHost host;
  abi::HCS_SYSTEM system = nullptr;
  const Json document = {{"SystemType", "Container"},
                         {"EndpointList", {"6d3c5f0e-0000-4000-8000-000000000000"}}};
  const Answer refused = Create("lost", document.dump(), &system);
  CHECK(refused.code == abi::HCN_E_ENDPOINT_NOT_FOUND);
  CHECK_THAT(refused.result, Catch::Contains("EndpointList[0]"));
  CHECK(Enumerate().json().empty());
  TestSystem again("lost");
}

TEST_CASE("the library has the same networks as the table, in one state folder") {
  TemporaryFolder folder;
  EmulatedHost::Options options;
  options.state_folder = folder.path() + "/state";
  options.worker_path = HCS_TEST_WORKER;
  auto made = EmulatedHost::Create(options);
  REQUIRE(std::holds_alternative<std::unique_ptr<EmulatedHost>>(made));
  setenv("HCS_EMULATOR_STATE", options.state_folder.c_str(), 1);
  setenv("HCS_EMULATOR_WORKER", HCS_TEST_WORKER, 1);
  auto loaded = abi::LoadedLibrary::Load(HCS_TEST_LIBRARY);
  if (const auto* error = std::get_if<std::string>(&loaded)) FAIL(*error);
  const abi::HcsFunctionTable& library =
      std::get<std::unique_ptr<abi::LoadedLibrary>>(loaded)->table();
  const std::string id = MakeEndpoint();
  CHECK(Hns(library, "GET", "/endpoints/" + id)["Output"]["ID"] == id);
  CHECK(Hns(library, "DELETE", "/endpoints/" + id)["Success"] == true);
  CHECK(Hns(Table(), "GET", "/endpoints/" + id)["Success"] == false);
}

}  // namespace
}  // namespace hcs::emulator::test
