// What NetworkService refuses, and by which words; namespaces, load balancers, raw calls.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/network_fixture.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;
using Strings = std::vector<std::string>;

constexpr char kNobody[] = "0f9b9a8c-4a4d-4e2c-9c4c-5f5f3c6d7e8f";

grpc::Status CreateRaw(Networks& networks, const std::string& document) {
  v1::CreateNetworkRequest request;
  request.set_raw_document(document);
  return networks.Do<v1::CreateNetworkResponse>(&NetworkStub::CreateNetwork, request);
}

grpc::Status CreateWithSubnet(Networks& networks, const std::string& prefix,
                              const std::string& gateway) {
  v1::CreateNetworkRequest request;
  request.mutable_network()->set_name("bad");
  request.mutable_network()->set_type("nat");
  v1::Subnet& subnet = *request.mutable_network()->add_subnets();
  subnet.set_address_prefix(prefix);
  if (!gateway.empty()) subnet.set_gateway_address(gateway);
  return networks.Do<v1::CreateNetworkResponse>(&NetworkStub::CreateNetwork, request);
}

TEST_CASE("a bad network is refused, and none is left") {
  Networks networks;
  networks.CreateNat("there", "172.28.0.0/16", "172.28.0.1");
  struct Case {
    const char* prefix;
    const char* gateway;
  };
  for (const auto& [prefix, gateway] : std::vector<Case>{{"172.28.5.0/24", "172.28.5.1"},
                                                         {"10.0.0.0/24", ""},
                                                         {"10.0.0.0/24", "10.0.1.1"},
                                                         {"10.0.0.0/33", "10.0.0.1"},
                                                         {"10.0.0.0/32", "10.0.0.0"},
                                                         {"10.0.0.0", "10.0.0.1"},
                                                         {"nonsense", "10.0.0.1"}}) {
    INFO(prefix << " " << gateway);
    const auto status = CreateWithSubnet(networks, prefix, gateway);
    CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
    CHECK(HostErrorOf(status).operation() == "HNSCall");
    CHECK(HostErrorOf(status).object() == "POST /networks/");
  }
  CHECK(CreateRaw(networks, R"({"Name":"x","Type":"teleport"})").error_code() ==
        StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(CreateRaw(networks, R"({"Name":"x","Type":"teleport"})")) ==
        "HCN_E_INVALID_NETWORK_TYPE");
  CHECK(CreateRaw(networks, R"({"Name":7})").error_code() == StatusCode::INVALID_ARGUMENT);
  v1::ListNetworksResponse listed;
  RequireOk(networks.Do(&NetworkStub::ListNetworks, v1::ListNetworksRequest(), &listed));
  CHECK(listed.networks_size() == 1);
}

TEST_CASE("fields that break their rules are named") {
  Networks networks;
  CHECK(FieldsOf(CreateRaw(networks, "[]")) == Strings{"raw_document"});
  CHECK(FieldsOf(CreateRaw(networks, "{")) == Strings{"raw_document"});
  v1::CreateNetworkRequest network;
  network.mutable_network()->add_policies();
  CHECK(FieldsOf(networks.Do<v1::CreateNetworkResponse>(&NetworkStub::CreateNetwork, network)) ==
        Strings{"network.Policies[0]"});
  for (const std::string& name : {std::string(), std::string(257, 'x'), std::string("a\nb")}) {
    CHECK(FieldsOf(networks.Do<v1::GetNetworkResponse>(
              &NetworkStub::GetNetwork, Named<v1::GetNetworkRequest>(name))) == Strings{"network"});
  }
  v1::CreateEndpointRequest endpoint;
  CHECK(FieldsOf(networks.Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint, endpoint)) ==
        Strings{"network"});
  endpoint.mutable_endpoint()->set_virtual_network("web");
  CHECK(FieldsOf(networks.Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint, endpoint)) ==
        Strings{"endpoint.VirtualNetwork"});
  v1::AttachEndpointRequest attach;
  attach.set_endpoint("e");
  CHECK(FieldsOf(networks.Do<v1::AttachEndpointResponse>(&NetworkStub::AttachEndpoint, attach)) ==
        Strings{"container_id"});
  attach.set_target(v1::ENDPOINT_TARGET_HOST);
  attach.set_container_id("c");
  CHECK(FieldsOf(networks.Do<v1::AttachEndpointResponse>(&NetworkStub::AttachEndpoint, attach)) ==
        Strings{"container_id"});
  v1::GetNamespaceRequest name_space;
  name_space.set_id("web");
  CHECK(FieldsOf(networks.Do<v1::GetNamespaceResponse>(&NetworkStub::GetNamespace, name_space)) ==
        Strings{"id"});
  v1::ModifyNetworkRequest modify;
  modify.set_network("web");
  modify.mutable_update_mask()->add_paths("nonsense");
  CHECK(FieldsOf(networks.Do<v1::ModifyNetworkResponse>(&NetworkStub::ModifyNetwork, modify)) ==
        Strings{"update_mask.paths[0]"});
  v1::ListEndpointsRequest list;
  list.set_page_size(-1);
  CHECK(FieldsOf(networks.Do<v1::ListEndpointsResponse>(&NetworkStub::ListEndpoints, list)) ==
        Strings{"page_size"});
}

