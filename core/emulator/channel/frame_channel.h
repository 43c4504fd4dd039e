// Messages with file descriptors over a local stream socket: what the library
// and a worker speak.
//
// On the wire a message is two little-endian uint32, its length in bytes and the
// number of its descriptors, and then the text. The descriptors travel
// (SCM_RIGHTS) with its first byte.

#ifndef HCS_CORE_EMULATOR_CHANNEL_FRAME_CHANNEL_H_
#define HCS_CORE_EMULATOR_CHANNEL_FRAME_CHANNEL_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/unique_fd.h"

namespace hcs::emulator {

struct Frame {
  std::string text;
  std::vector<platform::UniqueFd> descriptors;
};

// One message at most; documents are limited to less (documents/json_text.h).
inline constexpr size_t kMaxFrameBytes = size_t{32} << 20;
inline constexpr size_t kMaxFrameDescriptors = 32;

// What one side keeps for a peer that does not read, beyond the message that
// crossed the limit.
inline constexpr size_t kMaxBacklogBytes = size_t{32} << 20;

// Never blocks. Not thread-safe: the owner locks.
class FrameChannel {
 public:
  // Takes over a connected stream socket and makes it non-blocking.
  explicit FrameChannel(platform::UniqueFd socket);

  int fd() const { return socket_.get(); }

  // Sends at once what the socket takes and keeps the rest for Flush. False when
  // the connection is broken or the backlog is full: then close the channel.
  bool Send(std::string_view text, std::vector<platform::UniqueFd> descriptors = {});

  // Call when the socket is writable. False when the connection is broken.
  bool Flush();

  // True while there is something for Flush to do.
  bool backlogged() const { return !outgoing_.empty(); }

  // Reads what has arrived, up to a bound for the sake of other channels (ask
  // again while the socket is readable). Appends whole messages to `frames`.
  // False at the end of the stream, or when the peer breaks the format.
  bool Receive(std::vector<Frame>* frames);

 private:
  struct Outgoing {
    std::string bytes;
    std::vector<platform::UniqueFd> descriptors;
  };

  enum class ReadResult { kSome, kNothing, kEnd };

  ReadResult ReadOnce();
  bool TakeFrames(std::vector<Frame>* frames);
  // Bytes sent, or -1 when the connection is broken. 0: the socket takes no more.
  ssize_t SendOnce(const Outgoing& message, size_t offset);

  platform::UniqueFd socket_;
  std::vector<Outgoing> outgoing_;
  size_t sent_of_first_ = 0;
  size_t backlog_bytes_ = 0;
  std::string incoming_;
  std::vector<platform::UniqueFd> incoming_descriptors_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_CHANNEL_FRAME_CHANNEL_H_
