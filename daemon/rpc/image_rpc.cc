#include "daemon/rpc/image_rpc.h"

#include "daemon/rpc/image_streams.h"
#include "daemon/rpc/unary_call.h"

namespace hcs::rpc {

using runtime::ImageOperations;

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ImageRpc::ImportImage(
    grpc::CallbackServerContext* context) {
  return ServeImageImport(rpc_, context);
}

grpc::ServerUnaryReactor* ImageRpc::ListImages(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.images(),
                           &ImageOperations::List);
}

grpc::ServerUnaryReactor* ImageRpc::GetImage(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.images(),
                           &ImageOperations::Get);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* ImageRpc::ExportImage(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return ServeImageExport(rpc_, context, *request);
}

grpc::ServerUnaryReactor* ImageRpc::RemoveImage(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.images(),
                           &ImageOperations::Remove);
}

grpc::ServerUnaryReactor* ImageRpc::TagImage(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.images(),
                           &ImageOperations::Tag);
}

}  // namespace hcs::rpc
