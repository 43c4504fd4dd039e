#include "core/layer/windows_tar/windows_tar_reader.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/layer_name.h"
#include "core/platform/unicode.h"

namespace hcs::layer {
namespace {

absl::Status CheckType(const TarEntry& member) {
  switch (member.type) {
    case TarType::kFile:
    case TarType::kHardLink:
    case TarType::kSymbolicLink:
    case TarType::kDirectory: return absl::OkStatus();
    case TarType::kCharacterDevice:
    case TarType::kBlockDevice:
    case TarType::kFifo: break;
  }
  return InvalidName(member.name, "must be no device or FIFO, which Windows layers do not have");
}

// With the member's name, unless the message has one already.
absl::Status Named(const absl::Status& status, const std::string& name) {
  if (status.ok() || absl::StartsWith(status.message(), "'")) return status;
  return InvalidName(name, std::string(status.message()));
}

}  // namespace

WindowsTarReader::Event WindowsTarReader::Next() {
  if (!error_.ok()) return Event::kError;
  if (std::exchange(prologue_waiting_, false) && !prologue_.empty()) {
    stream_ = prologue_;
    return Event::kStream;
  }
  stream_ = {};
  if (member_waiting_) return BeginEntry();
  for (;;) {
    switch (tar_.Next()) {
      case TarReader::Event::kNeedInput: return Event::kNeedInput;
      case TarReader::Event::kEntry: return OnMember();
      case TarReader::Event::kData: return OnContent();
      // An alternate stream may follow, so the entry may go on.
      case TarReader::Event::kEntryEnd: break;
      case TarReader::Event::kEnd:
        return std::exchange(entry_open_, false) ? Event::kEntryEnd : Event::kEnd;
      case TarReader::Event::kError: return Fail(tar_.error());
    }
  }
}

WindowsTarReader::Event WindowsTarReader::OnMember() {
  if (absl::Status status = ReadName(&member_name_); !status.ok()) return Fail(status);
  if (!member_name_.stream.empty()) {
    const absl::Status status = BeginAlternateStream(member_name_);
    return status.ok() ? Next() : Fail(status);
  }
  member_waiting_ = true;
  return std::exchange(entry_open_, false) ? Event::kEntryEnd : BeginEntry();
}

absl::Status WindowsTarReader::ReadName(TarName* name) const {
  const TarEntry& member = tar_.entry();
  if (absl::Status status = CheckType(member); !status.ok()) return status;
  absl::StatusOr<TarName> parsed = ParseTarName(member.name);
  if (!parsed.ok()) return parsed.status();
  const bool plain = !parsed->removed && parsed->stream.empty();
  if (!plain && member.type != TarType::kFile) {
    return InvalidName(member.name, "must be a file's, as a removal or alternate stream is");
  }
  if (parsed->removed && member.size != 0) {
    return InvalidName(member.name, "must have no content, since it is a removal");
  }
  *name = *std::move(parsed);
  return absl::OkStatus();
}

WindowsTarReader::Event WindowsTarReader::BeginEntry() {
  member_waiting_ = false;
  const absl::Status status = ReadEntry(std::move(member_name_));
  if (!status.ok()) return Fail(Named(status, tar_.entry().name));
  prologue_waiting_ = true;
  entry_open_ = true;
  return Event::kEntry;
}

absl::Status WindowsTarReader::ReadEntry(TarName name) {
  const TarEntry& member = tar_.entry();
  entry_ = {};
  entry_.name = std::move(name.name);
  if (name.removed) entry_.kind = LayerEntry::Kind::kRemoved;
  if (member.type == TarType::kHardLink) {
    entry_.kind = LayerEntry::Kind::kLink;
    absl::StatusOr<std::string> target = ParsePlainTarName(member.link_name);
    if (!target.ok()) return target.status();
    entry_.link_target = *std::move(target);
  }
  const bool is_file = entry_.kind == LayerEntry::Kind::kFile;
  absl::StatusOr<TarMetadata> metadata = ReadTarMetadata(member, is_file);
  if (!metadata.ok()) return metadata.status();
  entry_.basic_info = metadata->basic_info;
  entry_.size = static_cast<int64_t>(member.size);
  extras_ = std::move(metadata->extras);
  if (absl::Status status = outline_.Add(entry_); !status.ok()) return status;

  prologue_.clear();
  return AppendBackupStream(metadata->streams, member.size, &prologue_);
}

absl::Status WindowsTarReader::BeginAlternateStream(const TarName& name) {
  const TarEntry& member = tar_.entry();
  if (!entry_open_ || entry_.kind != LayerEntry::Kind::kFile || name.name != entry_.name) {
    return InvalidName(member.name, "is an alternate stream, and must follow its file");
  }
  if (absl::Status status = outline_.AddStream(name.name, name.stream); !status.ok()) {
    return status;
  }
  std::optional<std::u16string> stream = platform::Utf8ToUtf16Strict(name.stream);
  if (!stream) return InvalidName(member.name, "must be valid UTF-8");
  prologue_.clear();
  prologue_waiting_ = true;
  BackupStreamHeader header;
  header.id = BackupStreamId::kAlternateData;
  header.size = member.size;
  header.name = u":" + *stream + u":$DATA";
  const std::optional<std::string> rule = AppendBackupStreamHeader(header, &prologue_);
  return rule ? InvalidName(member.name, *rule) : absl::OkStatus();
}

WindowsTarReader::Event WindowsTarReader::OnContent() {
  stream_ = tar_.data();
  return Event::kStream;
}

WindowsTarReader::Event WindowsTarReader::Fail(const absl::Status& status) {
  error_ = status;
  return Event::kError;
}

}  // namespace hcs::layer
