#include "tests/integration/network_fixture.h"

namespace hcs::integration {

v1::Network Networks::CreateNat(const std::string& name, const std::string& prefix,
                                const std::string& gateway) {
  v1::CreateNetworkRequest request;
  v1::Network& network = *request.mutable_network();
  network.set_name(name);
  network.set_type("nat");
  v1::Subnet& subnet = *network.add_subnets();
  subnet.set_address_prefix(prefix);
  subnet.set_gateway_address(gateway);
  v1::CreateNetworkResponse response;
  RequireOk(Do(&NetworkStub::CreateNetwork, request, &response));
  return response.network();
}

v1::Endpoint Networks::CreateEndpoint(const std::string& network, const std::string& name) {
  auto request = Named<v1::CreateEndpointRequest>(network);
  if (!name.empty()) request.mutable_endpoint()->set_name(name);
  v1::CreateEndpointResponse response;
  RequireOk(Do(&NetworkStub::CreateEndpoint, request, &response));
  return response.endpoint();
}

v1::GetNetworkResponse Networks::GetNetwork(const std::string& network) {
  auto request = Named<v1::GetNetworkRequest>(network);
  request.set_with_users(true);
  v1::GetNetworkResponse response;
  RequireOk(Do(&NetworkStub::GetNetwork, request, &response));
  return response;
}

v1::Endpoint Networks::GetEndpoint(const std::string& endpoint) {
  v1::GetEndpointRequest request;
  request.set_endpoint(endpoint);
  v1::GetEndpointResponse response;
  RequireOk(Do(&NetworkStub::GetEndpoint, request, &response));
  return response.endpoint();
}

v1::Endpoint Networks::Attach(const std::string& endpoint, const std::string& container) {
  v1::AttachEndpointRequest request;
  request.set_endpoint(endpoint);
  request.set_container_id(container);
  v1::AttachEndpointResponse response;
  RequireOk(Do(&NetworkStub::AttachEndpoint, request, &response));
  return response.endpoint();
}

std::vector<v1::Endpoint> Networks::ListAll() {
  std::vector<v1::Endpoint> all;
  v1::ListEndpointsRequest request;
  request.set_page_size(1000);
  do {
    v1::ListEndpointsResponse page;
    RequireOk(Do(&NetworkStub::ListEndpoints, request, &page));
    all.insert(all.end(), page.endpoints().begin(), page.endpoints().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

std::vector<v1::Event> Networks::Events(const v1::EventFilter& filter) {
  Call call;
  v1::WatchEventsRequest request;
  request.set_after_sequence(1);
  request.set_no_follow(true);
  *request.mutable_filter() = filter;
  const auto reader = daemon_.events().WatchEvents(call.context(), request);
  std::vector<v1::Event> events;
  v1::WatchEventsResponse response;
  while (reader->Read(&response)) events.push_back(response.event());
  RequireOk(reader->Finish());
  return events;
}

Networks::Answer<v1::DeleteNetworkResponse> Networks::DeleteNetwork(const std::string& network,
                                                                    bool force) {
  auto request = Named<v1::DeleteNetworkRequest>(network);
  request.set_force(force);
  Answer<v1::DeleteNetworkResponse> answer;
  answer.status = Do(&NetworkStub::DeleteNetwork, request, &answer.response);
  return answer;
}

Networks::Answer<v1::DeleteEndpointResponse> Networks::DeleteEndpoint(const std::string& endpoint,
                                                                      bool force) {
  v1::DeleteEndpointRequest request;
  request.set_endpoint(endpoint);
  request.set_force(force);
  Answer<v1::DeleteEndpointResponse> answer;
  answer.status = Do(&NetworkStub::DeleteEndpoint, request, &answer.response);
  return answer;
}

}  // namespace hcs::integration
