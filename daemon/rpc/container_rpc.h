// hcs.v1.ContainerService over the runtime.

#ifndef HCS_DAEMON_RPC_CONTAINER_RPC_H_
#define HCS_DAEMON_RPC_CONTAINER_RPC_H_

#include "daemon/rpc/raw_service.h"
#include "daemon/rpc/rpc_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "hcs/v1/container_service.grpc.pb.h"

namespace hcs::rpc {

using RawContainerService =
    RawService<v1::ContainerService::Service,
               v1::ContainerService::WithRawCallbackMethod_CreateContainer,
               v1::ContainerService::WithRawCallbackMethod_OpenContainer,
               v1::ContainerService::WithRawCallbackMethod_GetContainer,
               v1::ContainerService::WithRawCallbackMethod_ListContainers,
               v1::ContainerService::WithRawCallbackMethod_StartContainer,
               v1::ContainerService::WithRawCallbackMethod_ShutdownContainer,
               v1::ContainerService::WithRawCallbackMethod_TerminateContainer,
               v1::ContainerService::WithRawCallbackMethod_PauseContainer,
               v1::ContainerService::WithRawCallbackMethod_ResumeContainer,
               v1::ContainerService::WithRawCallbackMethod_WaitContainer,
               v1::ContainerService::WithRawCallbackMethod_CloseContainer,
               v1::ContainerService::WithRawCallbackMethod_ModifyContainer,
               v1::ContainerService::WithRawCallbackMethod_GetContainerProperties,
               v1::ContainerService::WithRawCallbackMethod_GetContainerStatistics,
               v1::ContainerService::WithRawCallbackMethod_HasPendingUpdates,
               v1::ContainerService::WithRawCallbackMethod_WatchContainerStatistics>;

class ContainerRpc final : public RawContainerService {
 public:
  explicit ContainerRpc(const RpcContext& rpc) : rpc_(rpc) {}

  grpc::ServerUnaryReactor* CreateContainer(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* OpenContainer(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetContainer(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListContainers(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* StartContainer(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ShutdownContainer(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* TerminateContainer(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* PauseContainer(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ResumeContainer(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* WaitContainer(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CloseContainer(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ModifyContainer(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetContainerProperties(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetContainerStatistics(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* HasPendingUpdates(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchContainerStatistics(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;

 private:
  const RpcContext& rpc_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_CONTAINER_RPC_H_
