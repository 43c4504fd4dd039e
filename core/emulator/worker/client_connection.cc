#include "core/emulator/worker/client_connection.h"

#include <sys/epoll.h>

namespace hcs::emulator::worker {

using platform::UniqueFd;

ClientConnection::ClientConnection(EventLoop* loop, UniqueFd socket, OnFrame on_frame,
                                   OnClosed on_closed)
    : loop_(loop),
      on_frame_(std::move(on_frame)),
      on_closed_(std::move(on_closed)),
      channel_(std::move(socket)) {
  loop_->Watch(channel_.fd(), EPOLLIN, [this](uint32_t events) { OnSocket(events); });
}

ClientConnection::~ClientConnection() { loop_->Forget(channel_.fd()); }

void ClientConnection::Send(const Json& message, std::vector<UniqueFd> descriptors) {
  if (lost_) return;
  if (!channel_.Send(JsonToText(message), std::move(descriptors))) return Lose();
  if (channel_.backlogged()) loop_->Change(channel_.fd(), EPOLLIN | EPOLLOUT);
}

void ClientConnection::OnSocket(uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    if (!channel_.Flush()) return Lose();
    if (!channel_.backlogged()) loop_->Change(channel_.fd(), EPOLLIN);
  }
  if ((events & ~static_cast<uint32_t>(EPOLLOUT)) == 0) return;
  std::vector<Frame> frames;
  const bool open = channel_.Receive(&frames);
  for (Frame& frame : frames) on_frame_(this, std::move(frame));
  if (!open) Lose();
}

// Deferred: somebody may be walking over the connections now.
void ClientConnection::Lose() {
  if (lost_) return;
  lost_ = true;
  loop_->Forget(channel_.fd());
  loop_->Defer([this] { on_closed_(this); });
}

}  // namespace hcs::emulator::worker
