// What the daemon remembers on disk of its containers and their processes, to
// find them again after a restart: one file per container,
// `STATE/containers/ID.journal`, to which lines are appended (see StateLines).
//
// A record costs one write and no fsync. It survives the daemon, however that
// ends; it need not survive the machine. The emulated host's containers end with
// the machine, and a real host is asked what it still has.

#ifndef HCS_CORE_RUNTIME_STATE_STORE_H_
#define HCS_CORE_RUNTIME_STATE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/runtime/state_lines.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

// Thread-safe. The methods write a file: not for threads that must not block.
// No descriptor stays open.
//
// They do not fail: a container runs on though the disk is full. What could not
// be recorded is reported, once until it works again.
class StateStore {
  struct Made {};

 public:
  // Takes one sentence for a log; called from any thread, holding a lock of the
  // store.
  using Report = std::function<void(const std::string&)>;

  // A container's file is rewritten when it has more bytes than this and more
  // than twice as many as after it was last rewritten.
  static constexpr size_t kCompactBytes = size_t{64} << 10;

  // Creates the directory if missing, and reads what is there. A damaged file is
  // reported and set aside, as `ID.journal.corrupt`.
  static absl::StatusOr<std::unique_ptr<StateStore>> Open(
      const std::filesystem::path& state_directory, Report report);

  // For Open.
  StateStore(Made, std::filesystem::path directory, Report report);

  // What Open found, in no order; the second time nothing.
  std::vector<StoredContainer> TakeStored();

  // Begins a container's file, in place of one of an earlier container of that id.
  void AddContainer(const v1::Container& container);
  // These do nothing for a container that was not added, or has been removed.
  void UpdateContainer(const v1::Container& container);
  // In place of what was recorded of a process of that id.
  void RecordProcess(const v1::Process& process);
  void RemoveProcess(const std::string& container_id, uint32_t process_id);
  // Forgets a container with its processes.
  void Remove(const std::string& container_id);

 private:
  struct File {
    std::string name;
    uint64_t bytes = 0;
    uint64_t compacted_bytes = 0;
  };

  absl::Status ReadAll();
  void ReadFile(const std::filesystem::path& path);
  void SetAside(const std::filesystem::path& path, const absl::Status& reason);
  std::string NewFileName(const std::string& container_id) const;
  void AppendIfKnown(const std::string& container_id, const absl::StatusOr<std::string>& line);
  absl::Status Append(File& file, const std::string& line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Compact(File& file) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Note(const absl::Status& outcome) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::filesystem::path directory_;
  const Report report_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
  std::vector<StoredContainer> stored_ ABSL_GUARDED_BY(mutex_);
  bool failing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STATE_STORE_H_
