// hcs.v1.ImageService over the runtime.

#ifndef HCS_DAEMON_RPC_IMAGE_RPC_H_
#define HCS_DAEMON_RPC_IMAGE_RPC_H_

#include "daemon/rpc/raw_service.h"
#include "daemon/rpc/rpc_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "hcs/v1/image_service.grpc.pb.h"

namespace hcs::rpc {

using RawImageService =
    RawService<v1::ImageService::Service, v1::ImageService::WithRawCallbackMethod_ImportImage,
               v1::ImageService::WithRawCallbackMethod_ListImages,
               v1::ImageService::WithRawCallbackMethod_GetImage,
               v1::ImageService::WithRawCallbackMethod_ExportImage,
               v1::ImageService::WithRawCallbackMethod_RemoveImage,
               v1::ImageService::WithRawCallbackMethod_TagImage>;

class ImageRpc final : public RawImageService {
 public:
  explicit ImageRpc(const RpcContext& rpc) : rpc_(rpc) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ImportImage(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListImages(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetImage(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ExportImage(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* RemoveImage(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* TagImage(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;

 private:
  const RpcContext& rpc_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_IMAGE_RPC_H_
