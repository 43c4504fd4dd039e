// One container's file in the state store, `ID.journal`: lines are appended to
// it (see StateLines), and now and then it is rewritten without the old ones.

#ifndef HCS_CORE_RUNTIME_STATE_RECORD_H_
#define HCS_CORE_RUNTIME_STATE_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

// Tells of failing writes once, and once of the first that works again.
class RecordingReport {
 public:
  // Takes one sentence for a log; called from any thread, holding a lock.
  using Report = std::function<void(const std::string&)>;

  explicit RecordingReport(Report report) : report_(std::move(report)) {}

  // Passes a sentence on, always.
  void Tell(const std::string& sentence) const { report_(sentence); }
  void Note(const absl::Status& outcome);

 private:
  const Report report_;
  absl::Mutex mutex_;
  bool failing_ ABSL_GUARDED_BY(mutex_) = false;
};

// Thread-safe. The methods write a file: not for threads that must not block. No
// descriptor stays open. They do not fail: a container runs on though the disk
// is full; the report tells.
//
// A record belongs to one container, not to an id: once another container has
// its id, or it was removed from the store, it writes nothing any more.
class StateRecord {
 public:
  // The file is rewritten when it has more bytes than this and more than twice
  // as many as after it was last rewritten.
  static constexpr size_t kCompactBytes = size_t{64} << 10;

  // `path` has `bytes` bytes, and would have `compacted_bytes` if rewritten.
  StateRecord(std::filesystem::path path, uint64_t bytes, uint64_t compacted_bytes,
              std::shared_ptr<RecordingReport> report);

  void UpdateContainer(const v1::Container& container);
  // In place of what was recorded of a process of that id.
  void RecordProcess(const v1::Process& process);
  void RemoveProcess(uint32_t process_id);

  // For the store: writes nothing from now on. The file stays.
  void Detach();
  const std::filesystem::path& path() const { return path_; }

 private:
  void Append(const absl::StatusOr<std::string>& line);
  absl::Status AppendLine(const std::string& line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Compact() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::filesystem::path path_;
  const std::shared_ptr<RecordingReport> report_;
  absl::Mutex mutex_;
  uint64_t bytes_ ABSL_GUARDED_BY(mutex_);
  uint64_t compacted_bytes_ ABSL_GUARDED_BY(mutex_);
  bool detached_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STATE_RECORD_H_
