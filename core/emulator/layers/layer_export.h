// The export of a layer, entry by entry: of an imported one what came, in the order in
// which it came; of a sandbox what differs from its parents.

#ifndef HCS_CORE_EMULATOR_LAYERS_LAYER_EXPORT_H_
#define HCS_CORE_EMULATOR_LAYERS_LAYER_EXPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/emulator/layers/export_stream.h"
#include "core/emulator/layers/exported_entry.h"
#include "core/emulator/layers/folder_below.h"
#include "core/emulator/layers/layer_metadata.h"
#include "core/emulator/layers/tree_walk.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Not thread-safe. While it lives, the layer and its parents are not destroyed. After a
// failure every further call fails in the same way.
//
// First come the entries that were imported, then what else is on disk: hard links, which
// an import cannot tell of, and all of a layer that was not imported. What is a changed
// copy of a parent's file has that file's metadata, but for what was changed.
class LayerExport {
 public:
  // 0x80070003 when the layer or a parent is not there.
  static Outcome<std::unique_ptr<LayerExport>> Begin(const std::string& folder,
                                                     const std::vector<std::string>& parents);

  // False after the last one.
  Outcome<bool> Next(ExportedEntry* entry);
  // Bytes of the entry's backup stream; 0 at its end.
  Outcome<size_t> Read(char* buffer, size_t size);
  // Whether everything could be read.
  Status End() const { return failure_; }

 private:
  struct Parent {
    std::string folder;
    bool indexed = false;
    std::optional<MetadataIndex> index;
  };

  LayerExport(std::string folder, platform::UniqueFd root, TreeWalk walk)
      : folder_(std::move(folder)),
        root_(std::move(root)),
        open_folder_(root_.get()),
        walk_(std::move(walk)) {}

  Outcome<bool> NextEntry(ExportedEntry* entry);
  Outcome<bool> NextRecord(ExportedEntry* entry);
  Outcome<bool> NextWalked(ExportedEntry* entry);
  Outcome<bool> ExportWalked(const WalkedItem& item, ExportedEntry* entry);
  Outcome<std::optional<StoredMetadata>> MetadataOf(const WalkedItem& item);
  Outcome<std::optional<StoredMetadata>> MetadataIn(size_t parent, const std::string& disk_path);
  Outcome<std::optional<StoredMetadata>> MetadataOfFile(size_t first, const struct stat& file);
  Outcome<MetadataIndex*> IndexOf(size_t parent);
  Outcome<std::u16string> NameOf(const WalkedItem& item);

  const std::string folder_;
  const platform::UniqueFd root_;
  FolderCache open_folder_;
  std::vector<platform::UniqueFd> uses_;

  std::optional<MetadataReader> records_;
  bool records_told_ = false;
  std::unordered_set<uint64_t> told_;              // Hashes of paths on disk.
  std::unordered_map<uint64_t, uint64_t> linked_;  // Records by the file's number.

  std::vector<Parent> parents_;
  TreeWalk walk_;
  std::unordered_map<std::string, std::u16string> folder_names_;  // Of the walk, by path.
  std::optional<WalkedItem> opaque_;  // Its removal has been told; itself has not.

  ExportStream stream_;
  Status failure_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LAYER_EXPORT_H_
