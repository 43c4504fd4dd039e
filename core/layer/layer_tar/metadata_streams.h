// The streams of a backup stream that are no content, whole.

#ifndef HCS_CORE_LAYER_LAYER_TAR_METADATA_STREAMS_H_
#define HCS_CORE_LAYER_LAYER_TAR_METADATA_STREAMS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

// At most one of an id.
using MetadataStreams = std::map<BackupStreamId, std::string>;

// Appends them, security first and extended attributes next, as BackupRead gives them; then the
// header of `content_bytes` of content, unless there are none. INVALID_ARGUMENT, with the rule:
// one that is larger than kMaxMetadataBytes.
absl::Status AppendBackupStream(const MetadataStreams& streams, uint64_t content_bytes,
                                std::string* bytes);

// A stream that tar has no key for, under one of our own: "HCSD.stream.ID", in base64.
PaxRecord WholeStreamRecord(BackupStreamId id, const std::string& data);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_LAYER_TAR_METADATA_STREAMS_H_
