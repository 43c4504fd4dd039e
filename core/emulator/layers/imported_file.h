// One entry of an import: its backup stream comes in pieces; its content goes to the file
// on disk, all else to the layer's metadata.

#ifndef HCS_CORE_EMULATOR_LAYERS_IMPORTED_FILE_H_
#define HCS_CORE_EMULATOR_LAYERS_IMPORTED_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/emulator/layers/disk_attributes.h"
#include "core/emulator/layers/layer_metadata.h"
#include "core/emulator/layers/linux_metadata.h"
#include "core/emulator/outcome.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Not thread-safe. After a failure nothing but destruction makes sense.
class ImportedFile {
 public:
  // `record` has the name, the disk path and the info, `folder` is a descriptor of where
  // it is, both valid until Finish. A folder is there already, and stays as it is.
  ImportedFile(MetadataWriter* metadata, LayerRecord record, int folder, std::string disk_name,
               bool is_folder);

  // The next piece, of any size. ERROR_INVALID_DATA for what is no backup stream.
  Status Write(std::string_view piece);

  // Ends the stream, and gives the file its attributes, unless it is a folder. The record
  // has its pieces then.
  Status Finish();

  LayerRecord& record() { return record_; }
  bool is_folder() const { return is_folder_; }
  const LinuxMetadata& linux_metadata() const { return linux_; }

 private:
  Status TakeEvents();
  Status BeginStream();
  Status TakeData();
  Status EndStream();
  Status WriteContent(std::string_view bytes, uint64_t offset);
  Status OpenFile();
  Status CloseFile();
  Status MakeSpecialFile(const SpecialFile& special);

  MetadataWriter* metadata_;
  LayerRecord record_;
  int folder_;
  std::string disk_name_;
  bool is_folder_;

  layer::BackupStreamReader reader_;
  StreamPiece::Kind kind_ = StreamPiece::Kind::kMetadata;  // Of the present stream's data.
  bool content_open_ = false;  // The stream before was content, or a sparse block of it.
  // Of each there can be one: a second is carried, and means nothing.
  bool content_seen_ = false;
  bool attributes_seen_ = false;
  bool reparse_seen_ = false;
  std::string gathered_;  // Of attributes or a reparse point.
  platform::UniqueFd file_;
  uint64_t written_ = 0;  // Where the file ends on disk.
  LinuxMetadata linux_;
  std::optional<SpecialFile> special_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_IMPORTED_FILE_H_
