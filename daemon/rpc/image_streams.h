// ImportImage and ExportImage: a client's stream over what the runtime does for it.

#ifndef HCS_DAEMON_RPC_IMAGE_STREAMS_H_
#define HCS_DAEMON_RPC_IMAGE_STREAMS_H_

#include "daemon/rpc/rpc_context.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace hcs::rpc {

// The reactors of the two methods; gRPC owns them.
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ServeImageImport(
    const RpcContext& rpc, grpc::CallbackServerContext* context);
grpc::ServerWriteReactor<grpc::ByteBuffer>* ServeImageExport(const RpcContext& rpc,
                                                             grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer& request);

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_IMAGE_STREAMS_H_
