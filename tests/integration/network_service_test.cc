// NetworkService over gRPC, on the emulated host's HNS.

#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/network_fixture.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;
using Strings = std::vector<std::string>;

bool Says(const grpc::Status& status, const std::string& words) {
  INFO(status.error_message());
  return status.error_message().find(words) != std::string::npos;
}

TEST_CASE("a network lives from its creation to its end") {
  Networks networks;
  const v1::Network created = networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  CHECK(created.name() == "web");
  CHECK(created.type() == "nat");
  REQUIRE(created.subnets_size() == 1);
  CHECK(created.subnets(0).gateway_address() == "172.28.0.1");

  CHECK(networks.GetNetwork("web").network().id() == created.id());
  CHECK(networks.GetNetwork(created.id()).network().name() == "web");
  CHECK(networks.GetNetwork("{" + created.id() + "}").network().name() == "web");

  v1::ModifyNetworkRequest modify;
  modify.set_network("web");
  modify.mutable_changes()->set_dns_suffix("example.org");
  v1::ModifyNetworkResponse modified;
  RequireOk(networks.Do(&NetworkStub::ModifyNetwork, modify, &modified));
  CHECK(modified.network().dns_suffix() == "example.org");
  CHECK(modified.network().subnets_size() == 1);

  CHECK(networks.DeleteNetwork("web").status.ok());
  const auto gone = networks.Do<v1::GetNetworkResponse>(&NetworkStub::GetNetwork,
                                                        Named<v1::GetNetworkRequest>("web"));
  CHECK(gone.error_code() == StatusCode::NOT_FOUND);
  CHECK(ReasonOf(gone) == "HCN_E_NETWORK_NOT_FOUND");
}

TEST_CASE("an endpoint gets what it is not given, and keeps what it is") {
  Networks networks;
  const v1::Network network = networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  const v1::Endpoint first = networks.CreateEndpoint("web", "one");
  CHECK(first.virtual_network() == network.id());
  CHECK(first.ip_address().starts_with("172.28.0."));
  CHECK(first.gateway_address() == "172.28.0.1");
  CHECK(first.prefix_length() == 24);
  CHECK_FALSE(first.mac_address().empty());

  v1::CreateEndpointRequest request;
  request.set_network(network.id());
  request.mutable_endpoint()->set_name("two");
  request.mutable_endpoint()->set_ip_address("172.28.0.77");
  v1::CreateEndpointResponse second;
  RequireOk(networks.Do(&NetworkStub::CreateEndpoint, request, &second));
  CHECK(second.endpoint().ip_address() == "172.28.0.77");
  request.mutable_endpoint()->set_name("three");
  const auto taken = networks.Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint, request);
  CHECK(taken.error_code() == StatusCode::ALREADY_EXISTS);

  v1::ListEndpointsRequest list;
  list.mutable_filter()->set_network("web");
  list.mutable_filter()->set_name_prefix("t");
  v1::ListEndpointsResponse listed;
  RequireOk(networks.Do(&NetworkStub::ListEndpoints, list, &listed));
  REQUIRE(listed.endpoints_size() == 1);
  CHECK(listed.endpoints(0).name() == "two");
}

TEST_CASE("a raw document reaches the host whole, and unknown members come back") {
  Networks networks;
  v1::CreateNetworkRequest request;
  request.set_raw_document(
      R"({"Name":"raw","Type":"NAT","Odd":{"x":[1,18446744073709551615]},
          "Subnets":[{"AddressPrefix":"172.29.0.0/24","GatewayAddress":"172.29.0.1"}]})");
  v1::CreateNetworkResponse response;
  RequireOk(networks.Do(&NetworkStub::CreateNetwork, request, &response));
  CHECK(response.network().unknown_json() == R"({"Odd":{"x":[1,18446744073709551615]}})");
  v1::ModifyNetworkRequest modify;
  modify.set_network("raw");
  modify.mutable_changes()->set_dns_suffix("s");
  v1::ModifyNetworkResponse modified;
  RequireOk(networks.Do(&NetworkStub::ModifyNetwork, modify, &modified));
  CHECK(modified.network().unknown_json() == response.network().unknown_json());

  v1::CreateEndpointRequest endpoint;
  endpoint.set_network("raw");
  endpoint.set_raw_document(R"({"Name":"e","Strange":true})");
  v1::CreateEndpointResponse created;
  RequireOk(networks.Do(&NetworkStub::CreateEndpoint, endpoint, &created));
  CHECK(created.endpoint().virtual_network_name() == "raw");
  CHECK(created.endpoint().unknown_json().find("Strange") != std::string::npos);
}