TEST_CASE("what is not there is not found, by its own code") {
  Networks networks;
  CHECK(ReasonOf(networks.Do<v1::GetNetworkResponse>(&NetworkStub::GetNetwork,
                                                     Named<v1::GetNetworkRequest>(kNobody))) ==
        "HCN_E_NETWORK_NOT_FOUND");
  v1::GetEndpointRequest endpoint;
  endpoint.set_endpoint(kNobody);
  CHECK(ReasonOf(networks.Do<v1::GetEndpointResponse>(&NetworkStub::GetEndpoint, endpoint)) ==
        "HCN_E_ENDPOINT_NOT_FOUND");
  v1::GetNamespaceRequest name_space;
  name_space.set_id(kNobody);
  CHECK(
      networks.Do<v1::GetNamespaceResponse>(&NetworkStub::GetNamespace, name_space).error_code() ==
      StatusCode::NOT_FOUND);
  v1::DeleteLoadBalancerRequest balancer;
  balancer.set_id(kNobody);
  CHECK(networks.Do<v1::DeleteLoadBalancerResponse>(&NetworkStub::DeleteLoadBalancer, balancer)
            .error_code() == StatusCode::NOT_FOUND);
  CHECK(networks
            .Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint,
                                            Named<v1::CreateEndpointRequest>("nowhere"))
            .error_code() == StatusCode::NOT_FOUND);
}

