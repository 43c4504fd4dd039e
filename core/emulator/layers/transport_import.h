// ImportLayer: a layer out of a transport folder (transport_files.h).

#ifndef HCS_CORE_EMULATOR_LAYERS_TRANSPORT_IMPORT_H_
#define HCS_CORE_EMULATOR_LAYERS_TRANSPORT_IMPORT_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/layers/layer_import.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Gives an import all that a transport folder has, removals first. ERROR_INVALID_DATA for
// what is no transport folder: files besides its own, links, folders without metadata,
// names that are not UTF-8; and whatever LayerImport says. Not thread-safe; once.
class TransportImport {
 public:
  TransportImport(std::string folder, LayerImport* import)
      : path_(std::move(folder)), import_(import), buffer_(kBufferBytes, '\0') {}

  Status Run();

 private:
  static constexpr size_t kBufferBytes = 256 * 1024;

  // What the files of a folder are.
  enum class Zone { kRoot, kFiles, kPlain, kUtilityVm };
  struct Level {
    std::u16string name;  // As ImportLayerNext would have it.
    Zone zone;
    platform::UniqueFd folder;
    std::vector<std::string> items;  // In order.
    size_t next = 0;
  };

  Status ImportTombstones();
  Status Enter(const Level* above, const std::string& item, std::u16string name, Zone zone);
  Status ImportItem(const std::string& item);
  Status ImportInRoot(const std::string& item, const std::u16string& name);
  Status ImportInFiles(const std::string& item, const std::u16string& name, bool is_folder);
  Status ImportStored(const std::string& file, const std::u16string& name, bool is_folder);
  Status ImportPlain(const std::string& item, const std::u16string& name, bool is_folder);
  Status CopyStream(int file, uint64_t offset);

  const std::string path_;
  LayerImport* const import_;
  std::string buffer_;
  std::vector<Level> levels_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_TRANSPORT_IMPORT_H_
