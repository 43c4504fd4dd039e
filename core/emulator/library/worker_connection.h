// One connection to a worker: calls with their replies, and the worker's events.

#ifndef HCS_CORE_EMULATOR_LIBRARY_WORKER_CONNECTION_H_
#define HCS_CORE_EMULATOR_LIBRARY_WORKER_CONNECTION_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/emulator/channel/frame_channel.h"
#include "core/emulator/documents/json_text.h"
#include "core/emulator/library/reactor.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// What a worker answers. `status` is the host's; the rest is empty where it failed.
struct Reply {
  Status status;
  Json body;
  std::vector<platform::UniqueFd> descriptors;
};

// What a caller asks. `document` is JSON text or empty.
struct WorkerCall {
  const char* method = nullptr;
  std::string document;
  uint64_t process = 0;  // Key of the process; 0 is none.
  std::vector<platform::UniqueFd> descriptors;
  // Beyond it VMCOMPUTE_TIMEOUT; unset: the caller waits for as long as it takes.
  std::optional<std::chrono::seconds> timeout;
  // Runs on the reactor's thread before any event that the worker sends after the
  // reply, and before Call returns.
  std::function<void(const Reply&)> on_reply;
};

class ConnectionListener {
 public:
  virtual ~ConnectionListener() = default;

  // On the reactor's thread, in the worker's order with the calls' on_reply.
  virtual void OnWorkerEvent(const Json& event) = 0;

  // Once, when the worker or the socket has gone; not after Close.
  virtual void OnConnectionLost() = 0;
};

// Thread-safe. Nothing but Call blocks.
class WorkerConnection : public SocketWatcher,
                         public std::enable_shared_from_this<WorkerConnection> {
 public:
  WorkerConnection(platform::UniqueFd socket, Reactor* reactor,
                   std::weak_ptr<ConnectionListener> listener);
  ~WorkerConnection() override;

  // Begins to receive. Once, before anything else.
  void Open();

  // The worker's reply, or VMCOMPUTE_CONNECTION_CLOSED.
  Reply Call(WorkerCall call);

  // A call without a reply.
  void Post(const char* method, uint64_t process);

  // Ends every call with `reason`. Idempotent.
  void Close(const Status& reason);

  void OnSocketReady(bool readable, bool writable) override;

 private:
  struct PendingCall {
    const WorkerCall* call;
    std::optional<Reply> reply;
  };

  void SendLocked(uint64_t number, const WorkerCall& call,
                  std::vector<platform::UniqueFd> descriptors);
  void CloseLocked(const Status& reason);
  void Lose();
  bool Handle(Frame frame);
  void HandleReply(const Json& message, std::vector<platform::UniqueFd> descriptors);

  Reactor* const reactor_;
  const std::weak_ptr<ConnectionListener> listener_;
  std::mutex mutex_;
  std::condition_variable replied_;
  std::optional<FrameChannel> channel_;  // Empty when closed.
  Reactor::Token token_ = 0;
  bool watching_writes_ = false;
  uint64_t next_call_ = 1;
  std::map<uint64_t, PendingCall*> pending_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_WORKER_CONNECTION_H_
