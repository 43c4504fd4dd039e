// The processes of one container that the daemon holds.

#ifndef HCS_CORE_RUNTIME_PROCESS_TABLE_H_
#define HCS_CORE_RUNTIME_PROCESS_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/host/process.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

class Container;
class Process;

// Thread-safe. A part of its container.
class ProcessTable {
 public:
  using Answer = absl::AnyInvocable<void(absl::Status) &&>;
  using ProcessAnswer = absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<Process>>) &&>;

  explicit ProcessTable(Container& container) : container_(container) {}

  // HcsCreateProcess. `description` is what the document says: the pipes, the
  // policies and the command line.
  void Create(std::string document, v1::Process description, ProcessAnswer answer);
  // HcsOpenProcess, unless it is held.
  void Open(uint32_t process_id, ProcessAnswer answer);
  // What Open does for a process that the daemon held before, on the call pool.
  // One that the host no longer has gets an unknown exit.
  void Reopen(const v1::Process& stored);

  // NOT_FOUND (ERROR_NOT_FOUND).
  absl::StatusOr<std::shared_ptr<Process>> Find(uint32_t process_id) const;
  // Those after `after`, at most `limit`; `more` says whether there are others.
  std::vector<v1::Process> List(uint32_t after, size_t limit, bool* more) const;
  std::vector<v1::Process> All() const;

  // Forgets the process and gives its handle back.
  void Close(uint32_t process_id, Answer answer);

  // On the strand: appends the event, and remembers the exit on disk.
  void RecordExit(const v1::Process& description);
  // Its exit is told: closes it, or what must make room for it.
  void OnExited(const Process& process);

  // The container has exited: those that have not yet must soon.
  void ExpectExits();
  // Ends every wait with `status`; the processes stay.
  void FailWaits(const absl::Status& status);
  // Ends every wait and stream with `status`, and gives the handles back. Blocks:
  // on the call pool.
  void Release(const absl::Status& status);

  int32_t running() const;
  size_t size() const;

 private:
  enum class Known {
    kNew,
    // Since before the daemon was started, or the service was lost.
    kBefore,
  };

  void CreateOnLane(const std::string& document, v1::Process description, ProcessAnswer answer);
  absl::StatusOr<std::shared_ptr<Process>> OpenOnLane(v1::Process description, Known known);
  absl::StatusOr<std::shared_ptr<Process>> Add(v1::Process description, host::Process handle,
                                               host::ProcessInformation streams, Known known);
  // Records the process on disk, and tells that it is there.
  void Announce(const v1::Process& description);
  void ReleaseOnLane(std::shared_ptr<Process> process, Answer answer);
  void ForgetOnDisk(const Process& process);
  std::vector<std::shared_ptr<Process>> Snapshot() const;

  Container& container_;
  mutable absl::Mutex mutex_;
  absl::btree_map<uint32_t, std::shared_ptr<Process>> processes_ ABSL_GUARDED_BY(mutex_);
  // The oldest first; some may be gone already.
  std::vector<uint32_t> exited_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_PROCESS_TABLE_H_
