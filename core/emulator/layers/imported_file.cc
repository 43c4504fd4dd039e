#include "core/emulator/layers/imported_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/file_content.h"
#include "core/layer/backup_stream/file_info.h"

namespace hcs::emulator {
namespace {

using layer::BackupStreamId;
using layer::BackupStreamReader;

constexpr mode_t kPrivate = 0600;

Status InvalidData(std::string rule) { return {abi::ERROR_INVALID_DATA, std::move(rule)}; }

}  // namespace

ImportedFile::ImportedFile(MetadataWriter* metadata, LayerRecord record, int folder,
                           std::string disk_name, bool is_folder)
    : metadata_(metadata),
      record_(std::move(record)),
      folder_(folder),
      disk_name_(std::move(disk_name)),
      is_folder_(is_folder) {}

Status ImportedFile::Write(std::string_view piece) {
  reader_.Feed(piece);
  return TakeEvents();
}

Status ImportedFile::TakeEvents() {
  for (;;) {
    Status status;
    switch (reader_.Next()) {
      case BackupStreamReader::Event::kNeedInput:
      case BackupStreamReader::Event::kEnd: return {};
      case BackupStreamReader::Event::kError: return InvalidData(reader_.error().ToString());
      case BackupStreamReader::Event::kHeader: status = BeginStream(); break;
      case BackupStreamReader::Event::kData: status = TakeData(); break;
      case BackupStreamReader::Event::kStreamEnd: status = EndStream(); break;
    }
    if (!status.ok()) return status;
  }
}

Status ImportedFile::BeginStream() {
  const layer::BackupStreamHeader& header = reader_.header();
  std::string bytes;
  // What the reader has accepted can be written.
  layer::AppendBackupStreamHeader(header, &bytes);
  StreamPiece::Kind header_kind = StreamPiece::Kind::kMetadata;
  const bool first_data = header.id == BackupStreamId::kData && !content_seen_ && !is_folder_;
  content_open_ = first_data || (header.id == BackupStreamId::kSparseBlock && content_open_);
  kind_ = StreamPiece::Kind::kMetadata;
  if (content_open_) {
    content_seen_ = true;
    kind_ = StreamPiece::Kind::kContent;
    header_kind = StreamPiece::Kind::kContentHeader;
  } else if (header.id == BackupStreamId::kEaData && header.name.empty() &&
             !std::exchange(attributes_seen_, true)) {
    kind_ = header_kind = StreamPiece::Kind::kAttributes;
  } else if (header.id == BackupStreamId::kReparseData && header.name.empty() &&
             !std::exchange(reparse_seen_, true)) {
    kind_ = header_kind = StreamPiece::Kind::kReparse;
  }
  gathered_.clear();
  if (Status status = metadata_->AppendBytes(header_kind, bytes, &record_.pieces); !status.ok()) {
    return status;
  }
  if (!content_open_) return {};
  // Blocks of a sparse file ascend, as BackupRead gives them: so the file has them all.
  const auto begin = header.sparse_offset;
  if (begin < static_cast<uint64_t>(record_.size)) {
    return InvalidData("sparse blocks that overlap, or do not ascend");
  }
  record_.size = static_cast<int64_t>(begin + header.size);
  if (header.size == 0) return {};
  record_.pieces.push_back({StreamPiece::Kind::kContent, begin, header.size});
  return {};
}

Status ImportedFile::TakeData() {
  const std::string_view data = reader_.data();
  if (kind_ == StreamPiece::Kind::kContent) {
    return WriteContent(data, reader_.header().sparse_offset + reader_.data_offset());
  }
  if (kind_ != StreamPiece::Kind::kMetadata) gathered_ += data;
  return metadata_->AppendBytes(kind_, data, &record_.pieces);
}

Status ImportedFile::EndStream() {
  if (kind_ == StreamPiece::Kind::kAttributes) linux_ = ParseLinuxAttributes(gathered_);
  if (kind_ == StreamPiece::Kind::kReparse) special_ = ParseLinuxReparse(gathered_);
  return {};
}

Status ImportedFile::WriteContent(std::string_view bytes, uint64_t offset) {
  if (!file_) {
    if (Status status = OpenFile(); !status.ok()) return status;
  }
  Status written = WriteAt(file_.get(), offset, bytes, record_.disk_path);
  if (!written.ok()) return written;
  written_ = std::max<uint64_t>(written_, offset + bytes.size());
  return {};
}

Status ImportedFile::OpenFile() {
  file_.reset(
      openat(folder_, disk_name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivate));
  return file_ ? Status() : ErrnoStatus(errno, record_.disk_path);
}

Status ImportedFile::Finish() {
  reader_.Feed({});
  reader_.Finish();
  if (Status status = TakeEvents(); !status.ok()) return status;
  if (is_folder_) return {};
  // What has content is a file, whatever its reparse point says.
  if (special_ && record_.size == 0) return MakeSpecialFile(*special_);
  return CloseFile();
}

Status ImportedFile::CloseFile() {
  if (!file_) {
    if (Status status = OpenFile(); !status.ok()) return status;
  }
  if (written_ < static_cast<uint64_t>(record_.size) && ftruncate(file_.get(), record_.size) != 0) {
    return ErrnoStatus(errno, record_.disk_path);
  }
  const int error = ApplyToOpenFile(file_.get(), DiskAttributesOf(record_.info, linux_));
  if (error != 0) return ErrnoStatus(error, record_.disk_path);
  file_.reset();
  return {};
}

Status ImportedFile::MakeSpecialFile(const SpecialFile& special) {
  if (special.type == S_IFCHR && linux_.device.value_or(0) == 0) {
    return InvalidData("the character device 0,0 is the mark of a removal");
  }
  const char* name = disk_name_.c_str();
  const mode_t mode = special.type | kPrivate;
  const bool made = special.type == S_IFLNK
                        ? symlinkat(special.target.c_str(), folder_, name) == 0
                        : mknodat(folder_, name, mode, linux_.device.value_or(0)) == 0;
  if (!made) {
    // A device that this user may not make, a link that this system cannot hold: an empty
    // file is in its place, and the metadata knows what it is.
    if (errno == EEXIST) return ErrnoStatus(errno, record_.disk_path);
    return CloseFile();
  }
  const int error = ApplyToPath(folder_, disk_name_, DiskAttributesOf(record_.info, linux_));
  return error == 0 ? Status() : ErrnoStatus(error, record_.disk_path);
}

}  // namespace hcs::emulator
