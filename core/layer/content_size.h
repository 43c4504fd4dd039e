// How large a file is, by the headers of its backup stream.

#ifndef HCS_CORE_LAYER_CONTENT_SIZE_H_
#define HCS_CORE_LAYER_CONTENT_SIZE_H_

#include <algorithm>
#include <cstdint>

#include "core/layer/backup_stream/stream_header.h"

namespace hcs::layer {

// Told every header of one backup stream, in order. Content is the unnamed data
// stream and the sparse blocks that belong to it; a sparse file's last block, an
// empty one, is at its end.
class ContentSize {
 public:
  // True when what the header begins is content.
  bool Add(const BackupStreamHeader& header) {
    if (header.id == BackupStreamId::kData || header.id == BackupStreamId::kAlternateData) {
      in_content_ = header.id == BackupStreamId::kData;
    }
    const bool block = header.id == BackupStreamId::kSparseBlock;
    if (!in_content_ || (!block && header.id != BackupStreamId::kData)) return false;
    bytes_ = std::max(bytes_, static_cast<int64_t>(header.sparse_offset + header.size));
    return true;
  }

  int64_t bytes() const { return bytes_; }

 private:
  bool in_content_ = false;
  int64_t bytes_ = 0;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_CONTENT_SIZE_H_
