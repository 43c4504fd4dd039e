#include "core/runtime/state_record.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/runtime/state_file.h"
#include "core/runtime/state_lines.h"

namespace hcs::runtime {

void RecordingReport::Note(const absl::Status& outcome) {
  absl::MutexLock lock(&mutex_);
  const bool was_failing = std::exchange(failing_, !outcome.ok());
  if (failing_ && !was_failing) {
    report_(absl::StrCat("the state of containers is not recorded: ", outcome.message()));
  }
  if (!failing_ && was_failing) report_("the state of containers is recorded again");
}

StateRecord::StateRecord(std::filesystem::path path, uint64_t bytes, uint64_t compacted_bytes,
                         std::shared_ptr<RecordingReport> report)
    : path_(std::move(path)),
      report_(std::move(report)),
      bytes_(bytes),
      compacted_bytes_(compacted_bytes) {}

void StateRecord::UpdateContainer(const v1::Container& container) {
  Append(ContainerLine(container));
}

void StateRecord::RecordProcess(const v1::Process& process) { Append(ProcessLine(process)); }

void StateRecord::RemoveProcess(uint32_t process_id) { Append(RemovedProcessLine(process_id)); }

void StateRecord::Detach() {
  absl::MutexLock lock(&mutex_);
  detached_ = true;
}

void StateRecord::Append(const absl::StatusOr<std::string>& line) {
  absl::MutexLock lock(&mutex_);
  if (!detached_) report_->Note(line.ok() ? AppendLine(*line) : line.status());
}

absl::Status StateRecord::AppendLine(const std::string& line) {
  absl::Status written = AppendToStateFile(path_, bytes_, line);
  if (!written.ok()) return written;
  bytes_ += line.size();
  if (bytes_ <= kCompactBytes || bytes_ <= 2 * compacted_bytes_) return written;
  return Compact();
}

absl::Status StateRecord::Compact() {
  const absl::StatusOr<std::string> text = ReadStateFile(path_);
  if (!text.ok()) return text.status();
  const absl::StatusOr<StateLines> lines = StateLines::Read(*text);
  if (!lines.ok()) return lines.status();
  const std::string compacted = lines->Compacted();
  if (absl::Status status = ReplaceStateFile(path_, compacted); !status.ok()) return status;
  bytes_ = compacted_bytes_ = compacted.size();
  return absl::OkStatus();
}

}  // namespace hcs::runtime
