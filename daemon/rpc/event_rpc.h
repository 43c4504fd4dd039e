// hcs.v1.EventService over the runtime.

#ifndef HCS_DAEMON_RPC_EVENT_RPC_H_
#define HCS_DAEMON_RPC_EVENT_RPC_H_

#include "daemon/rpc/raw_service.h"
#include "daemon/rpc/rpc_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "hcs/v1/event_service.grpc.pb.h"

namespace hcs::rpc {

using RawEventService =
    RawService<v1::EventService::Service, v1::EventService::WithRawCallbackMethod_WatchEvents>;

class EventRpc final : public RawEventService {
 public:
  explicit EventRpc(const RpcContext& rpc) : rpc_(rpc) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchEvents(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request) override;

 private:
  const RpcContext& rpc_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_EVENT_RPC_H_
