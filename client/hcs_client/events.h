// What happens to containers and processes: hcs.v1.EventService.

#ifndef HCS_CLIENT_HCS_CLIENT_EVENTS_H_
#define HCS_CLIENT_HCS_CLIENT_EVENTS_H_

#include <memory>
#include <utility>

#include "client/hcs_client/call_options.h"
#include "client/hcs_client/message_stream.h"
#include "hcs/v1/event_service.pb.h"

namespace hcs::client {

struct Connection;

using EventStream = MessageStream<v1::WatchEventsResponse>;

// Cheap to copy, and thread-safe.
class Events {
 public:
  explicit Events(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  // Returns once the watch is in place: what happens after that is in the stream. If it
  // could not be, the stream is empty and Finish says why.
  std::unique_ptr<EventStream> Watch(const v1::WatchEventsRequest& request,
                                     const CallOptions& options = {}) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_EVENTS_H_
