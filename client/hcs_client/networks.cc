#include "client/hcs_client/networks.h"

#include "client/hcs_client/connection.h"

namespace hcs::client {
namespace {

using Stub = v1::NetworkService::Stub;

// The largest that the contract allows.
constexpr int kPageSize = 1000;

template <typename Request, typename Response>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

template <typename Request, typename Response>
absl::StatusOr<Response> Change(Connection& connection, Method<Request, Response> method,
                                Request request, const CallOptions& options) {
  if (request.request_id().empty()) request.set_request_id(options.request_id);
  return Call(connection.networks, method, request, options);
}

// The part of the answer that matters.
template <typename Response, typename Part>
absl::StatusOr<Part> PartOf(absl::StatusOr<Response> response, Part* (Response::*part)()) {
  if (!response.ok()) return response.status();
  return std::move(*(*response.*part)());
}

template <typename Response>
absl::StatusOr<std::vector<v1::NetworkUser>> CutOf(absl::StatusOr<Response> response) {
  if (!response.ok()) return response.status();
  return std::vector<v1::NetworkUser>(response->cut().begin(), response->cut().end());
}

// Every page.
template <typename Request, typename Response, typename Element>
absl::StatusOr<std::vector<Element>> ListAll(
    Connection& connection, Method<Request, Response> method, Request request,
    google::protobuf::RepeatedPtrField<Element>* (Response::*elements)(),
    const CallOptions& options) {
  request.set_page_size(kPageSize);
  std::vector<Element> all;
  do {
    auto page = Call(connection.networks, method, request, options);
    if (!page.ok()) return page.status();
    for (Element& element : *(*page.*elements)()) all.push_back(std::move(element));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return all;
}

}  // namespace

absl::StatusOr<v1::Network> Networks::CreateNetwork(v1::CreateNetworkRequest request,
                                                    const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::CreateNetwork, std::move(request), options),
                &v1::CreateNetworkResponse::mutable_network);
}

absl::StatusOr<v1::GetNetworkResponse> Networks::GetNetwork(const std::string& network,
                                                            const CallOptions& options) const {
  v1::GetNetworkRequest request;
  request.set_network(network);
  request.set_with_users(true);
  return Call(connection_->networks, &Stub::GetNetwork, request, options);
}

absl::StatusOr<std::vector<v1::Network>> Networks::ListNetworks(const v1::NetworkFilter& filter,
                                                                const CallOptions& options) const {
  v1::ListNetworksRequest request;
  *request.mutable_filter() = filter;
  return ListAll(*connection_, &Stub::ListNetworks, std::move(request),
                 &v1::ListNetworksResponse::mutable_networks, options);
}

absl::StatusOr<v1::Network> Networks::ModifyNetwork(v1::ModifyNetworkRequest request,
                                                    const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::ModifyNetwork, std::move(request), options),
                &v1::ModifyNetworkResponse::mutable_network);
}

absl::StatusOr<std::vector<v1::NetworkUser>> Networks::DeleteNetwork(
    const std::string& network, bool force, const CallOptions& options) const {
  v1::DeleteNetworkRequest request;
  request.set_network(network);
  request.set_force(force);
  return CutOf(Change(*connection_, &Stub::DeleteNetwork, std::move(request), options));
}

absl::StatusOr<v1::Endpoint> Networks::CreateEndpoint(v1::CreateEndpointRequest request,
                                                      const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::CreateEndpoint, std::move(request), options),
                &v1::CreateEndpointResponse::mutable_endpoint);
}

absl::StatusOr<v1::GetEndpointResponse> Networks::GetEndpoint(const std::string& endpoint,
                                                              const CallOptions& options) const {
  v1::GetEndpointRequest request;
  request.set_endpoint(endpoint);
  return Call(connection_->networks, &Stub::GetEndpoint, request, options);
}

absl::StatusOr<std::vector<v1::Endpoint>> Networks::ListEndpoints(
    const v1::EndpointFilter& filter, const CallOptions& options) const {
  v1::ListEndpointsRequest request;
  *request.mutable_filter() = filter;
  return ListAll(*connection_, &Stub::ListEndpoints, std::move(request),
                 &v1::ListEndpointsResponse::mutable_endpoints, options);
}

absl::StatusOr<v1::Endpoint> Networks::ModifyEndpoint(v1::ModifyEndpointRequest request,
                                                      const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::ModifyEndpoint, std::move(request), options),
                &v1::ModifyEndpointResponse::mutable_endpoint);
}