TEST_CASE("a network in use is not deleted, unless by force") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  const v1::Endpoint endpoint = networks.CreateEndpoint("web", "one");
  CreateRunning(networks.daemon(), "box");
  networks.Attach("one", "box");

  const v1::GetNetworkResponse got = networks.GetNetwork("web");
  REQUIRE(got.users_size() == 1);
  CHECK(got.users(0).endpoint_id() == endpoint.id());
  CHECK(got.users(0).endpoint_name() == "one");
  const auto refused = networks.DeleteNetwork("web");
  CHECK(refused.status.error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(Says(refused.status, "endpoint one (" + endpoint.id() + ")"));

  const auto forced = networks.DeleteNetwork("web", true);
  RequireOk(forced.status);
  REQUIRE(forced.response.cut_size() == 2);
  CHECK(forced.response.cut(0).container_id() == "box");
  CHECK(forced.response.cut(0).through_endpoint_id() == endpoint.id());
  CHECK(forced.response.cut(1).endpoint_id() == endpoint.id());
  CHECK(networks.ListAll().empty());
}

TEST_CASE("an endpoint is attached to a container, told, and detached") {
  Networks networks;
  const v1::Network network = networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  const v1::Endpoint endpoint = networks.CreateEndpoint("web", "one");
  CreateRunning(networks.daemon(), "box");
  const v1::Endpoint attached = networks.Attach("one", "box");
  REQUIRE(attached.shared_containers_size() == 1);
  CHECK(attached.shared_containers(0) == "box");

  v1::AttachEndpointRequest again;
  again.set_endpoint("one");
  again.set_container_id("box");
  const auto twice = networks.Do<v1::AttachEndpointResponse>(&NetworkStub::AttachEndpoint, again);
  CHECK(twice.error_code() == StatusCode::FAILED_PRECONDITION);

  const auto refused = networks.DeleteEndpoint("one");
  CHECK(refused.status.error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(Says(refused.status, "container box"));

  v1::DetachEndpointRequest detach;
  detach.set_endpoint(endpoint.id());
  detach.set_container_id("box");
  RequireOk(networks.Do<v1::DetachEndpointResponse>(&NetworkStub::DetachEndpoint, detach));
  const auto detached =
      networks.Do<v1::DetachEndpointResponse>(&NetworkStub::DetachEndpoint, detach);
  CHECK(detached.error_code() == StatusCode::NOT_FOUND);
  RequireOk(networks.DeleteEndpoint("one").status);

  v1::EventFilter filter;
  filter.add_endpoint_ids(endpoint.id());
  Strings types;
  for (const v1::Event& event : networks.Events(filter)) {
    types.push_back(v1::EventType_Name(event.type()));
    CHECK(event.network_id() == network.id());
    CHECK(event.object_name() == "one");
  }
  CHECK(types == Strings{"EVENT_TYPE_ENDPOINT_CREATED", "EVENT_TYPE_ENDPOINT_ATTACHED",
                         "EVENT_TYPE_ENDPOINT_DETACHED", "EVENT_TYPE_ENDPOINT_DELETED"});
}

TEST_CASE("attaching to what is not there says what that is") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  networks.CreateEndpoint("web", "one");
  v1::AttachEndpointRequest attach;
  attach.set_endpoint("one");
  attach.set_container_id("nobody");
  const auto missing =
      networks.Do<v1::AttachEndpointResponse>(&NetworkStub::AttachEndpoint, attach);
  CHECK(missing.error_code() == StatusCode::NOT_FOUND);
  CHECK(Says(missing, "nobody"));
  CreateRunning(networks.daemon(), "gone");
  Terminate(networks.daemon(), "gone");
  attach.set_container_id("gone");
  CHECK(
      networks.Do<v1::AttachEndpointResponse>(&NetworkStub::AttachEndpoint, attach).error_code() ==
      StatusCode::NOT_FOUND);
  attach.set_endpoint("two");
  CHECK(
      networks.Do<v1::AttachEndpointResponse>(&NetworkStub::AttachEndpoint, attach).error_code() ==
      StatusCode::NOT_FOUND);
}

