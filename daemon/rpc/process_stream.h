// Exec and Attach: a client's stream over a runtime::ProcessSession.

#ifndef HCS_DAEMON_RPC_PROCESS_STREAM_H_
#define HCS_DAEMON_RPC_PROCESS_STREAM_H_

#include "daemon/rpc/rpc_context.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace hcs::rpc {

using ProcessReactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

// The reactors of the two methods; gRPC owns them. A resize or signal that the
// host refuses (the process has no console, or has just exited) is logged, and
// the stream goes on; what breaks the contract ends it with INVALID_ARGUMENT.
ProcessReactor* ServeExec(const RpcContext& rpc, grpc::CallbackServerContext* context);
ProcessReactor* ServeAttach(const RpcContext& rpc, grpc::CallbackServerContext* context);

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_PROCESS_STREAM_H_
