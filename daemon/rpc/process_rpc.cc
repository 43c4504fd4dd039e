#include "daemon/rpc/process_rpc.h"

#include "daemon/rpc/process_stream.h"
#include "daemon/rpc/unary_call.h"

namespace hcs::rpc {

using runtime::ProcessOperations;

grpc::ServerUnaryReactor* ProcessRpc::CreateProcess(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::Create);
}

grpc::ServerUnaryReactor* ProcessRpc::OpenProcess(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::Open);
}

grpc::ServerUnaryReactor* ProcessRpc::GetProcess(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::Get);
}

grpc::ServerUnaryReactor* ProcessRpc::ListProcesses(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::List);
}

grpc::ServerUnaryReactor* ProcessRpc::KillProcess(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::Kill);
}

grpc::ServerUnaryReactor* ProcessRpc::SignalProcess(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::Signal);
}

grpc::ServerUnaryReactor* ProcessRpc::WaitProcess(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::Wait);
}

grpc::ServerUnaryReactor* ProcessRpc::ResizeConsole(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::ResizeConsole);
}

grpc::ServerUnaryReactor* ProcessRpc::CloseStdin(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::CloseStdin);
}

grpc::ServerUnaryReactor* ProcessRpc::CloseProcess(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return UnaryCall::Answer(rpc_, {context, request, response}, rpc_.runtime.processes(),
                           &ProcessOperations::Close);
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ProcessRpc::Exec(
    grpc::CallbackServerContext* context) {
  return ServeExec(rpc_, context);
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ProcessRpc::Attach(
    grpc::CallbackServerContext* context) {
  return ServeAttach(rpc_, context);
}

}  // namespace hcs::rpc
