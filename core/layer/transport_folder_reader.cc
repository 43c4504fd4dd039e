#include "core/layer/transport_folder_reader.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/layer_name.h"
#include "core/layer/tombstones.h"
#include "core/layer/transport_folder.h"

namespace hcs::layer {
namespace {

constexpr std::string_view kSuffix = kDirectorySuffix;

bool IsRecycleBin(std::string_view name) {
  if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
  return UpperCaseName(name) == UpperCaseName(kRecycleBin);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TransportFolderReader>> TransportFolderReader::Open(
    const std::filesystem::path& folder, NameCase name_case) {
  absl::StatusOr<RootedFolder> root = RootedFolder::Open(folder);
  if (!root.ok()) return root.status();
  auto reader = std::unique_ptr<TransportFolderReader>(
      new TransportFolderReader(*std::move(root), name_case));
  if (absl::Status status = reader->ReadTombstones(); !status.ok()) return status;
  if (absl::Status status = reader->Enter(""); !status.ok()) return status;
  return reader;
}

absl::Status TransportFolderReader::ReadTombstones() {
  const absl::StatusOr<RootedFile> file = folder_.OpenItem(kTombstonesName);
  if (absl::IsNotFound(file.status())) return absl::OkStatus();
  if (!file.ok()) return file.status();
  const absl::StatusOr<uint64_t> size = file->Size();
  if (!size.ok()) return size.status();
  if (*size > kMaxTombstonesBytes) {
    return InvalidName(kTombstonesName, "must not be larger than 64 MiB");
  }
  std::string text(*size, '\0');
  const absl::StatusOr<size_t> count = file->ReadAt(0, text.data(), text.size());
  if (!count.ok()) return count.status();
  text.resize(*count);
  absl::StatusOr<std::vector<std::string>> names = ParseTombstones(text);
  if (!names.ok()) return names.status();
  removed_ = *std::move(names);
  NameSet distinct(case_);
  for (const std::string& name : removed_) {
    if (!distinct.Insert(name, NameKind::kRemoved)) {
      return InvalidName(name, "must not be removed twice");
    }
  }
  return absl::OkStatus();
}

absl::Status TransportFolderReader::Enter(const std::string& name) {
  absl::StatusOr<std::vector<FolderItem>> items = folder_.List(name);
  if (!items.ok()) return items.status();
  if (absl::Status status = CheckDistinct(name, *items); !status.ok()) return status;
  levels_.push_back({name, *std::move(items)});
  return absl::OkStatus();
}

absl::Status TransportFolderReader::CheckDistinct(const std::string& folder,
                                                  const std::vector<FolderItem>& items) const {
  if (case_ == NameCase::kCounts) return absl::OkStatus();
  absl::flat_hash_set<std::string> names;
  names.reserve(items.size());
  for (const FolderItem& item : items) {
    if (names.insert(UpperCaseName(item.name)).second) continue;
    return InvalidName(folder.empty() ? item.name : folder + "\\" + item.name,
                       "must not differ from another name in case alone");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> TransportFolderReader::Next(LayerEntry* entry) {
  if (!failure_.ok()) return failure_;
  absl::StatusOr<bool> more = NextEntry(entry);
  if (!more.ok()) failure_ = more.status();
  return more;
}

absl::StatusOr<std::string_view> TransportFolderReader::Read() {
  if (!failure_.ok()) return failure_;
  if (!source_) return std::string_view();
  absl::StatusOr<std::string_view> piece = source_->Read();
  if (!piece.ok()) failure_ = piece.status();
  return piece;
}

absl::StatusOr<bool> TransportFolderReader::NextEntry(LayerEntry* entry) {
  *entry = {};
  source_.reset();
  if (next_removed_ < removed_.size()) {
    entry->kind = LayerEntry::Kind::kRemoved;
    entry->name = removed_[next_removed_++];
    return true;
  }
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next == level.items.size()) {
      levels_.pop_back();
      continue;
    }
    const FolderItem item = level.items[level.next++];
    const absl::StatusOr<bool> is_entry =
        ReadItem(level.name.empty() ? item.name : level.name + "\\" + item.name, item.kind, entry);
    if (!is_entry.ok() || *is_entry) return is_entry;
  }
  return false;
}

absl::StatusOr<bool> TransportFolderReader::ReadItem(std::string name, ItemKind kind,
                                                     LayerEntry* entry) {
  if (name == kTombstonesName || IsRecycleBin(name)) return false;
  if (absl::Status status = CheckLayerName(name); !status.ok()) return status;
  const TransportZone zone = ZoneOf(name);
  if (zone == TransportZone::kNowhere) {
    return InvalidName(name, "has no place in a transport folder");
  }
  if (kind == ItemKind::kOther) return InvalidName(name, "must be a file or a directory");
  if (zone == TransportZone::kPlain) return ReadPlain(std::move(name), kind, entry);
  if (kind == ItemKind::kDirectory) return ReadDirectory(std::move(name), entry);
  return ReadFile(std::move(name), entry);
}

absl::StatusOr<bool> TransportFolderReader::ReadFile(std::string name, LayerEntry* entry) {
  const std::string file = name;
  const bool is_metadata = name.ends_with(kSuffix);
  if (is_metadata) {
    name.resize(name.size() - kSuffix.size());
    if (HasDirectory(name)) return false;  // It is read with the directory.
    if (absl::Status status = CheckLayerName(name); !status.ok()) return status;
  }
  if (absl::Status status = BeginEntry(name, file, entry); !status.ok()) return status;
  const uint32_t attributes = entry->basic_info.FileAttributes;
  if (!is_metadata && (attributes & kAttributeDirectory) != 0) {
    return InvalidName(name, "has a directory's attributes, but is a file");
  }
  const bool leads_elsewhere =
      (attributes & kAttributeDirectory) != 0 && (attributes & kAttributeReparsePoint) != 0;
  if (is_metadata && !leads_elsewhere) {
    return InvalidName(name, "has metadata of a directory, but is none");
  }
  return true;
}

absl::StatusOr<bool> TransportFolderReader::ReadDirectory(std::string name, LayerEntry* entry) {
  const absl::Status begun = BeginEntry(name, name + kDirectorySuffix, entry);
  if (absl::IsNotFound(begun)) {
    return InvalidName(name, "must have its metadata beside it, in NAME.$wcidirs$");
  }
  if (!begun.ok()) return begun;
  const uint32_t attributes = entry->basic_info.FileAttributes;
  if ((attributes & kAttributeDirectory) == 0) {
    return InvalidName(name, "is a directory, but has a file's attributes");
  }
  if (absl::Status status = Enter(name); !status.ok()) return status;
  if ((attributes & kAttributeReparsePoint) != 0 && !levels_.back().items.empty()) {
    return InvalidName(name, "is a reparse point, and so must have nothing in it");
  }
  return true;
}

absl::StatusOr<bool> TransportFolderReader::ReadPlain(std::string name, ItemKind kind,
                                                      LayerEntry* entry) {
  if (IsTransportRoot(name) && kind != ItemKind::kDirectory) {
    return InvalidName(name, "must be a directory");
  }
  absl::StatusOr<RootedFile> file = folder_.OpenItem(name);
  if (!file.ok()) return file.status();
  absl::StatusOr<abi::FILE_BASIC_INFO> info = file->BasicInfo();
  if (!info.ok()) return info.status();
  const uint32_t attributes = info->FileAttributes;
  if (name == kFilesFolder || name == kHivesFolder) {
    const absl::StatusOr<RootedFile> delta = folder_.OpenItem(kDeltaHive);
    if (delta.ok()) info = delta->BasicInfo();
    if (!info.ok()) return info.status();
  }
  entry->basic_info = *info;
  entry->basic_info.FileAttributes = attributes;
  entry->basic_info.CreationTime = entry->basic_info.LastAccessTime = info->LastWriteTime;
  entry->name = name;
  if (kind == ItemKind::kDirectory) {
    if (absl::Status status = Enter(name); !status.ok()) return status;
    return true;
  }
  absl::StatusOr<OpenedSource> opened = OpenPlainFile(*std::move(file), &buffer_);
  if (!opened.ok()) return opened.status();
  entry->size = opened->content_size;
  source_ = std::move(opened->source);
  return true;
}

// The entry `name`, whose attributes and backup stream are in `transport_file`.
absl::Status TransportFolderReader::BeginEntry(std::string name, const std::string& transport_file,
                                               LayerEntry* entry) {
  if (HasDirectorySuffix(name)) return InvalidName(name, "must not end with '.$wcidirs$'");
  absl::StatusOr<RootedFile> file = folder_.OpenItem(transport_file);
  if (!file.ok()) return file.status();
  const absl::StatusOr<abi::FILE_BASIC_INFO> info = file->BasicInfo();
  if (!info.ok()) return info.status();
  if ((info->FileAttributes & kAttributeDirectory) != 0) {
    return InvalidName(transport_file, "must be a file");
  }
  absl::StatusOr<OpenedSource> opened = OpenTransportFile(*std::move(file), &buffer_);
  if (!opened.ok()) return opened.status();
  entry->name = std::move(name);
  entry->basic_info = *info;
  entry->basic_info.FileAttributes = opened->attributes;
  const bool directory = (opened->attributes & kAttributeDirectory) != 0;
  entry->size = directory ? 0 : opened->content_size;
  source_ = std::move(opened->source);
  return absl::OkStatus();
}

// Beside what is being read now.
bool TransportFolderReader::HasDirectory(std::string_view name) const {
  const std::string own(name.substr(name.rfind('\\') + 1));
  const std::vector<FolderItem>& items = levels_.back().items;
  const auto found = std::ranges::lower_bound(items, own, {}, &FolderItem::name);
  return found != items.end() && found->name == own && found->kind == ItemKind::kDirectory;
}

}  // namespace hcs::layer