TEST_CASE("a port is published once") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  v1::CreateEndpointRequest request;
  request.set_network("web");
  v1::NatPolicy& nat = *request.mutable_endpoint()->add_policies()->mutable_nat();
  nat.set_protocol("TCP");
  nat.set_external_port(8080);
  nat.set_internal_port(80);
  v1::CreateEndpointResponse created;
  RequireOk(networks.Do(&NetworkStub::CreateEndpoint, request, &created));
  REQUIRE(created.endpoint().policies_size() == 1);
  CHECK(created.endpoint().policies(0).nat().external_port() == 8080);
  const auto again = networks.Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint, request);
  CHECK(again.error_code() == StatusCode::ALREADY_EXISTS);
  CHECK(ReasonOf(again) == "HCN_E_PORT_ALREADY_EXISTS");

  // Emptied, the port is free again.
  v1::ModifyEndpointRequest modify;
  modify.set_endpoint(created.endpoint().id());
  modify.mutable_update_mask()->add_paths("policies");
  v1::ModifyEndpointResponse modified;
  RequireOk(networks.Do(&NetworkStub::ModifyEndpoint, modify, &modified));
  CHECK(modified.endpoint().policies_size() == 0);
  CHECK(modified.endpoint().ip_address() == created.endpoint().ip_address());
  RequireOk(networks.Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint, request));
}

TEST_CASE("endpoints of 32 creators have addresses of their own") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/16", "172.28.0.1");
  constexpr int kThreads = 32;
  constexpr int kEach = 8;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&networks] {
      for (int j = 0; j < kEach; ++j) {
        v1::CreateEndpointRequest request;
        request.set_network("web");
        (void)networks.Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint, request);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> addresses;
  std::set<std::string> macs;
  const auto all = networks.ListAll();
  for (const v1::Endpoint& endpoint : all) {
    addresses.insert(endpoint.ip_address());
    macs.insert(endpoint.mac_address());
  }
  CHECK(all.size() == kThreads * kEach);
  CHECK(addresses.size() == all.size());
  CHECK(macs.size() == all.size());
}

TEST_CASE("pages of a list follow each other, each endpoint once") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  std::set<std::string> created;
  for (int i = 0; i < 7; ++i) created.insert(networks.CreateEndpoint("web", "").id());
  std::vector<std::string> seen;
  v1::ListEndpointsRequest request;
  request.set_page_size(3);
  std::vector<int> sizes;
  do {
    v1::ListEndpointsResponse page;
    RequireOk(networks.Do(&NetworkStub::ListEndpoints, request, &page));
    sizes.push_back(page.endpoints_size());
    for (const v1::Endpoint& endpoint : page.endpoints()) seen.push_back(endpoint.id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  CHECK(sizes == std::vector<int>{3, 3, 1});
  CHECK(std::set<std::string>(seen.begin(), seen.end()) == created);
  CHECK(std::is_sorted(seen.begin(), seen.end()));

  v1::ListNetworksRequest foreign;
  request.set_page_token("");
  v1::ListEndpointsResponse page;
  RequireOk(networks.Do(&NetworkStub::ListEndpoints, request, &page));
  foreign.set_page_token(page.next_page_token());
  const auto refused = networks.Do<v1::ListNetworksResponse>(&NetworkStub::ListNetworks, foreign);
  CHECK(FieldsOf(refused) == Strings{"page_token"});
}

TEST_CASE("a request id makes one endpoint of two requests") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  v1::CreateEndpointRequest request;
  request.set_network("web");
  request.set_request_id("once");
  v1::CreateEndpointResponse first;
  v1::CreateEndpointResponse second;
  RequireOk(networks.Do(&NetworkStub::CreateEndpoint, request, &first));
  RequireOk(networks.Do(&NetworkStub::CreateEndpoint, request, &second));
  CHECK(first.endpoint().id() == second.endpoint().id());
  CHECK(networks.ListAll().size() == 1);
}

TEST_CASE("networks are there after the daemon's end, whoever made them") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  const std::string id = networks.CreateEndpoint("web", "one").id();
  networks.daemon().Signal(SIGKILL);
  networks.daemon().WaitForExit();
  networks.daemon().Start();
  networks.Reconnect();
  const auto all = networks.ListAll();
  REQUIRE(all.size() == 1);
  CHECK(all[0].id() == id);
  RequireOk(networks.DeleteEndpoint("one").status);
}

}  // namespace
}  // namespace hcs::integration
