// hcs.v1.HostService over the runtime.

#ifndef HCS_DAEMON_RPC_HOST_RPC_H_
#define HCS_DAEMON_RPC_HOST_RPC_H_

#include "daemon/rpc/raw_service.h"
#include "daemon/rpc/rpc_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "hcs/v1/host_service.grpc.pb.h"

namespace hcs::rpc {

using RawHostService =
    RawService<v1::HostService::Service, v1::HostService::WithRawCallbackMethod_GetHostInfo,
               v1::HostService::WithRawCallbackMethod_GetServiceProperties,
               v1::HostService::WithRawCallbackMethod_GetDiagnostics>;

class HostRpc final : public RawHostService {
 public:
  explicit HostRpc(const RpcContext& rpc) : rpc_(rpc) {}

  grpc::ServerUnaryReactor* GetHostInfo(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetServiceProperties(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetDiagnostics(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;

 private:
  const RpcContext& rpc_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_HOST_RPC_H_
