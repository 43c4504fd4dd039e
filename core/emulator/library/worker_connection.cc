#include "core/emulator/library/worker_connection.h"

#include <sys/socket.h>

#include <utility>

#include "core/emulator/channel/protocol.h"
#include "core/emulator/documents/schema.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

Status ConnectionClosed() {
  return {abi::VMCOMPUTE_CONNECTION_CLOSED, "the connection to the compute system was closed"};
}

// The document is text already, and has been parsed once: it is not built again.
std::string CallText(uint64_t number, const WorkerCall& call) {
  std::string text = "{\"Call\":" + std::to_string(number) + ",\"Method\":\"" + call.method + "\"";
  if (call.process != 0) text += ",\"Process\":" + std::to_string(call.process);
  if (!call.document.empty()) text += ",\"Document\":" + call.document;
  text += "}";
  return text;
}

}  // namespace

WorkerConnection::WorkerConnection(UniqueFd socket, Reactor* reactor,
                                   std::weak_ptr<ConnectionListener> listener)
    : reactor_(reactor),
      listener_(std::move(listener)),
      channel_(FrameChannel(std::move(socket))) {}

WorkerConnection::~WorkerConnection() { Close(ConnectionClosed()); }

void WorkerConnection::Open() {
  const std::lock_guard lock(mutex_);
  token_ = reactor_->Add(channel_->fd(), weak_from_this());
  if (token_ == 0) channel_.reset();
}

Reply WorkerConnection::Call(WorkerCall call) {
  std::unique_lock lock(mutex_);
  if (!channel_) return {ConnectionClosed(), {}, {}};
  const uint64_t number = next_call_++;
  PendingCall pending{&call, std::nullopt};
  pending_.emplace(number, &pending);
  SendLocked(number, call, std::move(call.descriptors));
  const auto done = [&] { return pending.reply.has_value(); };
  if (!call.timeout) {
    replied_.wait(lock, done);
  } else if (!replied_.wait_for(lock, *call.timeout, done)) {
    pending_.erase(number);
    return {{abi::VMCOMPUTE_TIMEOUT, "the compute system's worker does not answer"}, {}, {}};
  }
  return *std::move(pending.reply);
}

void WorkerConnection::Post(const char* method, uint64_t process) {
  WorkerCall call;
  call.method = method;
  call.process = process;
  const std::lock_guard lock(mutex_);
  if (channel_) SendLocked(0, call, {});
}

void WorkerConnection::Close(const Status& reason) {
  const std::lock_guard lock(mutex_);
  CloseLocked(reason);
}

// A socket that fails is shut down, so that the reactor sees its end and tells all
// who are concerned.
void WorkerConnection::SendLocked(uint64_t number, const WorkerCall& call,
                                  std::vector<UniqueFd> descriptors) {
  if (!channel_->Send(CallText(number, call), std::move(descriptors))) {
    shutdown(channel_->fd(), SHUT_RDWR);
    return;
  }
  if (channel_->backlogged() && !watching_writes_) {
    watching_writes_ = true;
    reactor_->WatchWriting(token_, channel_->fd(), true);
  }
}

void WorkerConnection::CloseLocked(const Status& reason) {
  if (!channel_) return;
  reactor_->Remove(token_, channel_->fd());
  channel_.reset();
  for (const auto& [number, pending] : pending_) pending->reply = Reply{reason, {}, {}};
  pending_.clear();
  replied_.notify_all();
}

void WorkerConnection::OnSocketReady(bool readable, bool writable) {
  std::vector<Frame> frames;
  bool alive = true;
  {
    const std::lock_guard lock(mutex_);
    if (!channel_) return;
    if (writable) alive = channel_->Flush();
    if (alive && watching_writes_ && !channel_->backlogged()) {
      watching_writes_ = false;
      reactor_->WatchWriting(token_, channel_->fd(), false);
    }
    if (readable && !channel_->Receive(&frames)) alive = false;
  }
  for (Frame& frame : frames) {
    if (!Handle(std::move(frame))) alive = false;
  }
  if (!alive) Lose();
}

void WorkerConnection::Lose() {
  {
    const std::lock_guard lock(mutex_);
    if (!channel_) return;
    CloseLocked(ConnectionClosed());
  }
  if (const auto listener = listener_.lock()) listener->OnConnectionLost();
}

bool WorkerConnection::Handle(Frame frame) {
  const Json message = Json::parse(frame.text, nullptr, false);
  if (!message.is_object()) return false;
  if (FindField(message, protocol::kReply) != nullptr) {
    HandleReply(message, std::move(frame.descriptors));
  } else if (const auto listener = listener_.lock()) {
    listener->OnWorkerEvent(message);
  }
  return true;
}

void WorkerConnection::HandleReply(const Json& message, std::vector<UniqueFd> descriptors) {
  Reply reply;
  const Json* result = FindField(message, protocol::kResult);
  const bool well_formed = result != nullptr && result->is_number_integer();
  reply.status.code = well_formed ? result->get<abi::HRESULT>() : abi::VMCOMPUTE_PROTOCOL_ERROR;
  reply.status.message = StringField(message, protocol::kMessage);
  if (const Json* body = FindField(message, protocol::kBody)) reply.body = *body;
  reply.descriptors = std::move(descriptors);
  const uint64_t number = NumberField(message, protocol::kReply);
  std::unique_lock lock(mutex_);
  const auto found = pending_.find(number);
  // Nobody waits any more where the call's time has run out.
  if (found == pending_.end()) return;
  PendingCall* pending = found->second;
  if (pending->call->on_reply) {
    // Not under the lock, which callers of other calls need. The call cannot end
    // meanwhile, but by its timeout; calls with one have no on_reply.
    pending_.erase(found);
    lock.unlock();
    pending->call->on_reply(reply);
    lock.lock();
    pending->reply = std::move(reply);
  } else {
    pending->reply = std::move(reply);
    pending_.erase(found);
  }
  replied_.notify_all();
}

}  // namespace hcs::emulator
