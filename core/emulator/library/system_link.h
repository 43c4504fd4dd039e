// What this process knows of one compute system: its connection, the handles and
// registrations that are open on it, and what its worker has told.

#ifndef HCS_CORE_EMULATOR_LIBRARY_SYSTEM_LINK_H_
#define HCS_CORE_EMULATOR_LIBRARY_SYSTEM_LINK_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/emulator/documents/process_document.h"
#include "core/emulator/library/handles.h"
#include "core/emulator/library/notifier.h"
#include "core/emulator/library/worker_connection.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// The basic properties of a system, as its worker sends them.
struct SystemSummary {
  std::string type;
  std::string name;
  std::string owner;
  std::string properties;  // JSON text.
};

// Reads a summary; nullopt when it is none.
std::optional<SystemSummary> ReadSummary(const Json& summary);

// Thread-safe. Every handle on the system keeps the link alive; the connection lasts
// until the last of them is closed.
class SystemLink : public ConnectionListener, public std::enable_shared_from_this<SystemLink> {
 public:
  enum class Phase {
    kOpening,       // Its worker is being started or connected to. Calls wait.
    kConnected,     // Alive.
    kStopped,       // Stopped; the worker still answers.
    kLost,          // The worker has gone or never came: answers are the link's own.
    kDisconnected,  // By DisconnectService; the handles are stale.
  };

  // `on_lost` runs on the reactor's thread when the connection of a living system
  // breaks: somebody has to find out why, and call Crash or Disconnect.
  SystemLink(std::string id, Notifier* notifier,
             std::function<void(std::shared_ptr<SystemLink>)> on_lost);

  const std::string& id() const { return id_; }

  // --- Opening, by the one who made the link.

  // Makes the link's first call (Create or Attach) over `connection` and reads the
  // summary from its reply. The phase stays kOpening.
  Status Introduce(std::shared_ptr<WorkerConnection> connection, WorkerCall call);

  // kOpening ends, well or not. The creating handle, if any, is notified.
  void FinishOpening(const Status& status);

  // --- Everybody.

  Phase phase() const;
  Phase AwaitOpened() const;
  int worker_process_id() const;

  // Of a living system; what enumerations show.
  std::optional<SystemSummary> LiveSummary() const;

  Reply Call(WorkerCall call);

  // --- Handles. A handle belongs to one link for as long as it is open.

  // False when the system is not alive any more.
  bool AddHandle(const std::shared_ptr<SystemHandle>& handle);

  // Ends the handle's registrations, as Unregister does, and returns them.
  std::vector<std::shared_ptr<CallbackHandle>> RemoveHandle(
      const std::shared_ptr<SystemHandle>& handle);
  std::vector<std::shared_ptr<CallbackHandle>> RemoveHandle(
      const std::shared_ptr<ProcessHandle>& handle);

  // CreateProcess or OpenProcess: the handle is filled and known to the link before
  // the worker can tell that the process has exited.
  Reply CallForProcess(WorkerCall call, const std::shared_ptr<ProcessHandle>& handle);

  // Adds the registration to the handle, and posts to it what came before.
  void Register(SystemHandle* handle, const std::shared_ptr<CallbackHandle>& callback);
  void Register(ProcessHandle* handle, const std::shared_ptr<CallbackHandle>& callback);
  void Unregister(const CallbackHandle& callback);

  // --- Ends.

  // The worker died: what ran in the system is dead, too.
  void Crash();

  // The connection to the service is lost; every registration is told.
  void Disconnect();

  void OnWorkerEvent(const Json& event) override;
  void OnConnectionLost() override;

 private:
  struct LinkedProcess {
    ProcessStatus status;
    std::vector<std::shared_ptr<ProcessHandle>> handles;
  };

  void TakeSummaryLocked(const Json& event);
  void NotifyAllLocked(const Notification& notification);
  void ExitProcessLocked(LinkedProcess* process, const Json& status);
  void ExitSystemLocked(Notification notification);
  void AdoptProcess(const Reply& reply, const std::shared_ptr<ProcessHandle>& handle);
  void CloseIfUnusedLocked();
  Reply LostAnswerLocked(const WorkerCall& call) const;

  const std::string id_;
  Notifier* const notifier_;
  const std::function<void(std::shared_ptr<SystemLink>)> on_lost_;

  mutable std::mutex mutex_;
  mutable std::condition_variable opened_;
  Phase phase_ = Phase::kOpening;
  std::shared_ptr<WorkerConnection> connection_;
  int worker_process_id_ = 0;
  bool creating_ = false;  // While kOpening: the first call is Create.
  bool lost_while_opening_ = false;
  SystemSummary summary_;
  std::optional<Notification> exit_;  // What is told to late registrations.
  // SystemExited is told after each ProcessExited before it.
  const std::shared_ptr<NotificationGroup> process_exits_ = std::make_shared<NotificationGroup>();
  std::vector<std::shared_ptr<SystemHandle>> handles_;
  std::map<uint64_t, LinkedProcess> processes_;  // Those with handles, by key.
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_SYSTEM_LINK_H_
