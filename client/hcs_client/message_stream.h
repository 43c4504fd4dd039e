// A stream of messages from the daemon.

#ifndef HCS_CLIENT_HCS_CLIENT_MESSAGE_STREAM_H_
#define HCS_CLIENT_HCS_CLIENT_MESSAGE_STREAM_H_

#include "absl/status/status.h"

namespace hcs::client {

// One thread reads; Cancel may be called from any. Destroying it ends the stream.
template <typename Message>
class MessageStream {
 public:
  virtual ~MessageStream() = default;

  // Blocks for the next message. False when the stream is over: see Finish.
  virtual bool Next(Message* message) = 0;

  // How the stream ended: OK, CANCELLED after Cancel, or the daemon's error. Call it
  // once, after Next returned false.
  virtual absl::Status Finish() = 0;

  // Ends the stream; a Next that waits returns false. No effect after the end.
  virtual void Cancel() = 0;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_MESSAGE_STREAM_H_
