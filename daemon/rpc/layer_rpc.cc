#include "daemon/rpc/layer_rpc.h"

#include "daemon/rpc/layer_streams.h"
#include "daemon/rpc/unary_call.h"

namespace hcs::rpc {

using runtime::LayerOperations;

grpc::ServerUnaryReactor* LayerRpc::CreateLayer(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Create);
}

grpc::ServerUnaryReactor* LayerRpc::CreateSandboxLayer(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::CreateSandbox);
}

grpc::ServerUnaryReactor* LayerRpc::GetLayer(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Get);
}

grpc::ServerUnaryReactor* LayerRpc::ListLayers(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::List);
}

grpc::ServerUnaryReactor* LayerRpc::LayerExists(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Exists);
}

grpc::ServerUnaryReactor* LayerRpc::ActivateLayer(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Activate);
}

grpc::ServerUnaryReactor* LayerRpc::DeactivateLayer(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Deactivate);
}

grpc::ServerUnaryReactor* LayerRpc::PrepareLayer(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Prepare);
}

grpc::ServerUnaryReactor* LayerRpc::UnprepareLayer(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Unprepare);
}

grpc::ServerUnaryReactor* LayerRpc::GetLayerMountPath(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::GetMountPath);
}

grpc::ServerUnaryReactor* LayerRpc::ExpandSandboxSize(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::ExpandSandboxSize);
}

grpc::ServerUnaryReactor* LayerRpc::DestroyLayer(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::Destroy);
}

grpc::ServerReadReactor<grpc::ByteBuffer>* LayerRpc::ImportLayer(
    grpc::CallbackServerContext* context, grpc::ByteBuffer* response) {
  return ServeLayerImport(rpc_, context, response);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* LayerRpc::ExportLayer(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return ServeLayerExport(rpc_, context, *request);
}

grpc::ServerUnaryReactor* LayerRpc::ImportLayerFolder(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::ImportFolder);
}

grpc::ServerUnaryReactor* LayerRpc::ExportLayerFolder(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::ExportFolder);
}

grpc::ServerUnaryReactor* LayerRpc::ProcessBaseLayer(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::ProcessBase);
}

grpc::ServerUnaryReactor* LayerRpc::ProcessUtilityVMImage(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::ProcessUtilityVmImage);
}

grpc::ServerUnaryReactor* LayerRpc::GetSharedBaseImages(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::GetSharedBaseImages);
}

grpc::ServerUnaryReactor* LayerRpc::NameToGuid(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.layers(),
                           &LayerOperations::NameToGuid);
}

}  // namespace hcs::rpc
