// Networks, endpoints, namespaces and load balancers: hcs.v1.NetworkService.
//
// What each call does and how it fails is said in network_service.proto. A `network` or
// `endpoint` is an id or a name. Every method blocks until the daemon has answered or the
// call's time limit has run out, and may be called from any thread.

#ifndef HCS_CLIENT_HCS_CLIENT_NETWORKS_H_
#define HCS_CLIENT_HCS_CLIENT_NETWORKS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcs_client/call_options.h"
#include "hcs/v1/network_service.pb.h"

namespace hcs::client {

struct Connection;

// Cheap to copy. A request's own request_id counts, if it has one, before the options'.
class Networks {
 public:
  explicit Networks(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  absl::StatusOr<v1::Network> CreateNetwork(v1::CreateNetworkRequest request,
                                            const CallOptions& options = {}) const;
  // With those that use it, which takes as long as listing all endpoints.
  absl::StatusOr<v1::GetNetworkResponse> GetNetwork(const std::string& network,
                                                    const CallOptions& options = {}) const;
  // All pages, ordered by id. The time limit is for each page.
  absl::StatusOr<std::vector<v1::Network>> ListNetworks(const v1::NetworkFilter& filter = {},
                                                        const CallOptions& options = {}) const;
  absl::StatusOr<v1::Network> ModifyNetwork(v1::ModifyNetworkRequest request,
                                            const CallOptions& options = {}) const;
  // With `force`, whoever uses it is cut off; the answer says who that was.
  absl::StatusOr<std::vector<v1::NetworkUser>> DeleteNetwork(const std::string& network, bool force,
                                                             const CallOptions& options = {}) const;

  absl::StatusOr<v1::Endpoint> CreateEndpoint(v1::CreateEndpointRequest request,
                                              const CallOptions& options = {}) const;
  absl::StatusOr<v1::GetEndpointResponse> GetEndpoint(const std::string& endpoint,
                                                      const CallOptions& options = {}) const;
  // As ListNetworks.
  absl::StatusOr<std::vector<v1::Endpoint>> ListEndpoints(const v1::EndpointFilter& filter = {},
                                                          const CallOptions& options = {}) const;
  absl::StatusOr<v1::Endpoint> ModifyEndpoint(v1::ModifyEndpointRequest request,
                                              const CallOptions& options = {}) const;
  absl::StatusOr<std::vector<v1::NetworkUser>> DeleteEndpoint(
      const std::string& endpoint, bool force, const CallOptions& options = {}) const;
  absl::StatusOr<v1::Endpoint> AttachEndpoint(v1::AttachEndpointRequest request,
                                              const CallOptions& options = {}) const;
  absl::StatusOr<v1::Endpoint> DetachEndpoint(v1::DetachEndpointRequest request,
                                              const CallOptions& options = {}) const;
  absl::StatusOr<v1::NetworkStats> GetEndpointStatistics(const std::string& endpoint,
                                                         const CallOptions& options = {}) const;

  absl::StatusOr<v1::Namespace> CreateNamespace(v1::CreateNamespaceRequest request,
                                                const CallOptions& options = {}) const;
  absl::StatusOr<v1::Namespace> GetNamespace(const std::string& id,
                                             const CallOptions& options = {}) const;
  // As ListNetworks.
  absl::StatusOr<std::vector<v1::Namespace>> ListNamespaces(const CallOptions& options = {}) const;
  absl::StatusOr<std::vector<v1::NetworkUser>> DeleteNamespace(
      const std::string& id, bool force, const CallOptions& options = {}) const;
  absl::StatusOr<v1::Namespace> AddNamespaceResource(v1::AddNamespaceResourceRequest request,
                                                     const CallOptions& options = {}) const;
  absl::StatusOr<v1::Namespace> RemoveNamespaceResource(v1::RemoveNamespaceResourceRequest request,
                                                        const CallOptions& options = {}) const;

  absl::StatusOr<v1::PolicyList> CreateLoadBalancer(v1::CreateLoadBalancerRequest request,
                                                    const CallOptions& options = {}) const;
  absl::StatusOr<v1::PolicyList> GetLoadBalancer(const std::string& id,
                                                 const CallOptions& options = {}) const;
  // As ListNetworks.
  absl::StatusOr<std::vector<v1::PolicyList>> ListLoadBalancers(
      const v1::LoadBalancerFilter& filter = {}, const CallOptions& options = {}) const;
  absl::Status DeleteLoadBalancer(const std::string& id, const CallOptions& options = {}) const;

  // HNSCall as it is: the answer says whether HNS did what it was asked.
  absl::StatusOr<v1::HnsCallResponse> HnsCall(v1::HnsCallRequest request,
                                              const CallOptions& options = {}) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_NETWORKS_H_
