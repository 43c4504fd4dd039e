// ImportLayer and ExportLayer: a client's stream over the runtime's sessions.

#ifndef HCS_DAEMON_RPC_LAYER_STREAMS_H_
#define HCS_DAEMON_RPC_LAYER_STREAMS_H_

#include "daemon/rpc/rpc_context.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace hcs::rpc {

using ImportReactor = grpc::ServerReadReactor<grpc::ByteBuffer>;
using ExportReactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

// The reactors of the two methods; gRPC owns them.
ImportReactor* ServeLayerImport(const RpcContext& rpc, grpc::CallbackServerContext* context,
                                grpc::ByteBuffer* response);
ExportReactor* ServeLayerExport(const RpcContext& rpc, grpc::CallbackServerContext* context,
                                const grpc::ByteBuffer& request);

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_LAYER_STREAMS_H_
