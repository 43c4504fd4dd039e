// Containers and their networks: by their documents, and while they run.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/network_fixture.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;
using Strings = std::vector<std::string>;

Strings ContainersOf(Networks& networks, const std::string& endpoint) {
  const v1::Endpoint got = networks.GetEndpoint(endpoint);
  return {got.shared_containers().begin(), got.shared_containers().end()};
}

grpc::Status Detach(Networks& networks, const std::string& endpoint, const std::string& container) {
  v1::DetachEndpointRequest request;
  request.set_endpoint(endpoint);
  request.set_container_id(container);
  return networks.Do<v1::DetachEndpointResponse>(&NetworkStub::DetachEndpoint, request);
}

TEST_CASE("a container's document attaches its endpoints, and its end detaches them") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  v1::CreateContainerRequest request = ContainerRequest("box");
  request.mutable_config()->add_endpoint_list(networks.CreateEndpoint("web", "one").id());
  request.mutable_config()->add_endpoint_list(networks.CreateEndpoint("web", "two").id());
  Create(networks.daemon(), request);
  CHECK(ContainersOf(networks, "one") == Strings{"box"});
  CHECK(ContainersOf(networks, "two") == Strings{"box"});
  CHECK(networks.DeleteEndpoint("one").status.error_code() == StatusCode::FAILED_PRECONDITION);

  v1::CreateContainerRequest sharing = ContainerRequest("friend");
  sharing.mutable_config()->set_network_shared_container_name("box");
  Create(networks.daemon(), sharing);
  CHECK(ContainersOf(networks, "one") == Strings{"box", "friend"});

  Terminate(networks.daemon(), "box");
  CHECK(ContainersOf(networks, "one") == Strings{"friend"});
  Terminate(networks.daemon(), "friend");
  CHECK(ContainersOf(networks, "one").empty());
  CHECK(networks.DeleteNetwork("web", true).status.ok());
}

TEST_CASE("a container whose endpoint is missing is not created") {
  Networks networks;
  v1::CreateContainerRequest request = ContainerRequest("box");
  request.mutable_config()->add_endpoint_list("0f9b9a8c-4a4d-4e2c-9c4c-5f5f3c6d7e8f");
  Call call;
  v1::CreateContainerResponse response;
  const grpc::Status status =
      networks.daemon().containers().CreateContainer(call.context(), request, &response);
  CHECK(status.error_code() == StatusCode::NOT_FOUND);
  CHECK(status.error_message().find("EndpointList[0]") != std::string::npos);
  CHECK(ListAll(networks.daemon()).empty());
}

TEST_CASE("a container of schema 2 has the endpoints of its namespace") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  networks.CreateEndpoint("web", "one");
  v1::CreateNamespaceResponse name_space;
  RequireOk(networks.Do(&NetworkStub::CreateNamespace, v1::CreateNamespaceRequest(), &name_space));
  v1::AddNamespaceResourceRequest add;
  add.set_id(name_space.namespace_().id());
  add.set_endpoint("one");
  RequireOk(networks.Do<v1::AddNamespaceResourceResponse>(&NetworkStub::AddNamespaceResource, add));
  v1::CreateContainerRequest request;
  request.set_id("box");
  request.set_raw_document(
      R"({"Owner":"me","SchemaVersion":{"Major":2,"Minor":1},"Container":{"Networking":{"Namespace":")" +
      add.id() + R"("}}})");
  Create(networks.daemon(), request);
  CHECK(ContainersOf(networks, "one") == Strings{"box"});
  const auto forced = networks.DeleteEndpoint("one", true);
  RequireOk(forced.status);
  REQUIRE(forced.response.cut_size() == 2);
  CHECK(forced.response.cut(0).container_id() == "box");
  CHECK(forced.response.cut(1).namespace_id() == add.id());
}

TEST_CASE("an endpoint is attached and detached whether its container runs or not") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  networks.CreateEndpoint("web", "one");
  Create(networks.daemon(), ContainerRequest("box"));
  networks.Attach("one", "box");
  CHECK(ContainersOf(networks, "one") == Strings{"box"});
  RequireOk(Detach(networks, "one", "box"));
  Start(networks.daemon(), "box");
  networks.Attach("one", "box");
  CHECK(ContainersOf(networks, "one") == Strings{"box"});
  CHECK(Detach(networks, "one", "other").error_code() == StatusCode::NOT_FOUND);
  RequireOk(Detach(networks, "one", "box"));
  CHECK(ContainersOf(networks, "one").empty());
  CHECK(Detach(networks, "one", "box").error_code() == StatusCode::NOT_FOUND);
}

TEST_CASE("an endpoint is attached to the host itself") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/24", "172.28.0.1");
  networks.CreateEndpoint("web", "one");
  v1::AttachEndpointRequest request;
  request.set_endpoint("one");
  request.set_target(v1::ENDPOINT_TARGET_HOST);
  request.set_compartment_id(1);
  v1::AttachEndpointResponse response;
  RequireOk(networks.Do(&NetworkStub::AttachEndpoint, request, &response));
  CHECK(response.endpoint().state() == 2);
  request.set_target(v1::ENDPOINT_TARGET_VIRTUAL_MACHINE);
  request.set_container_id("vm");
  CHECK(
      networks.Do<v1::AttachEndpointResponse>(&NetworkStub::AttachEndpoint, request).error_code() ==
      StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace hcs::integration
