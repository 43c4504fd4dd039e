// The worker: one compute system, its clients, and what they ask.

#ifndef HCS_CORE_EMULATOR_WORKER_WORKER_H_
#define HCS_CORE_EMULATOR_WORKER_WORKER_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/emulator/worker/client_connection.h"
#include "core/emulator/worker/compute_system.h"
#include "core/emulator/worker/event_loop.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

class Worker : public EventSink {
 public:
  // `first` is the connection of the library that started this worker. SIGCHLD must
  // be blocked.
  Worker(EventLoop* loop, platform::UniqueFd first);

  void Broadcast(const Json& event) override;
  void BroadcastProcessExit(const ProcessTable::Entry& entry) override;

 private:
  // What a call answers; the process' client ends are for the calls that ask for them.
  struct Answer {
    Status status;
    Json body;
    std::vector<platform::UniqueFd> descriptors;
  };

  void AddClient(platform::UniqueFd socket);
  void OnListener();
  void OnChild();
  void OnFrame(ClientConnection* client, Frame frame);
  void OnClosed(ClientConnection* client);
  void EndIfUnused();
  void TerminateIfUnheld();

  Answer Handle(ClientConnection* client, const std::string& method, const Json& message,
                std::vector<platform::UniqueFd> descriptors);
  Answer HandleSystem(ClientConnection* client, const std::string& method, const Json& document);
  Answer HandleProcess(ClientConnection* client, const std::string& method, const Json& document,
                       ProcessTable::Entry* entry);

  Answer Create(ClientConnection* client, const Json& document,
                std::vector<platform::UniqueFd> descriptors);
  Answer Attach(ClientConnection* client);
  Answer Shutdown(const Json& document);
  Answer GetProperties(const Json& document);
  Answer CreateProcess(ClientConnection* client, const Json& document);
  Answer OpenProcess(ClientConnection* client, const Json& document);
  Answer DescribeProcess(const ProcessTable::Entry& entry, bool with_pipes);
  Answer SignalProcess(const Json& document, ProcessTable::Entry* entry);
  Answer ModifyProcess(const Json& document, ProcessTable::Entry* entry);
  void CloseProcess(ClientConnection* client, uint64_t key);
  void HoldSystem(ClientConnection* client, bool hold);

  EventLoop* const loop_;
  platform::UniqueFd child_signals_;
  platform::UniqueFd listener_;
  std::vector<std::unique_ptr<ClientConnection>> clients_;
  std::unique_ptr<ComputeSystem> system_;
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_WORKER_H_
