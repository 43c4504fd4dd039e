#include "core/runtime/state_store.h"

#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/runtime/state_file.h"

namespace hcs::runtime {
namespace {

constexpr char kSuffix[] = ".journal";
constexpr char kCorruptSuffix[] = ".corrupt";
// Longer names are cut. File systems allow 255 bytes, the suffixes included.
constexpr size_t kLongestName = 200;

// A name that file systems take: all but letters, digits, `-`, `_` and dots
// within is written as %XX.
std::string Encoded(const std::string& id) {
  std::string name;
  for (const char byte : id) {
    const bool plain =
        absl::ascii_isalnum(byte) || byte == '-' || byte == '_' || (byte == '.' && !name.empty());
    if (plain) {
      name += byte;
    } else {
      absl::StrAppend(&name, "%", absl::Hex(static_cast<uint8_t>(byte), absl::kZeroPad2));
    }
  }
  return name;
}

// Without the suffix. A short one stands for one id only. Long ones are cut and
// told apart by a number; which id such a file is of is in the file.
std::string NameOf(const std::string& id) {
  const std::string name = Encoded(id);
  return name.size() <= kLongestName ? name : name.substr(0, kLongestName) + "~";
}

bool IsNameOf(const std::string& name, const std::string& id) {
  const std::string own = NameOf(id);
  return own.back() == '~' ? absl::StartsWith(name, own) : name == own;
}

}  // namespace

absl::StatusOr<std::unique_ptr<StateStore>> StateStore::Open(
    const std::filesystem::path& state_directory, Report report) {
  const std::filesystem::path directory = state_directory / "containers";
  if (absl::Status status = CreatePrivateDirectory(directory); !status.ok()) return status;
  auto store = std::make_unique<StateStore>(Made(), directory, std::move(report));
  if (absl::Status status = store->ReadAll(); !status.ok()) return status;
  return store;
}

StateStore::StateStore(Made, std::filesystem::path directory, Report report)
    : directory_(std::move(directory)),
      report_(std::make_shared<RecordingReport>(std::move(report))) {}

absl::Status StateStore::ReadAll() {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  std::filesystem::directory_iterator entry(directory_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::filesystem::path& path = entry->path();
    if (path.extension() == kSuffix) paths.push_back(path);
    // What a daemon was about to write when it was killed.
    std::error_code ignored;
    if (path.extension() == ".new") std::filesystem::remove(path, ignored);
  }
  if (error) {
    return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot list ", directory_.string()));
  }
  for (const std::filesystem::path& path : paths) ReadFile(path);
  return absl::OkStatus();
}

void StateStore::ReadFile(const std::filesystem::path& path) {
  const absl::StatusOr<std::string> text = ReadStateFile(path);
  if (!text.ok()) {
    report_->Tell(std::string(text.status().message()));
    return;
  }
  const absl::StatusOr<StateLines> lines = StateLines::Read(*text);
  if (!lines.ok()) return SetAside(path, lines.status());
  absl::StatusOr<StoredContainer> stored = lines->Parse();
  if (!stored.ok()) return SetAside(path, stored.status());
  if (!IsNameOf(path.stem().string(), stored->container.id())) {
    return SetAside(path, absl::DataLossError("it tells of another container"));
  }

  auto record =
      std::make_shared<StateRecord>(path, lines->whole_bytes(), lines->Compacted().size(), report_);
  absl::MutexLock lock(&mutex_);
  if (!records_.emplace(stored->container.id(), record).second) {
    return SetAside(path, absl::DataLossError("another file tells of the same container"));
  }
  if (text->size() > lines->whole_bytes()) {
    std::error_code error;
    std::filesystem::resize_file(path, lines->whole_bytes(), error);
    if (error) report_->Tell(absl::StrCat("cannot shorten ", path.string(), ": ", error.message()));
  }
  recorded_.push_back({*std::move(stored), std::move(record)});
}

void StateStore::SetAside(const std::filesystem::path& path, const absl::Status& reason) {
  std::filesystem::path aside = path;
  aside += kCorruptSuffix;
  std::error_code error;
  std::filesystem::rename(path, aside, error);
  report_->Tell(absl::StrCat(path.string(), " is set aside, with `", kCorruptSuffix,
                             "` at the end of its name: ", reason.message()));
}

std::vector<RecordedContainer> StateStore::TakeRecorded() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(recorded_, {});
}

std::string StateStore::NewFileName(const std::string& container_id) const {
  const std::string name = NameOf(container_id);
  if (name.back() != '~') return name + kSuffix;
  for (int number = 1;; ++number) {
    std::string numbered = absl::StrCat(name, number, kSuffix);
    std::error_code error;
    if (!std::filesystem::exists(directory_ / numbered, error)) return numbered;
  }
}

std::shared_ptr<StateRecord> StateStore::Add(const v1::Container& container) {
  const absl::StatusOr<std::string> line = ContainerLine(container);
  const uint64_t bytes = line.ok() ? line->size() : 0;
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<StateRecord>& place = records_[container.id()];
  // Before its file gets the new content.
  if (place != nullptr) place->Detach();
  const std::filesystem::path path =
      place != nullptr ? place->path() : directory_ / NewFileName(container.id());
  auto record = std::make_shared<StateRecord>(path, bytes, bytes, report_);
  place = record;
  const absl::Status written = line.ok() ? ReplaceStateFile(path, *line) : line.status();
  if (!written.ok()) {
    record->Detach();
    records_.erase(container.id());
  }
  report_->Note(written);
  return record;
}

void StateStore::Remove(const std::string& container_id,
                        const std::shared_ptr<StateRecord>& record) {
  absl::MutexLock lock(&mutex_);
  const auto found = records_.find(container_id);
  if (found == records_.end() || found->second != record) return;
  record->Detach();
  std::error_code error;
  std::filesystem::remove(record->path(), error);
  if (error) {
    report_->Note(absl::ErrnoToStatus(error.value(),
                                      absl::StrCat("cannot remove ", record->path().string())));
  }
  records_.erase(found);
}

}  // namespace hcs::runtime
