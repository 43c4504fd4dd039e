#include "core/emulator/layers/layer_export.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <functional>
#include <string_view>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/layer_guards.h"
#include "core/emulator/layers/layer_names.h"
#include "core/emulator/state/state_files.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr std::string_view kFiles = "Files";

uint64_t HashOf(const std::string& path) { return std::hash<std::string>()(path); }

bool IsLinked(const struct stat& file) { return S_ISREG(file.st_mode) && file.st_nlink > 1; }

std::u16string LastComponent(const std::u16string& name) {
  return name.substr(name.rfind(u'\\') + 1);
}

}  // namespace

Outcome<std::unique_ptr<LayerExport>> LayerExport::Begin(const std::string& folder,
                                                         const std::vector<std::string>& parents) {
  Outcome<UniqueFd> use = UseLayer(folder);
  if (!use.ok()) return use.failure();
  UniqueFd root = OpenStateFolder(AT_FDCWD, folder);
  if (!root) return ErrnoStatus(errno, folder);
  std::vector<UniqueFd> uses;
  uses.push_back(*std::move(use));
  if (Status status = UseLayers(parents, &uses); !status.ok()) return status;
  Outcome<TreeWalk> walk = TreeWalk::Begin(folder, parents);
  if (!walk.ok()) return walk.failure();
  std::unique_ptr<LayerExport> layer(new LayerExport(folder, std::move(root), *std::move(walk)));
  layer->uses_ = std::move(uses);
  for (const std::string& parent : parents) layer->parents_.push_back({parent, false, {}});
  Outcome<std::optional<MetadataReader>> records = MetadataReader::Open(folder);
  if (!records.ok()) return records.failure();
  layer->records_ = *std::move(records);
  // Files need not have an entry in an import.
  if (layer->records_) layer->told_.insert(HashOf(std::string(kFiles)));
  layer->records_told_ = !layer->records_;
  return layer;
}

Outcome<bool> LayerExport::Next(ExportedEntry* entry) {
  if (!failure_.ok()) return failure_;
  *entry = {};
  stream_.Clear();
  Outcome<bool> more = NextEntry(entry);
  if (!more.ok()) failure_ = more.failure();
  return more;
}

Outcome<size_t> LayerExport::Read(char* buffer, size_t size) {
  if (!failure_.ok()) return failure_;
  Outcome<size_t> count = stream_.Read(buffer, size);
  if (!count.ok()) failure_ = count.failure();
  return count;
}

Outcome<bool> LayerExport::NextEntry(ExportedEntry* entry) {
  if (!records_told_) {
    const Outcome<bool> more = NextRecord(entry);
    if (!more.ok() || *more) return more;
    records_told_ = true;
  }
  return NextWalked(entry);
}

Outcome<bool> LayerExport::NextRecord(ExportedEntry* entry) {
  for (;;) {
    const uint64_t position = records_->position();
    Outcome<std::optional<LayerRecord>> record = records_->Next();
    if (!record.ok()) return record.failure();
    if (!*record) return false;
    told_.insert(HashOf((*record)->disk_path));
    if ((*record)->kind == LayerRecord::Kind::kImplicit) continue;
    if ((*record)->kind == LayerRecord::Kind::kTombstone) {
      entry->name = (*record)->name;
      entry->deleted = true;
      return true;
    }
    entry->name = (*record)->name;
    DiskFile file;
    file.folder = open_folder_.Open(FolderPartOf((*record)->disk_path));
    file.name = NamePartOf((*record)->disk_path);
    if (file.folder < 0 ||
        fstatat(file.folder, file.name.c_str(), &file.status, AT_SYMLINK_NOFOLLOW) != 0) {
      return Status{abi::VMCOMPUTE_INVALID_LAYER, "the layer lacks " + (*record)->disk_path};
    }
    if (IsLinked(file.status)) {
      linked_.emplace(file.status.st_ino, position);
    }
    const StoredMetadata metadata = {**std::move(record), records_->streams(), true};
    if (Status status = ExportWithMetadata(file, metadata, entry, &stream_); !status.ok()) {
      return status;
    }
    return true;
  }
}

Outcome<bool> LayerExport::NextWalked(ExportedEntry* entry) {
  if (opaque_) {
    const WalkedItem item = *std::exchange(opaque_, std::nullopt);
    return ExportWalked(item, entry);
  }
  for (;;) {
    Outcome<std::optional<WalkedItem>> item = walk_.Next();
    if (!item.ok()) return item.failure();
    if (!*item) return false;
    const Outcome<std::u16string> name = NameOf(**item);
    if (!name.ok()) return name.failure();
    if (S_ISDIR((*item)->status.st_mode)) folder_names_[(*item)->disk_path] = *name;
    if (told_.contains(HashOf((*item)->disk_path))) continue;
    entry->name = *name;
    if ((*item)->is_removed) {
      entry->deleted = true;
      return true;
    }
    if ((*item)->is_opaque) {
      entry->deleted = true;
      opaque_ = *std::move(item);
      return true;
    }
    const Outcome<bool> exported = ExportWalked(**item, entry);
    if (!exported.ok() || *exported) return exported;
  }
}

