// hcs.v1.NetworkService over the runtime.

#ifndef HCS_DAEMON_RPC_NETWORK_RPC_H_
#define HCS_DAEMON_RPC_NETWORK_RPC_H_

#include "daemon/rpc/raw_service.h"
#include "daemon/rpc/rpc_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "hcs/v1/network_service.grpc.pb.h"

namespace hcs::rpc {

using RawNetworkService =
    RawService<v1::NetworkService::Service, v1::NetworkService::WithRawCallbackMethod_CreateNetwork,
               v1::NetworkService::WithRawCallbackMethod_GetNetwork,
               v1::NetworkService::WithRawCallbackMethod_ListNetworks,
               v1::NetworkService::WithRawCallbackMethod_ModifyNetwork,
               v1::NetworkService::WithRawCallbackMethod_DeleteNetwork,
               v1::NetworkService::WithRawCallbackMethod_CreateEndpoint,
               v1::NetworkService::WithRawCallbackMethod_GetEndpoint,
               v1::NetworkService::WithRawCallbackMethod_ListEndpoints,
               v1::NetworkService::WithRawCallbackMethod_ModifyEndpoint,
               v1::NetworkService::WithRawCallbackMethod_DeleteEndpoint,
               v1::NetworkService::WithRawCallbackMethod_AttachEndpoint,
               v1::NetworkService::WithRawCallbackMethod_DetachEndpoint,
               v1::NetworkService::WithRawCallbackMethod_GetEndpointStatistics,
               v1::NetworkService::WithRawCallbackMethod_CreateNamespace,
               v1::NetworkService::WithRawCallbackMethod_GetNamespace,
               v1::NetworkService::WithRawCallbackMethod_ListNamespaces,
               v1::NetworkService::WithRawCallbackMethod_DeleteNamespace,
               v1::NetworkService::WithRawCallbackMethod_AddNamespaceResource,
               v1::NetworkService::WithRawCallbackMethod_RemoveNamespaceResource,
               v1::NetworkService::WithRawCallbackMethod_CreateLoadBalancer,
               v1::NetworkService::WithRawCallbackMethod_GetLoadBalancer,
               v1::NetworkService::WithRawCallbackMethod_ListLoadBalancers,
               v1::NetworkService::WithRawCallbackMethod_DeleteLoadBalancer,
               v1::NetworkService::WithRawCallbackMethod_HnsCall>;

class NetworkRpc final : public RawNetworkService {
 public:
  explicit NetworkRpc(const RpcContext& rpc) : rpc_(rpc) {}

  grpc::ServerUnaryReactor* CreateNetwork(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetNetwork(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListNetworks(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ModifyNetwork(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteNetwork(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateEndpoint(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetEndpoint(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListEndpoints(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ModifyEndpoint(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteEndpoint(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AttachEndpoint(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DetachEndpoint(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetEndpointStatistics(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateNamespace(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetNamespace(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListNamespaces(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteNamespace(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AddNamespaceResource(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RemoveNamespaceResource(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateLoadBalancer(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetLoadBalancer(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListLoadBalancers(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteLoadBalancer(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* HnsCall(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;

 private:
  const RpcContext& rpc_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_NETWORK_RPC_H_
