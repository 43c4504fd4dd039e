#include "daemon/rpc/network_rpc.h"

#include "daemon/rpc/unary_call.h"

namespace hcs::rpc {

using runtime::NetworkOperations;

grpc::ServerUnaryReactor* NetworkRpc::CreateNetwork(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::CreateNetwork);
}

grpc::ServerUnaryReactor* NetworkRpc::GetNetwork(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::GetNetwork);
}

grpc::ServerUnaryReactor* NetworkRpc::ListNetworks(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::ListNetworks);
}

grpc::ServerUnaryReactor* NetworkRpc::ModifyNetwork(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::ModifyNetwork);
}

grpc::ServerUnaryReactor* NetworkRpc::DeleteNetwork(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::DeleteNetwork);
}

grpc::ServerUnaryReactor* NetworkRpc::CreateEndpoint(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::CreateEndpoint);
}

grpc::ServerUnaryReactor* NetworkRpc::GetEndpoint(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::GetEndpoint);
}

grpc::ServerUnaryReactor* NetworkRpc::ListEndpoints(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::ListEndpoints);
}

grpc::ServerUnaryReactor* NetworkRpc::ModifyEndpoint(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::ModifyEndpoint);
}

grpc::ServerUnaryReactor* NetworkRpc::DeleteEndpoint(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::DeleteEndpoint);
}

grpc::ServerUnaryReactor* NetworkRpc::AttachEndpoint(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::AttachEndpoint);
}

grpc::ServerUnaryReactor* NetworkRpc::DetachEndpoint(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::DetachEndpoint);
}

grpc::ServerUnaryReactor* NetworkRpc::GetEndpointStatistics(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::GetEndpointStatistics);
}

grpc::ServerUnaryReactor* NetworkRpc::CreateNamespace(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::CreateNamespace);
}

grpc::ServerUnaryReactor* NetworkRpc::GetNamespace(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::GetNamespace);
}

grpc::ServerUnaryReactor* NetworkRpc::ListNamespaces(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::ListNamespaces);
}

grpc::ServerUnaryReactor* NetworkRpc::DeleteNamespace(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::DeleteNamespace);
}

grpc::ServerUnaryReactor* NetworkRpc::AddNamespaceResource(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::AddNamespaceResource);
}

grpc::ServerUnaryReactor* NetworkRpc::RemoveNamespaceResource(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::RemoveNamespaceResource);
}

grpc::ServerUnaryReactor* NetworkRpc::CreateLoadBalancer(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::CreateLoadBalancer);
}

grpc::ServerUnaryReactor* NetworkRpc::GetLoadBalancer(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::GetLoadBalancer);
}

grpc::ServerUnaryReactor* NetworkRpc::ListLoadBalancers(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::ListLoadBalancers);
}

grpc::ServerUnaryReactor* NetworkRpc::DeleteLoadBalancer(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::DeleteLoadBalancer);
}

grpc::ServerUnaryReactor* NetworkRpc::HnsCall(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.networks(),
                           &NetworkOperations::HnsCall);
}

}  // namespace hcs::rpc
