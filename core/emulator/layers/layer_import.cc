#include "core/emulator/layers/layer_import.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/layer_guards.h"
#include "core/emulator/layers/layer_names.h"
#include "core/emulator/layers/overlay_marks.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr mode_t kFolderMode = 0755;

std::string Printable(std::u16string_view name) { return platform::Utf16ToUtf8(name); }

Status AlreadyThere(std::u16string_view name) {
  return {abi::ERROR_ALREADY_EXISTS, "the layer has " + Printable(name) + " already"};
}

bool IsPlainFolder(const abi::FILE_BASIC_INFO& info) {
  return (info.FileAttributes & layer::kAttributeDirectory) != 0 &&
         (info.FileAttributes & layer::kAttributeReparsePoint) == 0;
}

// FILE_BASIC_INFO's way to say that nothing is to be changed: all times are 0. So says the
// reader of Linux' tars of a folder that only the parents know.
bool IsLeftAsItIs(const abi::FILE_BASIC_INFO& info) {
  return info.CreationTime == 0 && info.LastAccessTime == 0 && info.LastWriteTime == 0 &&
         info.ChangeTime == 0;
}

// Layers are removed from below Files and UtilityVM\Files alone.
bool MayBeRemoved(const std::vector<std::u16string>& components) {
  return components[0] == u"UtilityVM" ? components.size() > 2
                                       : components[0] == u"Files" && components.size() > 1;
}

}  // namespace

Outcome<std::unique_ptr<LayerImport>> LayerImport::Begin(const std::string& folder,
                                                         const std::vector<std::string>& parents) {
  std::vector<UniqueFd> uses;
  if (Status status = UseLayers(parents, &uses); !status.ok()) return status;
  Outcome<ParentTrees> trees = ParentTrees::Open(parents);
  if (!trees.ok()) return trees.failure();
  Outcome<StagedFolder> staged = StagedFolder::Beside(folder);
  if (!staged.ok()) return staged.failure();
  if (Status status = FurnishLayer(staged->path(), {}); !status.ok()) return status;
  Outcome<MetadataWriter> metadata = MetadataWriter::Create(staged->fd());
  if (!metadata.ok()) return metadata.failure();
  return std::unique_ptr<LayerImport>(new LayerImport(folder, *std::move(staged), *std::move(trees),
                                                      *std::move(metadata), std::move(uses)));
}

LayerImport::LayerImport(std::string folder, StagedFolder staged, ParentTrees parents,
                         MetadataWriter metadata, std::vector<UniqueFd> uses)
    : folder_(std::move(folder)),
      staged_(std::move(staged)),
      parents_(std::move(parents)),
      metadata_(std::move(metadata)),
      uses_(std::move(uses)),
      names_(&parents_, this),
      open_folder_(staged_.fd()) {}

// Runs `body` unless something has failed before, and keeps its failure.
template <typename Body>
Status LayerImport::Keep(Body&& body) {
  if (failure_.ok()) failure_ = body();
  return failure_;
}

Status LayerImport::Add(std::u16string_view name, const abi::FILE_BASIC_INFO& info) {
  return Keep([&] { return AddEntry(name, info); });
}

Status LayerImport::Remove(std::u16string_view name) {
  return Keep([&] { return RemoveEntry(name); });
}

Status LayerImport::Write(std::string_view piece) {
  return Keep([&]() -> Status {
    if (!entry_) return {abi::ERROR_INVALID_PARAMETER, "no file of the layer was begun"};
    return entry_->Write(piece);
  });
}

Status LayerImport::Finish() {
  return Keep([&]() -> Status {
    if (Status status = EndEntry(); !status.ok()) return status;
    if (Status status = metadata_.Flush(); !status.ok()) return status;
    return ApplyToFolders();
  });
}

Status LayerImport::AddEntry(std::u16string_view name, const abi::FILE_BASIC_INFO& info) {
  if (Status status = EndEntry(); !status.ok()) return status;
  const Outcome<std::vector<std::u16string>> components = SplitLayerName(name);
  if (!components.ok()) return components.failure();
  const Outcome<ImportPlace> place = names_.Find(*components, /*to_remove=*/false);
  if (!place.ok()) return place.failure();
  LayerRecord record;
  record.name = name;
  record.disk_path = place->disk_path();
  record.info = info;
  if (IsPlainFolder(info)) return AddFolder(*place, std::move(record));
  if (place->state != NameState::kNone && place->state != NameState::kRemoved) {
    return AlreadyThere(name);
  }
  // FolderOf's descriptor stays until the next entry.
  const int folder = FolderOf(*place);
  if (folder < 0) return ErrnoStatus(errno, place->parent->disk_path);
  if (place->state == NameState::kRemoved) unlinkat(folder, place->disk_name.c_str(), 0);
  const bool leads_elsewhere = (info.FileAttributes & layer::kAttributeDirectory) != 0;
  if (leads_elsewhere && mkdirat(folder, place->disk_name.c_str(), kFolderMode) != 0) {
    return ErrnoStatus(errno, record.disk_path);
  }
  names_.Note(*place, NameState::kFile);
  entry_folder_ = nullptr;
  entry_.emplace(&metadata_, std::move(record), folder, place->disk_name, leads_elsewhere);
  return {};
}

