// Where a transport folder's file gets its backup stream from.

#ifndef HCS_CORE_LAYER_BACKUP_SOURCE_H_
#define HCS_CORE_LAYER_BACKUP_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/layer/rooted_file.h"

namespace hcs::layer {

// What is read into; its owner lends it to one source at a time.
using ReadBuffer = std::vector<char>;
inline constexpr size_t kReadBufferBytes = 64 * 1024;

class BackupSource {
 public:
  virtual ~BackupSource() = default;

  // As LayerReader::Read; the piece is in the buffer that was lent.
  virtual absl::StatusOr<std::string_view> Read() = 0;
};

// A source, and what is known of the file before it is read.
struct OpenedSource {
  std::unique_ptr<BackupSource> source;
  uint32_t attributes = 0;
  int64_t content_size = 0;
};

// A file of the transport form: attributes, then the backup stream, which is checked
// while it is read. `buffer` must outlive the source.
absl::StatusOr<OpenedSource> OpenTransportFile(RootedFile file, ReadBuffer* buffer);

// A plain file: its content becomes one data stream; an empty one has no streams.
absl::StatusOr<OpenedSource> OpenPlainFile(RootedFile file, ReadBuffer* buffer);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_BACKUP_SOURCE_H_
