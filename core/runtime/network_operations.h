// The network calls of the contract: hcs.v1.NetworkService, method by method.

#ifndef HCS_CORE_RUNTIME_NETWORK_OPERATIONS_H_
#define HCS_CORE_RUNTIME_NETWORK_OPERATIONS_H_

#include "core/runtime/call.h"
#include "hcs/v1/network_service.pb.h"

namespace hcs::runtime {

struct Services;

// Rules, errors and results are those that network_service.proto tells.
class NetworkOperations {
 public:
  // `services` must outlive this and every call.
  explicit NetworkOperations(Services& services) : services_(services) {}

  void CreateNetwork(const v1::CreateNetworkRequest& request, CallContext context,
                     Done<v1::CreateNetworkResponse> done);
  void GetNetwork(const v1::GetNetworkRequest& request, CallContext context,
                  Done<v1::GetNetworkResponse> done);
  void ListNetworks(const v1::ListNetworksRequest& request, CallContext context,
                    Done<v1::ListNetworksResponse> done);
  void ModifyNetwork(const v1::ModifyNetworkRequest& request, CallContext context,
                     Done<v1::ModifyNetworkResponse> done);
  void DeleteNetwork(const v1::DeleteNetworkRequest& request, CallContext context,
                     Done<v1::DeleteNetworkResponse> done);

  void CreateEndpoint(const v1::CreateEndpointRequest& request, CallContext context,
                      Done<v1::CreateEndpointResponse> done);
  void GetEndpoint(const v1::GetEndpointRequest& request, CallContext context,
                   Done<v1::GetEndpointResponse> done);
  void ListEndpoints(const v1::ListEndpointsRequest& request, CallContext context,
                     Done<v1::ListEndpointsResponse> done);
  void ModifyEndpoint(const v1::ModifyEndpointRequest& request, CallContext context,
                      Done<v1::ModifyEndpointResponse> done);
  void DeleteEndpoint(const v1::DeleteEndpointRequest& request, CallContext context,
                      Done<v1::DeleteEndpointResponse> done);
  void AttachEndpoint(const v1::AttachEndpointRequest& request, CallContext context,
                      Done<v1::AttachEndpointResponse> done);
  void DetachEndpoint(const v1::DetachEndpointRequest& request, CallContext context,
                      Done<v1::DetachEndpointResponse> done);
  void GetEndpointStatistics(const v1::GetEndpointStatisticsRequest& request, CallContext context,
                             Done<v1::GetEndpointStatisticsResponse> done);

  void CreateNamespace(const v1::CreateNamespaceRequest& request, CallContext context,
                       Done<v1::CreateNamespaceResponse> done);
  void GetNamespace(const v1::GetNamespaceRequest& request, CallContext context,
                    Done<v1::GetNamespaceResponse> done);
  void ListNamespaces(const v1::ListNamespacesRequest& request, CallContext context,
                      Done<v1::ListNamespacesResponse> done);
  void DeleteNamespace(const v1::DeleteNamespaceRequest& request, CallContext context,
                       Done<v1::DeleteNamespaceResponse> done);
  void AddNamespaceResource(const v1::AddNamespaceResourceRequest& request, CallContext context,
                            Done<v1::AddNamespaceResourceResponse> done);
  void RemoveNamespaceResource(const v1::RemoveNamespaceResourceRequest& request,
                               CallContext context, Done<v1::RemoveNamespaceResourceResponse> done);

  void CreateLoadBalancer(const v1::CreateLoadBalancerRequest& request, CallContext context,
                          Done<v1::CreateLoadBalancerResponse> done);
  void GetLoadBalancer(const v1::GetLoadBalancerRequest& request, CallContext context,
                       Done<v1::GetLoadBalancerResponse> done);
  void ListLoadBalancers(const v1::ListLoadBalancersRequest& request, CallContext context,
                         Done<v1::ListLoadBalancersResponse> done);
  void DeleteLoadBalancer(const v1::DeleteLoadBalancerRequest& request, CallContext context,
                          Done<v1::DeleteLoadBalancerResponse> done);

  void HnsCall(const v1::HnsCallRequest& request, CallContext context,
               Done<v1::HnsCallResponse> done);

 private:
  Services& services_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_NETWORK_OPERATIONS_H_
