#include "core/layer/layer_tar/layer_tar_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/layer/backup_stream/file_info.h"
#include "core/layer/layer_name.h"

namespace hcs::layer {
namespace {

constexpr size_t kPieceBytes = 64 * 1024;

}  // namespace

absl::Status LayerTarWriter::Keep(absl::Status status) {
  if (failure_.ok()) failure_ = std::move(status);
  return failure_;
}

absl::Status LayerTarWriter::Invalid(std::string_view rule) const {
  return InvalidName(entry_.name, rule);
}

absl::Status LayerTarWriter::BeginEntry(const LayerEntry& entry) {
  if (entry.size < 0) return InvalidName(entry.name, "must not have a negative size");
  entry_ = entry;
  entry_open_ = true;
  metadata_.clear();
  held_.clear();
  member_.reset();
  member_made_ = false;
  content_written_ = 0;
  part_ = Part::kNone;
  gathering_ = nullptr;
  stream_.reset();
  if (entry.kind == LayerEntry::Kind::kFile) {
    stream_ = std::make_unique<BackupStreamReader>();
    return absl::OkStatus();
  }
  return ReleaseHeld();
}

absl::Status LayerTarWriter::Write(std::string_view piece) {
  if (!failure_.ok()) return failure_;
  if (stream_ == nullptr) {
    return Keep(absl::FailedPreconditionError("no file was added that a stream could be of"));
  }
  stream_->Feed(piece);
  return Keep(Drain());
}

absl::Status LayerTarWriter::Commit() {
  absl::Status status = failure_;
  if (status.ok()) status = EndEntry();
  if (status.ok()) status = BeforeEnd();
  if (status.ok()) status = tar_.Finish(&out_);
  if (status.ok()) status = Flush();
  return Keep(status);
}

absl::Status LayerTarWriter::EndEntry() {
  if (!std::exchange(entry_open_, false)) return absl::OkStatus();
  if (absl::Status status = EndStream(); !status.ok()) return status;
  return AfterEntry();
}

absl::Status LayerTarWriter::EndStream() {
  if (stream_ == nullptr) return absl::OkStatus();
  stream_->Finish();
  if (absl::Status status = Drain(); !status.ok()) return status;
  stream_.reset();
  if (!member_made_) {
    if (absl::Status status = ReleaseHeld(); !status.ok()) return status;
  }
  return part_ == Part::kAlternate ? absl::OkStatus() : EndContent();
}

absl::Status LayerTarWriter::Drain() {
  for (;;) {
    absl::Status status;
    switch (stream_->Next()) {
      case BackupStreamReader::Event::kNeedInput:
      case BackupStreamReader::Event::kEnd: return absl::OkStatus();
      case BackupStreamReader::Event::kHeader: status = OnHeader(stream_->header()); break;
      case BackupStreamReader::Event::kData: status = OnData(stream_->data()); break;
      case BackupStreamReader::Event::kStreamEnd: gathering_ = nullptr; break;
      case BackupStreamReader::Event::kError: return Invalid(stream_->error().ToString());
    }
    if (!status.ok()) return status;
  }
}

absl::Status LayerTarWriter::OnHeader(const BackupStreamHeader& header) {
  if (header.id == BackupStreamId::kAlternateData) return OnAlternateHeader(header);
  if (IsContent(header.id)) return OnContentHeader(header);
  if (member_made_) {
    return Invalid(absl::StrCat("has its stream ", static_cast<uint32_t>(header.id), " after more ",
                                "than ", kHeldBytes, " bytes of content, or after an alternate ",
                                "stream; in a tar metadata stands before that"));
  }
  const auto [stream, is_new] = metadata_.try_emplace(header.id);
  if (!is_new) {
    return Invalid(absl::StrCat("has two streams ", static_cast<uint32_t>(header.id)));
  }
  gathering_ = &stream->second;
  return absl::OkStatus();
}

absl::Status LayerTarWriter::OnContentHeader(const BackupStreamHeader& header) {
  const bool block = header.id == BackupStreamId::kSparseBlock;
  if (part_ == Part::kAlternate) {
    return Invalid(block ? "has a sparse alternate stream, which is not supported"
                         : "must not have its content after an alternate stream");
  }
  if (!block && part_ == Part::kContent) return Invalid("must not have two data streams");
  if ((entry_.basic_info.FileAttributes & kAttributeDirectory) != 0) {
    if (header.size != 0) return Invalid("must have no content, since it is a directory");
  }
  part_ = Part::kContent;
  if (!block) return absl::OkStatus();
  if (header.sparse_offset < content_written_) {
    return Invalid("must have its sparse blocks in order, none over another");
  }
  if (header.sparse_offset > static_cast<uint64_t>(entry_.size)) {
    return Invalid("must have no sparse block beyond its size");
  }
  return WriteZeros(header.sparse_offset - content_written_);
}

absl::Status LayerTarWriter::OnAlternateHeader(const BackupStreamHeader& header) {
  if ((header.attributes & kStreamSparse) != 0) {
    return Invalid("has a sparse alternate stream, which is not supported");
  }
  if (!member_made_) {
    if (absl::Status status = ReleaseHeld(); !status.ok()) return status;
  }
  if (part_ != Part::kAlternate) {
    if (absl::Status status = EndContent(); !status.ok()) return status;
  }
  part_ = Part::kAlternate;
  return BeginAlternate(header, member_.value_or(TarEntry()));
}

absl::Status LayerTarWriter::OnData(std::string_view data) {
  if (gathering_ != nullptr) {
    gathering_->append(data);
    return absl::OkStatus();
  }
  return WriteContent(data);
}

absl::Status LayerTarWriter::WriteContent(std::string_view data) {
  if (part_ != Part::kAlternate) {
    content_written_ += data.size();
    if (content_written_ > static_cast<uint64_t>(entry_.size)) {
      return Invalid(absl::StrCat("has more content than its size, ", entry_.size));
    }
  }
  if (!member_made_) {
    if (held_.size() + data.size() <= kHeldBytes) {
      held_.append(data);
      return absl::OkStatus();
    }
    if (absl::Status status = ReleaseHeld(); !status.ok()) return status;
  }
  while (!data.empty()) {
    const std::string_view piece = data.substr(0, kPieceBytes);
    data.remove_prefix(piece.size());
    if (absl::Status status = tar_.Write(piece, &out_); !status.ok()) return status;
    if (out_.size() < kPieceBytes) continue;
    if (absl::Status status = Flush(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status LayerTarWriter::WriteZeros(uint64_t count) {
  static const std::string zeros(kPieceBytes, '\0');
  while (count > 0) {
    const auto piece = static_cast<size_t>(std::min<uint64_t>(count, zeros.size()));
    if (absl::Status status = WriteContent({zeros.data(), piece}); !status.ok()) return status;
    count -= piece;
  }
  return absl::OkStatus();
}

// Begins the member, with the content that waited for it.
absl::Status LayerTarWriter::ReleaseHeld() {
  member_made_ = true;
  absl::StatusOr<std::optional<TarEntry>> member = MakeMember(metadata_);
  if (!member.ok()) return Invalid(std::string(member.status().message()));
  member_ = *std::move(member);
  if (!member_) return absl::OkStatus();
  if (absl::Status status = BeginMember(*member_); !status.ok()) return status;
  // A symbolic link has no content, and none was held.
  absl::Status status = held_.empty() ? absl::OkStatus() : tar_.Write(held_, &out_);
  held_.clear();
  return status;
}

absl::Status LayerTarWriter::BeginMember(const TarEntry& member) {
  if (absl::Status status = tar_.Begin(member, &out_); !status.ok()) return status;
  return out_.size() < kPieceBytes ? absl::OkStatus() : Flush();
}

// The rest of a sparse file is a hole; of another, it is missing.
absl::Status LayerTarWriter::EndContent() {
  if (!member_ || member_->type != TarType::kFile) return absl::OkStatus();
  const uint64_t missing = static_cast<uint64_t>(entry_.size) - content_written_;
  if (missing == 0) return absl::OkStatus();
  if ((entry_.basic_info.FileAttributes & kAttributeSparseFile) != 0) return WriteZeros(missing);
  return Invalid(absl::StrCat("has less content than its size, ", entry_.size));
}

absl::Status LayerTarWriter::Flush() {
  absl::Status status = sink_(out_);
  out_.clear();
  return status;
}

}  // namespace hcs::layer
