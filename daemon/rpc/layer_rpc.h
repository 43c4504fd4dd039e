// hcs.v1.LayerService over the runtime.

#ifndef HCS_DAEMON_RPC_LAYER_RPC_H_
#define HCS_DAEMON_RPC_LAYER_RPC_H_

#include "daemon/rpc/raw_service.h"
#include "daemon/rpc/rpc_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "hcs/v1/layer_service.grpc.pb.h"

namespace hcs::rpc {

using RawLayerService =
    RawService<v1::LayerService::Service, v1::LayerService::WithRawCallbackMethod_CreateLayer,
               v1::LayerService::WithRawCallbackMethod_CreateSandboxLayer,
               v1::LayerService::WithRawCallbackMethod_GetLayer,
               v1::LayerService::WithRawCallbackMethod_ListLayers,
               v1::LayerService::WithRawCallbackMethod_LayerExists,
               v1::LayerService::WithRawCallbackMethod_ActivateLayer,
               v1::LayerService::WithRawCallbackMethod_DeactivateLayer,
               v1::LayerService::WithRawCallbackMethod_PrepareLayer,
               v1::LayerService::WithRawCallbackMethod_UnprepareLayer,
               v1::LayerService::WithRawCallbackMethod_GetLayerMountPath,
               v1::LayerService::WithRawCallbackMethod_ExpandSandboxSize,
               v1::LayerService::WithRawCallbackMethod_DestroyLayer,
               v1::LayerService::WithRawCallbackMethod_ImportLayer,
               v1::LayerService::WithRawCallbackMethod_ExportLayer,
               v1::LayerService::WithRawCallbackMethod_ImportLayerFolder,
               v1::LayerService::WithRawCallbackMethod_ExportLayerFolder,
               v1::LayerService::WithRawCallbackMethod_ProcessBaseLayer,
               v1::LayerService::WithRawCallbackMethod_ProcessUtilityVMImage,
               v1::LayerService::WithRawCallbackMethod_GetSharedBaseImages,
               v1::LayerService::WithRawCallbackMethod_NameToGuid>;

class LayerRpc final : public RawLayerService {
 public:
  explicit LayerRpc(const RpcContext& rpc) : rpc_(rpc) {}

  grpc::ServerUnaryReactor* CreateLayer(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateSandboxLayer(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetLayer(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListLayers(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* LayerExists(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ActivateLayer(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeactivateLayer(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* PrepareLayer(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UnprepareLayer(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetLayerMountPath(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ExpandSandboxSize(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DestroyLayer(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportLayer(grpc::CallbackServerContext* context,
                                                         grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ExportLayer(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* ImportLayerFolder(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ExportLayerFolder(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ProcessBaseLayer(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ProcessUtilityVMImage(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetSharedBaseImages(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* NameToGuid(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;

 private:
  const RpcContext& rpc_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_LAYER_RPC_H_