Status LayerImport::AddFolder(const ImportPlace& place, LayerRecord record) {
  const bool was_removed = place.state == NameState::kRemoved;
  if (place.state == NameState::kFile) return AlreadyThere(record.name);
  const int parent = FolderOf(place);
  if (parent < 0) return ErrnoStatus(errno, place.parent->disk_path);
  if (was_removed) unlinkat(parent, place.disk_name.c_str(), 0);
  if (place.state != NameState::kFolder) {
    if (Status status = MakeFolder(record.disk_path); !status.ok()) return status;
  }
  ImportFolder* folder = names_.NoteFolder(place);
  if (folder == nullptr) return AlreadyThere(record.name);
  if (was_removed && place.parents_have_folder) {
    const int error = MakeOpaque(open_folder_.Open(record.disk_path));
    if (error != 0) return ErrnoStatus(error, "hiding what is below " + record.disk_path);
  }
  entry_folder_ = folder;
  entry_.emplace(&metadata_, std::move(record), -1, place.disk_name, /*is_folder=*/true);
  return {};
}

Status LayerImport::RemoveEntry(std::u16string_view name) {
  if (Status status = EndEntry(); !status.ok()) return status;
  const Outcome<std::vector<std::u16string>> components = SplitLayerName(name);
  if (!components.ok()) return components.failure();
  if (!MayBeRemoved(*components)) {
    return {abi::ERROR_INVALID_PARAMETER, "what is not below Files cannot be removed"};
  }
  const Outcome<ImportPlace> place = names_.Find(*components, /*to_remove=*/true);
  if (!place.ok()) return place.failure();
  LayerRecord record;
  record.kind = LayerRecord::Kind::kTombstone;
  record.name = name;
  if (place->parent == nullptr) return metadata_.Append(record);
  if (place->state != NameState::kNone) return AlreadyThere(name);
  names_.Note(*place, NameState::kRemoved);
  record.disk_path = place->disk_path();
  // What hides nothing would be seen itself, where no layer is below.
  if (place->parents_have_it && components->front() == u"Files") {
    const int folder = FolderOf(*place);
    const int error = folder < 0 ? errno : MakeWhiteout(folder, place->disk_name);
    if (error != 0) return ErrnoStatus(error, "hiding " + record.disk_path);
  }
  return metadata_.Append(record);
}

Status LayerImport::EndEntry() {
  if (!entry_) return {};
  Status status = entry_->Finish();
  if (!status.ok()) {
    status.message = Printable(entry_->record().name) + ": " + status.message;
    return status;
  }
  if (entry_folder_ != nullptr) {
    entry_folder_->case_sensitive = entry_->linux_metadata().mode.has_value();
    entry_->record().case_sensitive = entry_folder_->case_sensitive;
  }
  if (entry_->is_folder()) {
    const std::string& path = entry_->record().disk_path;
    const UniqueFd original =
        IsLeftAsItIs(entry_->record().info) ? OriginalOf(entry_folder_) : UniqueFd();
    folders_.push_back(
        {path, original ? DiskAttributesOf(original.get())
                        : DiskAttributesOf(entry_->record().info, entry_->linux_metadata())});
  }
  status = metadata_.Append(entry_->record());
  entry_.reset();
  return status;
}

// The parents' folder that is seen through this one; empty when there is none.
UniqueFd LayerImport::OriginalOf(const ImportFolder* folder) const {
  if (folder == nullptr || folder->hides_parents) return {};
  return parents_.OpenNearest(folder->disk_path);
}

Status LayerImport::MakeFolder(const std::string& disk_path) {
  const int parent = open_folder_.Open(FolderPartOf(disk_path));
  if (parent < 0) return ErrnoStatus(errno, disk_path);
  if (mkdirat(parent, NamePartOf(disk_path).c_str(), kFolderMode) == 0) return {};
  // Files is there from the beginning.
  if (errno == EEXIST && FolderPartOf(disk_path).empty()) return {};
  return ErrnoStatus(errno, disk_path);
}

// As overlayfs would copy it up.
Status LayerImport::MakeImplicitFolder(const std::string& disk_path) {
  if (Status status = MakeFolder(disk_path); !status.ok()) return status;
  LayerRecord record;
  record.kind = LayerRecord::Kind::kImplicit;
  record.disk_path = disk_path;
  if (Status status = metadata_.Append(record); !status.ok()) return status;
  const UniqueFd original = parents_.OpenNearest(disk_path);
  if (original) folders_.push_back({disk_path, DiskAttributesOf(original.get())});
  return {};
}

// Last, since what comes into a folder changes its times, and may need rights that its
// own mode does not give. What is within comes first. A folder that was implied before it
// had its entry is there twice: the entry's attributes, which came later, count.
Status LayerImport::ApplyToFolders() {
  std::ranges::reverse(folders_);
  std::ranges::stable_sort(folders_, std::greater(), &FolderAttributes::disk_path);
  const std::string* done = nullptr;
  for (const auto& [path, attributes] : folders_) {
    if (done != nullptr && *done == path) continue;
    done = &path;
    const UniqueFd folder = OpenFolderBelow(staged_.fd(), path);
    const int error = folder ? ApplyToOpenFile(folder.get(), attributes) : errno;
    if (error != 0) return ErrnoStatus(error, path);
  }
  return {};
}

}  // namespace hcs::emulator
