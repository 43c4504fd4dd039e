#include "client/hcs_client/events.h"

#include "client/hcs_client/connection.h"
#include "client/hcs_client/grpc_message_stream.h"

namespace hcs::client {

std::unique_ptr<EventStream> Events::Watch(const v1::WatchEventsRequest& request,
                                           const CallOptions& options) const {
  auto stream = std::make_unique<GrpcMessageStream<v1::WatchEventsResponse>>(
      connection_, options, [&](grpc::ClientContext* context) {
        return connection_->events.WatchEvents(context, request);
      });
  stream->WaitForHeaders();
  return stream;
}

}  // namespace hcs::client
