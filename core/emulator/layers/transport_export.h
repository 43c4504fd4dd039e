// ExportLayer: a layer into a transport folder (transport_files.h).

#ifndef HCS_CORE_EMULATOR_LAYERS_TRANSPORT_EXPORT_H_
#define HCS_CORE_EMULATOR_LAYERS_TRANSPORT_EXPORT_H_

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/emulator/layers/folder_below.h"
#include "core/emulator/layers/layer_export.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Writes all of an export into an empty folder, which is made if it is not there; after a
// failure it is empty again. What is not below Files keeps its content and times alone.
// Not thread-safe; once.
class TransportExport {
 public:
  // 0x80070091 when the folder has something in it.
  static Outcome<std::unique_ptr<TransportExport>> Into(const std::string& folder);
  ~TransportExport();

  Status Run(LayerExport* layer);

 private:
  TransportExport(std::string path, platform::UniqueFd root);

  Status ExportEntry(LayerExport* layer, const ExportedEntry& entry);
  Status ExportStored(LayerExport* layer, const ExportedEntry& entry, int folder,
                      const std::string& name);
  Status ExportPlain(LayerExport* layer, const ExportedEntry& entry, int folder,
                     const std::string& name);
  Outcome<std::string> FolderOf(const std::u16string& name);
  Status MakeFolder(const std::string& path, const std::u16string& name);
  Status WriteTombstones();
  Status SetFolderTimes();

  const std::string path_;
  const platform::UniqueFd root_;
  FolderCache open_folder_;
  std::string buffer_;
  std::string tombstones_;
  // By the names, and by the names in upper case: what is in a folder may spell it in
  // another way.
  std::unordered_map<std::u16string, std::string> folders_;
  std::vector<std::pair<std::string, abi::FILE_BASIC_INFO>> plain_folders_;
  bool whole_ = false;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_TRANSPORT_EXPORT_H_
