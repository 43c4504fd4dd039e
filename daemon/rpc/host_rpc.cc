#include "daemon/rpc/host_rpc.h"

#include "daemon/rpc/unary_call.h"

namespace hcs::rpc {

using runtime::HostOperations;

grpc::ServerUnaryReactor* HostRpc::GetHostInfo(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.host(),
                           &HostOperations::GetInfo);
}

grpc::ServerUnaryReactor* HostRpc::GetServiceProperties(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.host(),
                           &HostOperations::GetServiceProperties);
}

grpc::ServerUnaryReactor* HostRpc::GetDiagnostics(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.host(),
                           &HostOperations::GetDiagnostics);
}

}  // namespace hcs::rpc
