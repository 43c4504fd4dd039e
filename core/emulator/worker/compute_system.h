// The compute system: its states, its processes, its end. Reference section 4.

#ifndef HCS_CORE_EMULATOR_WORKER_COMPUTE_SYSTEM_H_
#define HCS_CORE_EMULATOR_WORKER_COMPUTE_SYSTEM_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/emulator/channel/confinement.h"
#include "core/emulator/documents/json_text.h"
#include "core/emulator/documents/system_document.h"
#include "core/emulator/outcome.h"
#include "core/emulator/worker/event_loop.h"
#include "core/emulator/worker/process_table.h"
#include "core/platform/container_scope.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

// Who tells the clients.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Broadcast(const Json& event) = 0;
  // To the clients with a handle on the process.
  virtual void BroadcastProcessExit(const ProcessTable::Entry& entry) = 0;
};

enum class SystemState { kCreated, kRunning, kPaused, kStopped };
const char* SystemStateName(SystemState state);

// Functions that change the state answer VMCOMPUTE_OPERATION_PENDING, and the
// notification follows from the event loop.
class ComputeSystem {
 public:
  struct Identity {
    std::string id;
    std::string folder_name;
    std::string runtime_id;
    platform::UniqueFd folder;  // The system's state folder.
    platform::UniqueFd lock;    // Held until the worker ends.
    // Where this is the first process of a container of its own; else null.
    std::unique_ptr<Confinement> confinement;
  };

  static Outcome<std::unique_ptr<ComputeSystem>> Create(EventLoop* loop, EventSink* sink,
                                                        Identity identity, SystemDocument document);

  Status Start();
  Status Shutdown(std::chrono::milliseconds grace);
  Status Terminate();
  Status Pause();
  Status Resume();
  Status Modify(const Json& document);

  Outcome<ProcessTable::Entry*> CreateProcess(const Json& document);
  ProcessTable& processes() { return processes_; }

  // The basic properties, as enumerated, and those that `query` asks for.
  Json Summary() const;
  Outcome<Json> Properties(const Json& query) const;

  // This process, as the machine knows it.
  int worker_process_id() const;

  SystemState state() const { return state_; }
  const SystemDocument& document() const { return document_; }

  // After SIGCHLD: takes the ends of all children that have exited.
  void Reap();

 private:
  // How an end under way is being reached.
  enum class Ending { kNone, kShutdown, kTerminate };

  ComputeSystem(EventLoop* loop, EventSink* sink, Identity identity, SystemDocument document,
                std::unique_ptr<platform::ContainerScope> scope);

  Status Require(const char* method, SystemState needed) const;
  void EnterState(SystemState state);
  void PublishSummary();
  void Notify(uint32_t type, abi::HRESULT status, const Json& data);
  void Complete(uint32_t type, SystemState state);
  void AskProcessesToEnd();
  void KillProcesses();
  void FinishIfEmpty();
  void FinishStop();
  bool LeaveContainer();
  std::vector<std::string> FieldsNotEnforced() const;
  Json StatisticsDocument() const;
  Json ProcessListDocument() const;

  EventLoop* const loop_;
  EventSink* const sink_;
  const Identity identity_;
  SystemDocument document_;
  const std::unique_ptr<platform::ContainerScope> scope_;
  ProcessTable processes_;
  SystemState state_ = SystemState::kCreated;
  Ending ending_ = Ending::kNone;
  const char* exit_type_ = nullptr;  // Of a stopped one.
  std::optional<std::chrono::system_clock::time_point> started_;
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_COMPUTE_SYSTEM_H_