absl::StatusOr<std::vector<v1::NetworkUser>> Networks::DeleteEndpoint(
    const std::string& endpoint, bool force, const CallOptions& options) const {
  v1::DeleteEndpointRequest request;
  request.set_endpoint(endpoint);
  request.set_force(force);
  return CutOf(Change(*connection_, &Stub::DeleteEndpoint, std::move(request), options));
}

absl::StatusOr<v1::Endpoint> Networks::AttachEndpoint(v1::AttachEndpointRequest request,
                                                      const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::AttachEndpoint, std::move(request), options),
                &v1::AttachEndpointResponse::mutable_endpoint);
}

absl::StatusOr<v1::Endpoint> Networks::DetachEndpoint(v1::DetachEndpointRequest request,
                                                      const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::DetachEndpoint, std::move(request), options),
                &v1::DetachEndpointResponse::mutable_endpoint);
}

absl::StatusOr<v1::NetworkStats> Networks::GetEndpointStatistics(const std::string& endpoint,
                                                                 const CallOptions& options) const {
  v1::GetEndpointStatisticsRequest request;
  request.set_endpoint(endpoint);
  return PartOf(Call(connection_->networks, &Stub::GetEndpointStatistics, request, options),
                &v1::GetEndpointStatisticsResponse::mutable_statistics);
}

absl::StatusOr<v1::Namespace> Networks::CreateNamespace(v1::CreateNamespaceRequest request,
                                                        const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::CreateNamespace, std::move(request), options),
                &v1::CreateNamespaceResponse::mutable_namespace_);
}

absl::StatusOr<v1::Namespace> Networks::GetNamespace(const std::string& id,
                                                     const CallOptions& options) const {
  v1::GetNamespaceRequest request;
  request.set_id(id);
  return PartOf(Call(connection_->networks, &Stub::GetNamespace, request, options),
                &v1::GetNamespaceResponse::mutable_namespace_);
}

absl::StatusOr<std::vector<v1::Namespace>> Networks::ListNamespaces(
    const CallOptions& options) const {
  return ListAll(*connection_, &Stub::ListNamespaces, v1::ListNamespacesRequest(),
                 &v1::ListNamespacesResponse::mutable_namespaces, options);
}

absl::StatusOr<std::vector<v1::NetworkUser>> Networks::DeleteNamespace(
    const std::string& id, bool force, const CallOptions& options) const {
  v1::DeleteNamespaceRequest request;
  request.set_id(id);
  request.set_force(force);
  return CutOf(Change(*connection_, &Stub::DeleteNamespace, std::move(request), options));
}

absl::StatusOr<v1::Namespace> Networks::AddNamespaceResource(
    v1::AddNamespaceResourceRequest request, const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::AddNamespaceResource, std::move(request), options),
                &v1::AddNamespaceResourceResponse::mutable_namespace_);
}

absl::StatusOr<v1::Namespace> Networks::RemoveNamespaceResource(
    v1::RemoveNamespaceResourceRequest request, const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::RemoveNamespaceResource, std::move(request), options),
                &v1::RemoveNamespaceResourceResponse::mutable_namespace_);
}

absl::StatusOr<v1::PolicyList> Networks::CreateLoadBalancer(v1::CreateLoadBalancerRequest request,
                                                            const CallOptions& options) const {
  return PartOf(Change(*connection_, &Stub::CreateLoadBalancer, std::move(request), options),
                &v1::CreateLoadBalancerResponse::mutable_policy_list);
}

absl::StatusOr<v1::PolicyList> Networks::GetLoadBalancer(const std::string& id,
                                                         const CallOptions& options) const {
  v1::GetLoadBalancerRequest request;
  request.set_id(id);
  return PartOf(Call(connection_->networks, &Stub::GetLoadBalancer, request, options),
                &v1::GetLoadBalancerResponse::mutable_policy_list);
}

absl::StatusOr<std::vector<v1::PolicyList>> Networks::ListLoadBalancers(
    const v1::LoadBalancerFilter& filter, const CallOptions& options) const {
  v1::ListLoadBalancersRequest request;
  *request.mutable_filter() = filter;
  return ListAll(*connection_, &Stub::ListLoadBalancers, std::move(request),
                 &v1::ListLoadBalancersResponse::mutable_policy_lists, options);
}

absl::Status Networks::DeleteLoadBalancer(const std::string& id, const CallOptions& options) const {
  v1::DeleteLoadBalancerRequest request;
  request.set_id(id);
  return Change(*connection_, &Stub::DeleteLoadBalancer, std::move(request), options).status();
}

absl::StatusOr<v1::HnsCallResponse> Networks::HnsCall(v1::HnsCallRequest request,
                                                      const CallOptions& options) const {
  return Change(*connection_, &Stub::HnsCall, std::move(request), options);
}

}  // namespace hcs::client
