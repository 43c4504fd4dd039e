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
    : directory_(std::move(directory)), report_(std::move(report)) {}

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
    report_(std::string(text.status().message()));
    return;
  }
  const absl::StatusOr<StateLines> lines = StateLines::Read(*text);
  if (!lines.ok()) return SetAside(path, lines.status());
  absl::StatusOr<StoredContainer> stored = lines->Parse();
  if (!stored.ok()) return SetAside(path, stored.status());
  if (!IsNameOf(path.stem().string(), stored->container.id())) {
    return SetAside(path, absl::DataLossError("it tells of another container"));
  }

  absl::MutexLock lock(&mutex_);
  File file{.name = path.filename().string(),
            .bytes = lines->whole_bytes(),
            .compacted_bytes = lines->Compacted().size()};
  if (!files_.emplace(stored->container.id(), std::move(file)).second) {
    return SetAside(path, absl::DataLossError("another file tells of the same container"));
  }
  if (text->size() > lines->whole_bytes()) {
    std::error_code error;
    std::filesystem::resize_file(path, lines->whole_bytes(), error);
    if (error) report_(absl::StrCat("cannot shorten ", path.string(), ": ", error.message()));
  }
  stored_.push_back(*std::move(stored));
}

void StateStore::SetAside(const std::filesystem::path& path, const absl::Status& reason) {
  std::filesystem::path aside = path;
  aside += kCorruptSuffix;
  std::error_code error;
  std::filesystem::rename(path, aside, error);
  report_(absl::StrCat(path.string(), " is set aside, with `", kCorruptSuffix,
                       "` at the end of its name: ", reason.message()));
}

std::vector<StoredContainer> StateStore::TakeStored() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(stored_, {});
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

void StateStore::AddContainer(const v1::Container& container) {
  const absl::StatusOr<std::string> line = ContainerLine(container);
  absl::MutexLock lock(&mutex_);
  if (!line.ok()) return Note(line.status());
  File& file = files_[container.id()];
  if (file.name.empty()) file.name = NewFileName(container.id());
  const absl::Status written = ReplaceStateFile(directory_ / file.name, *line);
  file.bytes = file.compacted_bytes = line->size();
  if (!written.ok()) files_.erase(container.id());
  Note(written);
}

void StateStore::UpdateContainer(const v1::Container& container) {
  AppendIfKnown(container.id(), ContainerLine(container));
}

void StateStore::RecordProcess(const v1::Process& process) {
  AppendIfKnown(process.container_id(), ProcessLine(process));
}

void StateStore::RemoveProcess(const std::string& container_id, uint32_t process_id) {
  AppendIfKnown(container_id, RemovedProcessLine(process_id));
}

void StateStore::Remove(const std::string& container_id) {
  absl::MutexLock lock(&mutex_);
  const auto file = files_.find(container_id);
  if (file == files_.end()) return;
  std::error_code error;
  std::filesystem::remove(directory_ / file->second.name, error);
  if (error) {
    Note(absl::ErrnoToStatus(error.value(), absl::StrCat("cannot remove ", file->second.name)));
  }
  files_.erase(file);
}

void StateStore::AppendIfKnown(const std::string& container_id,
                               const absl::StatusOr<std::string>& line) {
  absl::MutexLock lock(&mutex_);
  const auto file = files_.find(container_id);
  if (file == files_.end()) return;
  Note(line.ok() ? Append(file->second, *line) : line.status());
}

absl::Status StateStore::Append(File& file, const std::string& line) {
  absl::Status written = AppendToStateFile(directory_ / file.name, file.bytes, line);
  if (!written.ok()) return written;
  file.bytes += line.size();
  if (file.bytes <= kCompactBytes || file.bytes <= 2 * file.compacted_bytes) return written;
  return Compact(file);
}

absl::Status StateStore::Compact(File& file) {
  const std::filesystem::path path = directory_ / file.name;
  const absl::StatusOr<std::string> text = ReadStateFile(path);
  if (!text.ok()) return text.status();
  const absl::StatusOr<StateLines> lines = StateLines::Read(*text);
  if (!lines.ok()) return lines.status();
  const std::string compacted = lines->Compacted();
  if (absl::Status status = ReplaceStateFile(path, compacted); !status.ok()) return status;
  file.bytes = file.compacted_bytes = compacted.size();
  return absl::OkStatus();
}

void StateStore::Note(const absl::Status& outcome) {
  const bool was_failing = std::exchange(failing_, !outcome.ok());
  if (failing_ && !was_failing) {
    report_(absl::StrCat("the state of containers is not recorded: ", outcome.message()));
  }
  if (!failing_ && was_failing) report_("the state of containers is recorded again");
}

}  // namespace hcs::runtime
