#include "daemon/rpc/container_rpc.h"

#include "daemon/rpc/unary_call.h"
#include "daemon/rpc/watch_streams.h"

namespace hcs::rpc {

using runtime::ContainerOperations;

grpc::ServerUnaryReactor* ContainerRpc::CreateContainer(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Create);
}

grpc::ServerUnaryReactor* ContainerRpc::OpenContainer(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Open);
}

grpc::ServerUnaryReactor* ContainerRpc::GetContainer(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Get);
}

grpc::ServerUnaryReactor* ContainerRpc::ListContainers(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::List);
}

grpc::ServerUnaryReactor* ContainerRpc::StartContainer(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Start);
}

grpc::ServerUnaryReactor* ContainerRpc::ShutdownContainer(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Shutdown);
}

grpc::ServerUnaryReactor* ContainerRpc::TerminateContainer(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Terminate);
}

grpc::ServerUnaryReactor* ContainerRpc::PauseContainer(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Pause);
}

grpc::ServerUnaryReactor* ContainerRpc::ResumeContainer(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Resume);
}

grpc::ServerUnaryReactor* ContainerRpc::WaitContainer(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Wait);
}

grpc::ServerUnaryReactor* ContainerRpc::CloseContainer(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Close);
}

grpc::ServerUnaryReactor* ContainerRpc::ModifyContainer(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::Modify);
}

grpc::ServerUnaryReactor* ContainerRpc::GetContainerProperties(grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request,
                                                               grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::GetProperties);
}

grpc::ServerUnaryReactor* ContainerRpc::GetContainerStatistics(grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request,
                                                               grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::GetStatistics);
}

grpc::ServerUnaryReactor* ContainerRpc::HasPendingUpdates(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.containers(),
                           &ContainerOperations::HasPendingUpdates);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* ContainerRpc::WatchContainerStatistics(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return ServeStatistics(rpc_, context, *request);
}

}  // namespace hcs::rpc