TEST_CASE("a namespace holds endpoints, and is not deleted under them") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  const v1::Endpoint endpoint = networks.CreateEndpoint("web", "one");
  v1::CreateNamespaceResponse created;
  RequireOk(networks.Do(&NetworkStub::CreateNamespace, v1::CreateNamespaceRequest(), &created));
  const std::string id = created.namespace_().id();

  v1::AddNamespaceResourceRequest add;
  add.set_id(id);
  CHECK(FieldsOf(networks.Do<v1::AddNamespaceResourceResponse>(&NetworkStub::AddNamespaceResource,
                                                               add)) == Strings{"resource"});
  add.set_endpoint("one");
  v1::AddNamespaceResourceResponse added;
  RequireOk(networks.Do(&NetworkStub::AddNamespaceResource, add, &added));
  REQUIRE(added.namespace_().resource_list_size() == 1);
  CHECK(added.namespace_().resource_list(0).data().id() == endpoint.id());

  const auto endpoint_in_use = networks.DeleteEndpoint("one");
  CHECK(endpoint_in_use.status.error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(endpoint_in_use.status.error_message().find(id) != std::string::npos);
  v1::DeleteNamespaceRequest remove;
  remove.set_id(id);
  const auto in_use =
      networks.Do<v1::DeleteNamespaceResponse>(&NetworkStub::DeleteNamespace, remove);
  CHECK(in_use.error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(in_use.error_message().find(endpoint.id()) != std::string::npos);
  remove.set_force(true);
  v1::DeleteNamespaceResponse removed;
  RequireOk(networks.Do(&NetworkStub::DeleteNamespace, remove, &removed));
  REQUIRE(removed.cut_size() == 1);
  CHECK(removed.cut(0).endpoint_id() == endpoint.id());
  RequireOk(networks.DeleteEndpoint("one").status);
}

TEST_CASE("a load balancer lives, is listed by its endpoint, and ends") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  const v1::Endpoint endpoint = networks.CreateEndpoint("web", "one");
  v1::CreateLoadBalancerRequest request;
  request.mutable_policy_list()->add_references("/endpoints/" + endpoint.id());
  v1::ElbPolicy& elb = *request.mutable_policy_list()->add_policies()->mutable_elb();
  elb.set_protocol(6);
  elb.set_external_port(80);
  elb.set_internal_port(8080);
  elb.add_vips("10.96.0.1");
  v1::CreateLoadBalancerResponse created;
  RequireOk(networks.Do(&NetworkStub::CreateLoadBalancer, request, &created));
  CHECK(created.policy_list().policies(0).elb().vips(0) == "10.96.0.1");

  v1::ListLoadBalancersRequest list;
  list.mutable_filter()->set_endpoint("one");
  list.mutable_filter()->set_policy_type("elb");
  v1::ListLoadBalancersResponse listed;
  RequireOk(networks.Do(&NetworkStub::ListLoadBalancers, list, &listed));
  CHECK(listed.policy_lists_size() == 1);
  list.mutable_filter()->set_policy_type("ROUTE");
  RequireOk(networks.Do(&NetworkStub::ListLoadBalancers, list, &listed));
  CHECK(listed.policy_lists_size() == 0);

  v1::DeleteLoadBalancerRequest remove;
  remove.set_id(created.policy_list().id());
  RequireOk(networks.Do<v1::DeleteLoadBalancerResponse>(&NetworkStub::DeleteLoadBalancer, remove));
}

TEST_CASE("a raw call is HNS' own answer, and what it changes is told") {
  Networks networks;
  v1::HnsCallRequest call;
  call.set_method("GET");
  call.set_path("/globals/version");
  v1::HnsCallResponse response;
  RequireOk(networks.Do(&NetworkStub::HnsCall, call, &response));
  CHECK(response.success());
  CHECK(response.response().find("Major") != std::string::npos);

  call.set_path(std::string("/networks/") + kNobody);
  RequireOk(networks.Do(&NetworkStub::HnsCall, call, &response));
  CHECK_FALSE(response.success());
  CHECK(response.response().find("Element not found.") != std::string::npos);

  call.set_method("POST");
  call.set_path("/networks/");
  call.set_body(R"({"Name":"raw","Type":"nat"})");
  RequireOk(networks.Do(&NetworkStub::HnsCall, call, &response));
  CHECK(response.success());
  v1::EventFilter filter;
  filter.add_types(v1::EVENT_TYPE_NETWORK_CREATED);
  const auto events = networks.Events(filter);
  REQUIRE(events.size() == 1);
  CHECK(events[0].object_name() == "raw");

  call.set_method("PATCH");
  CHECK(FieldsOf(networks.Do<v1::HnsCallResponse>(&NetworkStub::HnsCall, call)) ==
        Strings{"method"});
  call.set_method("POST");
  call.set_body("{");
  CHECK(FieldsOf(networks.Do<v1::HnsCallResponse>(&NetworkStub::HnsCall, call)) == Strings{"body"});
  call.set_path("networks");
  CHECK(FieldsOf(networks.Do<v1::HnsCallResponse>(&NetworkStub::HnsCall, call)) == Strings{"path"});
}

TEST_CASE("a watcher's filter takes ids of networks alone") {
  Networks networks;
  Call call;
  v1::WatchEventsRequest request;
  request.mutable_filter()->add_network_ids("web");
  const auto reader = networks.daemon().events().WatchEvents(call.context(), request);
  v1::WatchEventsResponse response;
  CHECK_FALSE(reader->Read(&response));
  CHECK(FieldsOf(reader->Finish()) == Strings{"filter.network_ids[0]"});
}

}  // namespace
}  // namespace hcs::integration
