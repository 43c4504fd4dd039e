// The streams that watch: events, and a container's statistics.

#ifndef HCS_DAEMON_RPC_WATCH_STREAMS_H_
#define HCS_DAEMON_RPC_WATCH_STREAMS_H_

#include "daemon/rpc/rpc_context.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace hcs::rpc {

using WatchReactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

// The reactors of WatchEvents and WatchContainerStatistics; gRPC owns them. The
// response headers are sent once the watch is in place.
WatchReactor* ServeEvents(const RpcContext& rpc, grpc::CallbackServerContext* context,
                          const grpc::ByteBuffer& request);
WatchReactor* ServeStatistics(const RpcContext& rpc, grpc::CallbackServerContext* context,
                              const grpc::ByteBuffer& request);

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_WATCH_STREAMS_H_
