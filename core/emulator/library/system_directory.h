// All compute systems, by their ids: creating, opening, enumerating.

#ifndef HCS_CORE_EMULATOR_LIBRARY_SYSTEM_DIRECTORY_H_
#define HCS_CORE_EMULATOR_LIBRARY_SYSTEM_DIRECTORY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/emulator/channel/confinement.h"
#include "core/emulator/documents/requests.h"
#include "core/emulator/documents/system_document.h"
#include "core/emulator/isolation/isolation_choice.h"
#include "core/emulator/isolation/oci_runtime.h"
#include "core/emulator/layers/volume_paths.h"
#include "core/emulator/library/handles.h"
#include "core/emulator/library/notifier.h"
#include "core/emulator/library/reactor.h"
#include "core/emulator/library/system_link.h"
#include "core/emulator/library/task_threads.h"
#include "core/emulator/outcome.h"
#include "core/emulator/state/systems_folder.h"

namespace hcs::emulator {

// Thread-safe. `reactor` and `notifier` must outlive it.
class SystemDirectory {
 public:
  struct Options {
    std::string worker_path;
    uint32_t build_number = 0;
    std::string state_folder;  // Absolute.
    IsolationSetting isolation = IsolationSetting::kAuto;
    // Attaches a system that is being created to its network. May be empty.
    std::function<Status(const std::string& id, const Json& document)> attach_network;
  };

  SystemDirectory(SystemsFolder folder, Options options, Reactor* reactor, Notifier* notifier);

  // Checks, takes the id, and leaves the rest to a thread of the directory's: the
  // handle is told when the system is there, or why it is not.
  Outcome<std::shared_ptr<SystemHandle>> Create(const std::string& id, std::string configuration);

  // How systems with a root are isolated; the first call may take a moment.
  const HostIsolation& Isolation() { return isolation_.Find(&folder_); }

  // Waits for a creation that is under way. VMCOMPUTE_SYSTEM_NOT_FOUND.
  Outcome<std::shared_ptr<SystemHandle>> Open(const std::string& id);

  // A JSON array of basic properties. No call to any worker: it cannot hang.
  std::string Enumerate(const EnumerationQuery& query);

  // Of a system that is there or being created, in any process; nullopt otherwise.
  std::optional<std::string> RuntimeIdOf(const std::string& id) const {
    return folder_.ReadRuntimeId(id);
  }

  // Waits for the creations under way. Afterwards none may be begun.
  void FinishCreations() { launchers_.Finish(); }

  // Call when a handle of the link has been closed.
  void ForgetIfUnused(const std::shared_ptr<SystemLink>& link);

 private:
  std::shared_ptr<SystemLink> NewLink(const std::string& id);
  // What a creation under way has to work with.
  struct Creation {
    ReservedSystem reserved;
    std::string configuration;
    // Both or, without namespaces, none.
    std::optional<ContainerLaunch> launch;
    std::optional<Confinement> confinement;
  };

  // Fills in what namespaces need.
  Status PlanContainer(const SystemDocument& system, const std::string& id, Creation* creation);
  void Launch(const std::shared_ptr<SystemLink>& link, Creation creation);
  Status StartWorker(const std::shared_ptr<SystemLink>& link, Creation* creation);
  // The worker's connection; `call` gets what a confined one needs from outside.
  Outcome<platform::UniqueFd> LaunchFor(const std::string& id, Creation* creation, Json* document,
                                        WorkerCall* call);
  // The link of a living system, with `handle` on it; nullptr when there is none yet,
  // and then `*opening` is a new one, to be connected.
  std::shared_ptr<SystemLink> FindOrBegin(const std::string& id,
                                          const std::shared_ptr<SystemHandle>& handle,
                                          std::shared_ptr<SystemLink>* opening);
  Status Attach(const std::shared_ptr<SystemLink>& link);
  void FindOutWhyLost(const std::shared_ptr<SystemLink>& link);

  SystemsFolder folder_;
  const Options options_;
  const Volumes volumes_;
  IsolationChoice isolation_;
  Reactor* const reactor_;
  Notifier* const notifier_;

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<SystemLink>, std::less<>> links_;

  // Last: their tasks use what is above.
  TaskThreads undertaker_{1};
  TaskThreads launchers_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_SYSTEM_DIRECTORY_H_
