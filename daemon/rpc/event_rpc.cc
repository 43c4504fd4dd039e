#include "daemon/rpc/event_rpc.h"

#include "daemon/rpc/watch_streams.h"

namespace hcs::rpc {
grpc::ServerWriteReactor<grpc::ByteBuffer>* EventRpc::WatchEvents(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return ServeEvents(rpc_, context, *request);
}

}  // namespace hcs::rpc
