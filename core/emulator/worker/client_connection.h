// One client of the worker: a connection of a library instance.

#ifndef HCS_CORE_EMULATOR_WORKER_CLIENT_CONNECTION_H_
#define HCS_CORE_EMULATOR_WORKER_CLIENT_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/emulator/channel/frame_channel.h"
#include "core/emulator/documents/json_text.h"
#include "core/emulator/worker/event_loop.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

class ClientConnection {
 public:
  using OnFrame = std::function<void(ClientConnection*, Frame)>;
  using OnClosed = std::function<void(ClientConnection*)>;

  // `on_closed` comes once, from the event loop; then destroy the connection.
  ClientConnection(EventLoop* loop, platform::UniqueFd socket, OnFrame on_frame,
                   OnClosed on_closed);
  ~ClientConnection();

  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  // A client that does not read loses the connection rather than fill the memory.
  void Send(const Json& message, std::vector<platform::UniqueFd> descriptors = {});

  // Nothing is left to send.
  bool idle() const { return !channel_.backlogged(); }

  // Handles that the client has open.
  bool holds_system = false;
  std::map<uint64_t, size_t> process_handles;

 private:
  void OnSocket(uint32_t events);
  void Lose();

  EventLoop* const loop_;
  const OnFrame on_frame_;
  const OnClosed on_closed_;
  FrameChannel channel_;
  bool lost_ = false;
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_CLIENT_CONNECTION_H_
