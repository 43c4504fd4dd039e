// The processes of the system that clients have started: running ones, and exited
// ones that can still be asked about.

#ifndef HCS_CORE_EMULATOR_WORKER_PROCESS_TABLE_H_
#define HCS_CORE_EMULATOR_WORKER_PROCESS_TABLE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include "core/emulator/worker/container_process.h"

namespace hcs::emulator::worker {

// Exited processes that are kept without an open handle; the oldest go first.
inline constexpr size_t kExitedProcessesKept = 256;

// Keys are not used again; process ids are.
class ProcessTable {
 public:
  struct Entry {
    uint64_t key = 0;
    size_t handles = 0;
    std::unique_ptr<ContainerProcess> process;
  };

  // With one handle. An exited process of the same id without handles is forgotten.
  Entry& Add(std::unique_ptr<ContainerProcess> process);

  Entry* Find(uint64_t key);                 // nullptr: unknown, or forgotten.
  Entry* FindByProcessId(pid_t process_id);  // The newest with that id.

  // A process has exited: it stays for as long as a handle is open on it, and for a
  // while without.
  void OnExited(const Entry& entry);
  void ReleaseHandle(uint64_t key);

  size_t running() const { return running_; }
  std::map<uint64_t, Entry>& entries() { return entries_; }

 private:
  void Keep(uint64_t key);
  void Forget(uint64_t key);

  uint64_t next_key_ = 1;
  size_t running_ = 0;
  std::map<uint64_t, Entry> entries_;
  std::map<pid_t, uint64_t> keys_by_process_id_;
  std::deque<uint64_t> kept_;  // Exited, without handles, oldest first.
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_PROCESS_TABLE_H_
