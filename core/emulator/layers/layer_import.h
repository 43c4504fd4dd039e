// The import of a layer, entry by entry. It is made beside its place.

#ifndef HCS_CORE_EMULATOR_LAYERS_LAYER_IMPORT_H_
#define HCS_CORE_EMULATOR_LAYERS_LAYER_IMPORT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/layers/folder_below.h"
#include "core/emulator/layers/import_names.h"
#include "core/emulator/layers/imported_file.h"
#include "core/emulator/layers/layer_metadata.h"
#include "core/emulator/layers/parent_trees.h"
#include "core/emulator/layers/staged_folder.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// Not thread-safe. After a failure every further call fails in the same way, Finish too.
// Destroying it leaves nothing behind, unless what it staged was published.
class LayerImport : private ImportNames::FolderMaker {
 public:
  // `folder` is where the layer is to be; `parents`, nearest first, are held meanwhile:
  // 0x80070003 when one is not there.
  static Outcome<std::unique_ptr<LayerImport>> Begin(const std::string& folder,
                                                     const std::vector<std::string>& parents);

  // Begins an entry and ends the one before. 0x80070057 for a name that is none of a
  // layer's (SplitLayerName), 0x800700B7 for one that is there already, 0x80070003 when
  // the folder that it is in is not there, 0x8007000D when the backup stream of the
  // entry before is none.
  Status Add(std::u16string_view name, const abi::FILE_BASIC_INFO& info);
  // Hides what the parents have under this name. Only below Files and UtilityVM\Files.
  Status Remove(std::u16string_view name);
  // Of the entry that was added last: 0x80070057 when there is none.
  Status Write(std::string_view piece);

  // Ends the last entry; the layer is whole then, and can be published.
  Status Finish();

  const std::string& folder() const { return folder_; }
  StagedFolder& staged() { return staged_; }

 private:
  struct FolderAttributes {
    std::string disk_path;
    DiskAttributes attributes;
  };

  LayerImport(std::string folder, StagedFolder staged, ParentTrees parents, MetadataWriter metadata,
              std::vector<platform::UniqueFd> uses);

  template <typename Body>
  Status Keep(Body&& body);
  Status AddEntry(std::u16string_view name, const abi::FILE_BASIC_INFO& info);
  Status AddFolder(const ImportPlace& place, LayerRecord record);
  Status RemoveEntry(std::u16string_view name);
  Status EndEntry();
  platform::UniqueFd OriginalOf(const ImportFolder* folder) const;
  Status MakeFolder(const std::string& disk_path);
  Status MakeImplicitFolder(const std::string& disk_path) override;
  Status ApplyToFolders();
  // -1 with errno set.
  int FolderOf(const ImportPlace& place) { return open_folder_.Open(place.parent->disk_path); }

  const std::string folder_;
  StagedFolder staged_;
  ParentTrees parents_;
  MetadataWriter metadata_;
  const std::vector<platform::UniqueFd> uses_;
  ImportNames names_;
  FolderCache open_folder_;
  std::optional<ImportedFile> entry_;
  ImportFolder* entry_folder_ = nullptr;  // Of entry_, when it is one.
  std::vector<FolderAttributes> folders_;
  Status failure_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LAYER_IMPORT_H_
