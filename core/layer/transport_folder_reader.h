// Reads a transport folder (transport_folder.h).

#ifndef HCS_CORE_LAYER_TRANSPORT_FOLDER_READER_H_
#define HCS_CORE_LAYER_TRANSPORT_FOLDER_READER_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/layer/backup_source.h"
#include "core/layer/layer_entry.h"
#include "core/layer/name_set.h"
#include "core/layer/rooted_folder.h"

namespace hcs::layer {

// First what is removed, in tombstones.txt's order; then the files, each folder's in
// the order of their names. Memory is that of the largest folders' names and of the
// removed names. The folder must not change meanwhile.
//
// What is both there and removed is removed and then added: it hides what the parents have.
//
// INVALID_ARGUMENT, with the name: what has no place in a transport folder; names that
// layer_name.h refuses, or that differ only in case where that is ignored; a directory without
// its metadata, or metadata that is none; whatever is neither a file nor a directory.
class TransportFolderReader : public LayerReader {
 public:
  static absl::StatusOr<std::unique_ptr<TransportFolderReader>> Open(
      const std::filesystem::path& folder, NameCase name_case = NameCase::kIgnored);

  absl::StatusOr<bool> Next(LayerEntry* entry) override;
  absl::StatusOr<std::string_view> Read() override;

 private:
  // A folder that is being walked through.
  struct Level {
    std::string name;
    std::vector<FolderItem> items;
    size_t next = 0;
  };

  TransportFolderReader(RootedFolder folder, NameCase name_case)
      : folder_(std::move(folder)), buffer_(kReadBufferBytes), case_(name_case) {}

  absl::Status ReadTombstones();
  absl::Status Enter(const std::string& name);
  absl::Status CheckDistinct(const std::string& folder, const std::vector<FolderItem>& items) const;
  absl::StatusOr<bool> NextEntry(LayerEntry* entry);
  // Each: false if the item is no entry of its own.
  absl::StatusOr<bool> ReadItem(std::string name, ItemKind kind, LayerEntry* entry);
  absl::StatusOr<bool> ReadFile(std::string name, LayerEntry* entry);
  absl::StatusOr<bool> ReadDirectory(std::string name, LayerEntry* entry);
  absl::StatusOr<bool> ReadPlain(std::string name, ItemKind kind, LayerEntry* entry);

  absl::Status BeginEntry(std::string name, const std::string& transport_file, LayerEntry* entry);
  bool HasDirectory(std::string_view name) const;

  RootedFolder folder_;
  ReadBuffer buffer_;
  const NameCase case_;
  std::vector<std::string> removed_;
  size_t next_removed_ = 0;
  std::vector<Level> levels_;
  std::unique_ptr<BackupSource> source_;  // Of the present entry, if it is a file.
  absl::Status failure_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TRANSPORT_FOLDER_READER_H_
