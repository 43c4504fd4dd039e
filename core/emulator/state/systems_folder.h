// The state of all compute systems on disk: STATE/systems/NAME/ for each, where NAME
// stands for the id (system_id.h). It is the truth across restarts.
//
//   lock           flock'ed by the worker for as long as it lives: who can lock it has
//                  found what a dead worker left behind
//   socket         the worker's listener
//   identity.json  {"Id", "RuntimeId", "Namespaces"}
//   summary.json   the basic properties, as last changed
//   worker.log     the worker's stderr
//
// With namespaces the folder is the OCI runtime's bundle as well (isolation/oci_bundle.h):
//   config.json, runtime/, runtime.log, worker.pid; and mount_points.json
//   (container_remains.h)
//
// A folder is renamed to .dead-... before it is emptied, so that the id is free at
// once; .dead-... folders are finished by whoever finds them.

#ifndef HCS_CORE_EMULATOR_STATE_SYSTEMS_FOLDER_H_
#define HCS_CORE_EMULATOR_STATE_SYSTEMS_FOLDER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/outcome.h"
#include "core/emulator/state/state_files.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// What a new system's worker gets. The lock is held through `lock`.
struct ReservedSystem {
  std::string path;  // The folder's, absolute.
  std::string runtime_id;
  platform::UniqueFd folder;
  platform::UniqueFd lock;
  platform::UniqueFd listener;
};

// The name of a system's container scope (core/platform), by which leftovers are
// found again.
std::string ScopeNameOf(std::string_view runtime_id);

// Thread-safe, and safe among processes that share the folder.
class SystemsFolder {
 public:
  // Makes the folders that are missing, for their owner alone.
  static Outcome<SystemsFolder> Open(const std::string& state_folder);

  // Takes the id: VMCOMPUTE_SYSTEM_ALREADY_EXISTS while another one has it.
  // `namespaces`: its container will have some of its own.
  Outcome<ReservedSystem> Reserve(const std::string& id, bool namespaces);

  // A folder of the same kind that no id leads to, for a container with namespaces that
  // is no system. To be abandoned in the end.
  Outcome<ReservedSystem> ReserveUnlisted();

  // Gives it back, where no worker could be started, with all that it left.
  void Abandon(ReservedSystem reserved);

  // A stream to the worker of `id`, or VMCOMPUTE_SYSTEM_NOT_FOUND. May block while
  // the worker does not accept.
  Outcome<platform::UniqueFd> Connect(const std::string& id);

  // Ids of the systems that exist. Some may be dead.
  std::vector<std::string> List() const;

  // The text of summary.json; nullopt when the system is gone, dead, or being created.
  std::optional<std::string> ReadSummary(const std::string& id) const;

  // The RuntimeId of a system that is there or being created; nullopt when it is gone or
  // dead.
  std::optional<std::string> ReadRuntimeId(const std::string& id) const;

  // Opens worker.log for the worker's stderr.
  static platform::UniqueFd OpenLog(const ReservedSystem& reserved);

  // Removes the system if its worker is dead, with the processes that it left. True
  // when there is no such system any more (or not the one that has died).
  bool RemoveIfDead(const std::string& id);

  // Does the same for all of them.
  void RemoveAllDead();

 private:
  SystemsFolder(platform::UniqueFd state, platform::UniqueFd systems, std::string path)
      : state_(std::move(state)), systems_(std::move(systems)), path_(std::move(path)) {}

  bool RemoveIfDeadLocked(const std::string& name, std::vector<std::string>* dead_names);
  void FinishDead(const std::string& dead_name);
  platform::UniqueFd LockState() const;
  std::optional<std::string> ReadOfLiving(const std::string& id, const char* file) const;

  platform::UniqueFd state_;
  platform::UniqueFd systems_;
  std::string path_;  // Of systems_, absolute.
};

// For the worker whose folder this is: makes `name` in `systems` free at once, then
// removes the folder or, unless `finished`, leaves it for others to finish. 0, or an
// errno value.
int RemoveOwnFolder(int systems, const std::string& name, bool finished);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_SYSTEMS_FOLDER_H_
