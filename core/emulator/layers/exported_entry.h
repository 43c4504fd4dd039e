// What an exported entry is made of: the file on disk as it is now, and the metadata that
// it came with, if any.

#ifndef HCS_CORE_EMULATOR_LAYERS_EXPORTED_ENTRY_H_
#define HCS_CORE_EMULATOR_LAYERS_EXPORTED_ENTRY_H_

#include <sys/stat.h>

#include <cstdint>
#include <string>

#include "core/emulator/layers/export_stream.h"
#include "core/emulator/layers/layer_metadata.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// What ExportLayerNext tells.
struct ExportedEntry {
  std::u16string name;  // With the leading `\`.
  abi::FILE_BASIC_INFO info = {};
  int64_t size = 0;
  bool deleted = false;
};

// A file or folder of a layer, on disk.
struct DiskFile {
  int folder = -1;   // A descriptor of the folder that it is in, for the call alone.
  std::string name;  // In it.
  struct stat status = {};
};

// A record and the descriptor of the `streams` that it speaks of.
struct StoredMetadata {
  LayerRecord record;
  int streams = -1;
  // The record is of this very file, not of one that it is a changed copy of: a folder is
  // as it came, since what is made in it changes its times.
  bool as_imported = false;
};

// Both give the entry all but its name, and the stream its parts; what the parts read is
// open then.

// As it was imported, but for what has been changed on disk since: its content (when size
// or time of the last write are others), its times then, and, where it has Linux' metadata,
// its mode and owner.
Status ExportWithMetadata(const DiskFile& file, const StoredMetadata& metadata,
                          ExportedEntry* entry, ExportStream* stream);

// Of a file that was made here. `with_linux_metadata` adds $LXMOD and the like.
Status ExportWithout(const DiskFile& file, bool with_linux_metadata, ExportedEntry* entry,
                     ExportStream* stream);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_EXPORTED_ENTRY_H_
