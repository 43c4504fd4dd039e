#include "core/layer/transport_folder_writer.h"

#include <system_error>
#include <utility>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/layer_name.h"
#include "core/layer/tombstones.h"
#include "core/layer/transport_folder.h"

namespace hcs::layer {
namespace {

bool IsFilesEntry(std::string_view name) { return ZoneOf(name) == TransportZone::kFiles; }

absl::Status InvalidLink(std::string_view name, const std::string& rule) {
  return InvalidName(name, "invalid hard link in layer: " + rule);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TransportFolderWriter>> TransportFolderWriter::Create(
    const std::filesystem::path& folder, const std::vector<std::filesystem::path>& parents,
    NameCase name_case) {
  std::error_code error;
  if (!std::filesystem::create_directory(folder, error)) {
    const std::string text = "cannot create the folder " + folder.string();
    if (!error) return absl::AlreadyExistsError(text + ": it is there already");
    return absl::ErrnoToStatus(error.value(), text);
  }
  absl::StatusOr<RootedFolder> root = RootedFolder::Open(folder);
  if (!root.ok()) {
    std::filesystem::remove(folder, error);
    return root.status();
  }
  auto writer = std::unique_ptr<TransportFolderWriter>(
      new TransportFolderWriter(folder, *std::move(root), name_case));
  if (absl::Status status = writer->Begin(parents); !status.ok()) return status;
  return writer;
}

TransportFolderWriter::~TransportFolderWriter() {
  if (committed_) return;
  std::error_code error;  // What cannot be removed stays; there is nobody to tell.
  std::filesystem::remove_all(path_, error);
}

absl::Status TransportFolderWriter::Keep(absl::Status status) {
  if (!status.ok()) failure_ = status;
  return status;
}

absl::Status TransportFolderWriter::Begin(const std::vector<std::filesystem::path>& parents) {
  for (const std::filesystem::path& parent : parents) {
    absl::StatusOr<RootedFolder> opened = RootedFolder::Open(parent);
    if (!opened.ok()) return opened.status();
    parents_.push_back(*std::move(opened));
  }
  absl::StatusOr<RootedFile> tombstones = folder_.CreateFile(kTombstonesName);
  if (!tombstones.ok()) return tombstones.status();
  tombstones_ = *std::move(tombstones);
  tombstones_size_ = TombstonesHeader().size();
  return tombstones_.WriteAt(0, TombstonesHeader());
}

absl::Status TransportFolderWriter::Add(const LayerEntry& entry) {
  if (!failure_.ok()) return failure_;
  if (absl::Status status = EndEntry(); !status.ok()) return Keep(status);
  return Keep(AddEntry(entry));
}

absl::Status TransportFolderWriter::Write(std::string_view piece) {
  if (!failure_.ok()) return failure_;
  if (!sink_) return Keep(absl::FailedPreconditionError("no file was added to write to"));
  return Keep(sink_->Write(piece));
}

absl::Status TransportFolderWriter::Commit() {
  if (!failure_.ok()) return failure_;
  if (absl::Status status = EndEntry(); !status.ok()) return Keep(status);
  if (absl::Status status = RestoreDirectoryTimes(); !status.ok()) return Keep(status);
  committed_ = true;
  failure_ = absl::FailedPreconditionError("the layer has been committed");
  return absl::OkStatus();
}

absl::Status TransportFolderWriter::EndEntry() {
  if (!sink_) return absl::OkStatus();
  return std::exchange(sink_, nullptr)->Finish();
}

absl::Status TransportFolderWriter::AddEntry(const LayerEntry& entry) {
  if (absl::Status status = CheckLayerName(entry.name); !status.ok()) return status;
  if (absl::Status status = CheckPlace(entry); !status.ok()) return status;
  switch (entry.kind) {
    case LayerEntry::Kind::kFile: return AddFile(entry);
    case LayerEntry::Kind::kLink: return AddLink(entry);
    case LayerEntry::Kind::kRemoved: return Remove(entry.name);
  }
  return InvalidName(entry.name, "must be a file, a link or a removal");
}

absl::Status TransportFolderWriter::CheckPlace(const LayerEntry& entry) {
  const std::string& name = entry.name;
  if (ZoneOf(name) == TransportZone::kNowhere) {
    return InvalidName(name, "has no place in a transport folder");
  }
  if (IsFilesEntry(name) && HasDirectorySuffix(name)) {
    return InvalidName(name, "must not end with '.$wcidirs$'");
  }
  const NameKind kind = names_.Find(name);
  const bool removed = entry.kind == LayerEntry::Kind::kRemoved;
  if (kind == NameKind::kNone || (kind == NameKind::kRemoved && !removed)) {
    return absl::OkStatus();
  }
  return InvalidName(name, removed ? "must not be removed twice, or after it was added"
                           : names_.name_case() == NameCase::kCounts
                               ? "must not be there twice"
                               : "must not be there twice, in whatever case");
}

// Files and Hives, for the first that is below them.
absl::Status TransportFolderWriter::MakeRoot(std::string_view name) {
  for (const char* root : {kFilesFolder, kHivesFolder}) {
    if (ParentName(name) != root || !names_.Insert(root, NameKind::kDirectory)) continue;
    return folder_.CreateDirectory(root);
  }
  return absl::OkStatus();
}

absl::Status TransportFolderWriter::CheckFolderOf(std::string_view name) {
  const std::string_view folder = ParentName(name);
  // The folders of a clone are not among the names.
  const bool is_there = folder.empty() || names_.Find(folder) == NameKind::kDirectory ||
                        (has_clone_ && IsUtilityVmFile(name));
  if (is_there) return absl::OkStatus();
  return InvalidName(name, "must come after its folder, which must be no reparse point");
}

absl::Status TransportFolderWriter::AddFile(const LayerEntry& entry) {
  if (absl::Status status = MakeRoot(entry.name); !status.ok()) return status;
  if (absl::Status status = CheckFolderOf(entry.name); !status.ok()) return status;
  absl::Status status = IsFilesEntry(entry.name) ? AddTransportFile(entry) : AddPlain(entry);
  if (absl::IsNotFound(status)) {
    return InvalidName(entry.name, "must have its folder's name in the folder's own case");
  }
  return status;
}

absl::Status TransportFolderWriter::AddTransportFile(const LayerEntry& entry) {
  const uint32_t attributes = entry.basic_info.FileAttributes;
  const bool directory = (attributes & kAttributeDirectory) != 0;
  // A directory that leads elsewhere has no real one, so that nothing lands there.
  const bool leads_elsewhere = directory && (attributes & kAttributeReparsePoint) != 0;
  if (directory && !leads_elsewhere) {
    if (absl::Status status = folder_.CreateDirectory(entry.name); !status.ok()) return status;
  }
  absl::StatusOr<RootedFile> file =
      folder_.CreateFile(directory ? entry.name + kDirectorySuffix : entry.name);
  if (!file.ok()) return file.status();
  sink_ = WriteTransportFile(*std::move(file), entry.basic_info);
  names_.Insert(entry.name, leads_elsewhere ? NameKind::kReparseDirectory
                            : directory     ? NameKind::kDirectory
                                            : NameKind::kFile);
  return absl::OkStatus();
}

absl::Status TransportFolderWriter::AddPlain(const LayerEntry& entry) {
  const bool directory = (entry.basic_info.FileAttributes & kAttributeDirectory) != 0;
  if (IsTransportRoot(entry.name) && !directory) {
    return InvalidName(entry.name, "must be a directory");
  }
  bool is_there = false;
  absl::Status status = MakeWayInClone(entry.name, directory, &is_there);
  if (!status.ok()) return status;
  names_.Insert(entry.name, directory ? NameKind::kDirectory : NameKind::kFile);
  if (directory) {
    if (!is_there) status = folder_.CreateDirectory(entry.name);
    if (status.ok()) status = AddPlainDirectory(entry.name, entry.basic_info);
    return status;
  }
  absl::StatusOr<RootedFile> file = folder_.CreateFile(entry.name);
  if (!file.ok()) return file.status();
  sink_ = WritePlainFile(*std::move(file), entry.basic_info);
  return absl::OkStatus();
}

absl::Status TransportFolderWriter::AddPlainDirectory(const std::string& name,
                                                      const abi::FILE_BASIC_INFO& info) {
  directories_.push_back({name, info});
  sink_ = CheckStreamAlone(name);
  if (name != kUtilityVmFolder || parents_.empty()) return absl::OkStatus();
  has_clone_ = true;
  return CloneUtilityVm(parents_.front(), folder_, &directories_);
}

// What the clone has in a new entry's place goes, unless both are directories: then
// `is_there` is set. A file must go, since a link's content would be the parent's, too.
absl::Status TransportFolderWriter::MakeWayInClone(const std::string& name, bool directory,
                                                   bool* is_there) {
  if (!has_clone_) return absl::OkStatus();
  const absl::StatusOr<std::vector<FolderItem>> items = folder_.List(ParentName(name));
  if (!items.ok()) return items.status();
  const std::string own(name.substr(name.rfind('\\') + 1));
  for (const FolderItem& item : *items) {
    if (UpperCaseName(item.name) != UpperCaseName(own)) continue;
    if (item.name != own) {
      return InvalidName(name,
                         "must be in the case of the parent layer's " + QuotedName(item.name));
    }
    *is_there = directory && item.kind == ItemKind::kDirectory;
    return *is_there ? absl::OkStatus() : folder_.Remove(name);
  }
  return absl::OkStatus();
}

absl::Status TransportFolderWriter::AddLink(const LayerEntry& entry) {
  const bool in_files = IsFilesEntry(entry.name) && IsFilesEntry(entry.link_target);
  const bool in_vm = IsUtilityVmFile(entry.name) && IsUtilityVmFile(entry.link_target);
  if (absl::Status status = CheckLayerName(entry.link_target); !status.ok()) return status;
  if (!in_files && !in_vm) {
    return InvalidLink(entry.name, "both ends must be below Files or below UtilityVM\\Files");
  }
  const absl::StatusOr<int> parent = FindTarget(entry);
  if (!parent.ok()) return parent.status();
  if (in_vm) {
    bool is_there = false;
    absl::Status status = MakeWayInClone(entry.name, false, &is_there);
    if (status.ok()) status = folder_.LinkFile(folder_, entry.link_target, entry.name);
    if (!status.ok()) return InvalidLink(entry.name, std::string(status.message()));
  } else {
    if (absl::Status status = MakeRoot(entry.name); !status.ok()) return status;
    if (absl::Status status = CheckFolderOf(entry.name); !status.ok()) return status;
    links_.push_back({entry.name, entry.link_target, *parent});
  }
  names_.Insert(entry.name, NameKind::kFile);
  return absl::OkStatus();
}

// Which parent has the target, or -1 for this layer (the clone is its own).
absl::StatusOr<int> TransportFolderWriter::FindTarget(const LayerEntry& entry) {
  const NameKind own = names_.Find(entry.link_target);
  if (own == NameKind::kFile) return -1;
  if (own != NameKind::kNone) {
    return InvalidLink(entry.name, QuotedName(entry.link_target) + " must be a file, not removed");
  }
  if (IsUtilityVmFile(entry.name)) {
    const absl::StatusOr<ItemKind> kind = folder_.KindOf(entry.link_target);
    if (kind.ok() && *kind == ItemKind::kFile) return -1;
  } else {
    for (size_t i = 0; i < parents_.size(); ++i) {
      const absl::StatusOr<ItemKind> kind = parents_[i].KindOf(entry.link_target);
      if (kind.ok() && *kind == ItemKind::kFile) return static_cast<int>(i);
    }
  }
  return InvalidLink(entry.name, QuotedName(entry.link_target) +
                                     " is neither in the layer so far nor in a parent");
}

absl::Status TransportFolderWriter::Remove(const std::string& name) {
  if (IsUtilityVmFile(name)) {
    if (absl::Status status = folder_.Remove(name); !status.ok()) return status;
  } else if (IsFilesEntry(name)) {
    if (!IsTombstoneName(name)) {
      return InvalidName(name, "must have no line break, since tombstones.txt has a line for it");
    }
    const std::string line = TombstoneLine(name);
    absl::Status status = tombstones_.WriteAt(tombstones_size_, line);
    if (!status.ok()) return status;
    tombstones_size_ += line.size();
  } else {
    return InvalidName(name, "must be below Files or UtilityVM\\Files to be removed");
  }
  names_.Insert(name, NameKind::kRemoved);
  return absl::OkStatus();
}

absl::Status TransportFolderWriter::RestoreDirectoryTimes() {
  for (const DirectoryTimes& directory : directories_) {
    absl::StatusOr<RootedFile> opened = folder_.OpenItem(directory.name);
    if (absl::IsNotFound(opened.status())) continue;  // It was removed from the clone.
    if (!opened.ok()) return opened.status();
    if (absl::Status status = opened->SetTimes(directory.info); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace hcs::layer
