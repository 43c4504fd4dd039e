// What the daemon remembers on disk of its containers and their processes, to
// find them again after a restart: one file per container,
// `STATE/containers/ID.journal`, to which lines are appended (see StateLines).
//
// A record costs one write and no fsync. It survives the daemon, however that
// ends; it need not survive the machine. The emulated host's containers end with
// the machine, and a real host is asked what it still has.

#ifndef HCS_CORE_RUNTIME_STATE_STORE_H_
#define HCS_CORE_RUNTIME_STATE_STORE_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/runtime/state_lines.h"
#include "core/runtime/state_record.h"
#include "hcs/v1/container_service.pb.h"

namespace hcs::runtime {

// A container that an earlier daemon recorded, and the record to go on with.
struct RecordedContainer : StoredContainer {
  std::shared_ptr<StateRecord> record;
};

// Thread-safe. The methods write a file: not for threads that must not block.
// What could not be recorded is reported, and is no error (see StateRecord).
class StateStore {
  struct Made {};

 public:
  using Report = RecordingReport::Report;

  // Creates the directory if missing, and reads what is there. A damaged file is
  // reported and set aside, as `ID.journal.corrupt`.
  static absl::StatusOr<std::unique_ptr<StateStore>> Open(
      const std::filesystem::path& state_directory, Report report);

  // For Open.
  StateStore(Made, std::filesystem::path directory, Report report);

  // What Open found, in no order; the second time nothing.
  std::vector<RecordedContainer> TakeRecorded();

  // Begins a container's record, in place of that of an earlier container of its
  // id. Never null; one whose file cannot be made records nothing.
  std::shared_ptr<StateRecord> Add(const v1::Container& container);

  // Forgets a container with its processes. Nothing happens when another has
  // taken its place, or to a null record.
  void Remove(const std::string& container_id, const std::shared_ptr<StateRecord>& record);

 private:
  absl::Status ReadAll();
  void ReadFile(const std::filesystem::path& path);
  void SetAside(const std::filesystem::path& path, const absl::Status& reason);
  std::string NewFileName(const std::string& container_id) const;

  const std::filesystem::path directory_;
  const std::shared_ptr<RecordingReport> report_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<StateRecord>> records_ ABSL_GUARDED_BY(mutex_);
  std::vector<RecordedContainer> recorded_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STATE_STORE_H_
