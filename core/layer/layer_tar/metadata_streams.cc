#include "core/layer/layer_tar/metadata_streams.h"

#include <optional>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/layer/layer_tar/tar_keys.h"

namespace hcs::layer {
namespace {

absl::Status AppendStream(BackupStreamId id, std::string_view data, std::string* bytes) {
  BackupStreamHeader header;
  header.id = id;
  header.size = data.size();
  const std::optional<std::string> rule = AppendBackupStreamHeader(header, bytes);
  if (rule) return absl::InvalidArgumentError(*rule);
  bytes->append(data);
  return absl::OkStatus();
}

bool IsFirst(BackupStreamId id) {
  return id == BackupStreamId::kSecurityData || id == BackupStreamId::kEaData;
}

}  // namespace

absl::Status AppendBackupStream(const MetadataStreams& streams, uint64_t content_bytes,
                                std::string* bytes) {
  for (const BackupStreamId id : {BackupStreamId::kSecurityData, BackupStreamId::kEaData}) {
    const auto stream = streams.find(id);
    if (stream == streams.end()) continue;
    if (absl::Status status = AppendStream(id, stream->second, bytes); !status.ok()) return status;
  }
  for (const auto& [id, data] : streams) {
    if (IsFirst(id)) continue;
    if (absl::Status status = AppendStream(id, data, bytes); !status.ok()) return status;
  }
  if (content_bytes == 0) return absl::OkStatus();
  BackupStreamHeader header;
  header.id = BackupStreamId::kData;
  header.size = content_bytes;
  const std::optional<std::string> rule = AppendBackupStreamHeader(header, bytes);
  return rule ? absl::InvalidArgumentError(*rule) : absl::OkStatus();
}

PaxRecord WholeStreamRecord(BackupStreamId id, const std::string& data) {
  return {absl::StrCat(kStreamPrefix, static_cast<uint32_t>(id)), absl::Base64Escape(data)};
}

}  // namespace hcs::layer