// False for what has no place in a layer: a socket that somebody has left.
Outcome<bool> LayerExport::ExportWalked(const WalkedItem& item, ExportedEntry* entry) {
  const auto named = folder_names_.find(item.disk_path);
  if (named != folder_names_.end()) entry->name = named->second;
  const Outcome<std::optional<StoredMetadata>> metadata = MetadataOf(item);
  if (!metadata.ok()) return metadata.failure();
  // The walk has gone into a folder: where it is, is opened again.
  DiskFile file = {open_folder_.Open(FolderPartOf(item.disk_path)), item.disk_name, item.status};
  if (file.folder < 0) return ErrnoStatus(errno, item.disk_path);
  if (*metadata) {
    if (Status status = ExportWithMetadata(file, **metadata, entry, &stream_); !status.ok()) {
      return status;
    }
    return true;
  }
  if (S_ISSOCK(item.status.st_mode)) return false;
  const bool in_files = item.disk_path.starts_with(kFiles);
  if (Status status = ExportWithout(file, in_files, entry, &stream_); !status.ok()) return status;
  return true;
}

Outcome<std::optional<StoredMetadata>> LayerExport::MetadataOf(const WalkedItem& item) {
  // Another name of a file that has a record in this layer or in a parent.
  if (IsLinked(item.status)) {
    const auto link = linked_.find(item.status.st_ino);
    if (link == linked_.end()) return MetadataOfFile(0, item.status);
    records_->Seek(link->second);
    Outcome<std::optional<LayerRecord>> record = records_->Next();
    if (!record.ok()) return record.failure();
    return std::optional<StoredMetadata>({**std::move(record), records_->streams()});
  }
  if (!item.parent) return std::optional<StoredMetadata>();
  Outcome<std::optional<StoredMetadata>> metadata = MetadataIn(*item.parent, item.disk_path);
  if (!metadata.ok() || *metadata || !IsLinked(item.parent_status)) return metadata;
  return MetadataOfFile(*item.parent, item.parent_status);
}

// Of `file`, in the nearest parent from `first` on that has a record of it.
Outcome<std::optional<StoredMetadata>> LayerExport::MetadataOfFile(size_t first,
                                                                   const struct stat& file) {
  for (size_t parent = first; parent < parents_.size(); ++parent) {
    Outcome<MetadataIndex*> index = IndexOf(parent);
    if (!index.ok()) return index.failure();
    if (*index == nullptr) continue;
    Outcome<std::optional<LayerRecord>> record = (*index)->FindFile(file);
    if (!record.ok()) return record.failure();
    if (*record) {
      return std::optional<StoredMetadata>({**std::move(record), (*index)->streams()});
    }
  }
  return std::optional<StoredMetadata>();
}

Outcome<std::optional<StoredMetadata>> LayerExport::MetadataIn(size_t parent,
                                                               const std::string& disk_path) {
  Outcome<MetadataIndex*> index = IndexOf(parent);
  if (!index.ok()) return index.failure();
  if (*index == nullptr) return std::optional<StoredMetadata>();
  Outcome<std::optional<LayerRecord>> record = (*index)->Find(disk_path);
  if (!record.ok()) return record.failure();
  if (!*record) return std::optional<StoredMetadata>();
  return std::optional<StoredMetadata>({**std::move(record), (*index)->streams()});
}

// nullptr for a parent without metadata.
Outcome<MetadataIndex*> LayerExport::IndexOf(size_t parent) {
  Parent& of = parents_[parent];
  if (!std::exchange(of.indexed, true)) {
    Outcome<std::optional<MetadataIndex>> index = MetadataIndex::Open(of.folder);
    if (!index.ok()) return index.failure();
    of.index = *std::move(index);
  }
  return of.index ? &*of.index : nullptr;
}

// As the parent that it hides or changes has it, else as the disk has it.
Outcome<std::u16string> LayerExport::NameOf(const WalkedItem& item) {
  const auto folder = folder_names_.find(std::string(FolderPartOf(item.disk_path)));
  const std::u16string prefix = folder == folder_names_.end() ? u"\\" : folder->second + u"\\";
  if (item.parent_of_name) {
    const auto metadata = MetadataIn(*item.parent_of_name, item.disk_path);
    if (!metadata.ok()) return metadata.failure();
    if (*metadata) return prefix + LastComponent((*metadata)->record.name);
  }
  return prefix + WindowsName(item.disk_name);
}

}  // namespace hcs::emulator
