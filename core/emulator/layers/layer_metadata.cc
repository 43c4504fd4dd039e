#include "core/emulator/layers/layer_metadata.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/folder_below.h"
#include "core/emulator/state/state_files.h"
#include "core/layer/backup_stream/little_endian.h"

namespace hcs::emulator {
namespace {

using layer::AppendLittleEndian;
using layer::LoadLittleEndian;

constexpr char kMetadata[] = "metadata";
constexpr char kStreams[] = "streams";
constexpr std::string_view kMagic = "HCSMETA1";
constexpr mode_t kFileMode = 0600;
constexpr size_t kBufferBytes = 256 * 1024;
constexpr size_t kOneRecordBytes = 1024;  // As a rule.
// A name, a path, and the pieces of a file of many sparse ranges.
constexpr uint32_t kMaxRecordBytes = 64 * 1024 * 1024;
constexpr size_t kPieceBytes = 17;

Status Broken() {
  return {abi::VMCOMPUTE_INVALID_LAYER, "the layer's metadata is not as it was written"};
}

void AppendText(std::string_view bytes, std::string* to) {
  AppendLittleEndian<uint32_t>(static_cast<uint32_t>(bytes.size()), to);
  to->append(bytes);
}

std::string Encode(const LayerRecord& record) {
  std::string bytes;
  bytes.push_back(static_cast<char>(record.kind));
  bytes.push_back(record.case_sensitive ? 1 : 0);
  std::string name;
  layer::AppendUtf16(record.name, &name);
  AppendText(name, &bytes);
  AppendText(record.disk_path, &bytes);
  for (const int64_t number : {record.info.CreationTime, record.info.LastAccessTime,
                               record.info.LastWriteTime, record.info.ChangeTime, record.size}) {
    AppendLittleEndian<uint64_t>(static_cast<uint64_t>(number), &bytes);
  }
  AppendLittleEndian<uint32_t>(record.info.FileAttributes, &bytes);
  AppendLittleEndian<uint32_t>(record.info.Padding, &bytes);
  AppendLittleEndian<uint32_t>(static_cast<uint32_t>(record.pieces.size()), &bytes);
  for (const StreamPiece& piece : record.pieces) {
    bytes.push_back(static_cast<char>(piece.kind));
    AppendLittleEndian<uint64_t>(piece.offset, &bytes);
    AppendLittleEndian<uint64_t>(piece.length, &bytes);
  }
  return bytes;
}

// Takes fields off the front of a record. Once there are too few bytes, `ok` is false
// and every field is empty.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T Number() {
    const std::string_view bytes = Bytes(sizeof(T));
    return ok_ ? LoadLittleEndian<T>(bytes, 0) : T{};
  }
  std::string_view Text() { return Bytes(Number<uint32_t>()); }
  bool Has(uint64_t bytes) const { return bytes_.size() >= bytes; }
  bool ok() const { return ok_; }

 private:
  std::string_view Bytes(size_t size) {
    ok_ = ok_ && bytes_.size() >= size;
    if (!ok_) return {};
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

std::optional<LayerRecord> Decode(std::string_view bytes) {
  Decoder decoder(bytes);
  LayerRecord record;
  record.kind = static_cast<LayerRecord::Kind>(decoder.Number<uint8_t>());
  record.case_sensitive = decoder.Number<uint8_t>() != 0;
  record.name = layer::LoadUtf16(decoder.Text());
  record.disk_path = decoder.Text();
  for (int64_t* number : {&record.info.CreationTime, &record.info.LastAccessTime,
                          &record.info.LastWriteTime, &record.info.ChangeTime, &record.size}) {
    *number = static_cast<int64_t>(decoder.Number<uint64_t>());
  }
  record.info.FileAttributes = decoder.Number<uint32_t>();
  record.info.Padding = decoder.Number<uint32_t>();
  const uint64_t count = decoder.Number<uint32_t>();
  if (!decoder.ok() || !decoder.Has(count * kPieceBytes)) return std::nullopt;
  record.pieces.resize(count);
  for (StreamPiece& piece : record.pieces) {
    piece.kind = static_cast<StreamPiece::Kind>(decoder.Number<uint8_t>());
    piece.offset = decoder.Number<uint64_t>();
    piece.length = decoder.Number<uint64_t>();
  }
  return record;
}

}  // namespace

Status MetadataWriter::Buffered::Write(std::string_view bytes) {
  buffer.append(bytes);
  size += bytes.size();
  return buffer.size() < kBufferBytes ? Status() : Flush();
}

Status MetadataWriter::Buffered::Flush() {
  std::string_view rest = buffer;
  while (!rest.empty()) {
    const ssize_t written = write(file.get(), rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return ErrnoStatus(errno, "writing the layer's metadata");
    if (written > 0) rest.remove_prefix(static_cast<size_t>(written));
  }
  buffer.clear();
  return {};
}

Outcome<MetadataWriter> MetadataWriter::Create(int folder) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  MetadataWriter writer;
  writer.metadata_.file.reset(openat(folder, kMetadata, kFlags, kFileMode));
  writer.streams_.file.reset(openat(folder, kStreams, kFlags, kFileMode));
  if (!writer.metadata_.file || !writer.streams_.file) {
    return ErrnoStatus(errno, "making the layer's metadata");
  }
  if (Status status = writer.metadata_.Write(kMagic); !status.ok()) return status;
  return writer;
}

Status MetadataWriter::AppendBytes(StreamPiece::Kind kind, std::string_view bytes,
                                   std::vector<StreamPiece>* pieces) {
  const uint64_t offset = streams_.size;
  if (Status status = streams_.Write(bytes); !status.ok()) return status;
  StreamPiece* last = pieces->empty() ? nullptr : &pieces->back();
  if (last != nullptr && last->kind == kind && last->offset + last->length == offset) {
    last->length += bytes.size();
  } else {
    pieces->push_back({kind, offset, bytes.size()});
  }
  return {};
}

Status MetadataWriter::Append(const LayerRecord& record) {
  const std::string bytes = Encode(record);
  if (bytes.size() > kMaxRecordBytes) {
    return {abi::ERROR_INVALID_DATA, "a file of the layer has too many sparse ranges"};
  }
  std::string size;
  AppendLittleEndian<uint32_t>(static_cast<uint32_t>(bytes.size()), &size);
  if (Status status = metadata_.Write(size); !status.ok()) return status;
  return metadata_.Write(bytes);
}

Status MetadataWriter::Flush() {
  Status status = streams_.Flush();
  return status.ok() ? metadata_.Flush() : status;
}

MetadataReader::MetadataReader() : read_ahead_(kBufferBytes) {}

Outcome<std::optional<MetadataReader>> MetadataReader::Open(const std::string& layer) {
  MetadataReader reader;
  reader.metadata_.reset(open((layer + "/" + kMetadata).c_str(), O_RDONLY | O_CLOEXEC));
  if (!reader.metadata_ && errno == ENOENT) return std::optional<MetadataReader>();
  if (!reader.metadata_) return ErrnoStatus(errno, layer + "/" + kMetadata);
  reader.streams_.reset(open((layer + "/" + kStreams).c_str(), O_RDONLY | O_CLOEXEC));
  if (!reader.streams_) return ErrnoStatus(errno, layer + "/" + kStreams);
  const Outcome<std::string_view> magic = reader.Take(kMagic.size());
  if (!magic.ok()) return magic.failure();
  if (*magic != kMagic) return Broken();
  return std::optional<MetadataReader>(std::move(reader));
}

Outcome<std::optional<LayerRecord>> MetadataReader::Next() {
  if (Status status = Fill(sizeof(uint32_t)); !status.ok()) return status;
  if (buffer_.size() == used_) return std::optional<LayerRecord>();
  const Outcome<std::string_view> size = Take(sizeof(uint32_t));
  if (!size.ok()) return size.failure();
  const auto bytes = LoadLittleEndian<uint32_t>(*size, 0);
  if (bytes > kMaxRecordBytes) return Broken();
  const Outcome<std::string_view> record = Take(bytes);
  if (!record.ok()) return record.failure();
  std::optional<LayerRecord> decoded = Decode(*record);
  if (!decoded) return Broken();
  return decoded;
}

void MetadataReader::Seek(uint64_t position) {
  position_ = position;
  buffer_.clear();
  used_ = 0;
  read_ahead_ = kOneRecordBytes;
}

// Gets the buffer to have `bytes` more, or as many as there are.
Status MetadataReader::Fill(size_t bytes) {
  if (buffer_.size() - used_ >= bytes) return {};
  buffer_.erase(0, used_);
  used_ = 0;
  while (buffer_.size() < bytes) {
    const size_t have = buffer_.size();
    buffer_.resize(have + std::max(read_ahead_, bytes - have));
    const ssize_t got = pread(metadata_.get(), buffer_.data() + have, buffer_.size() - have,
                              static_cast<off_t>(position_ + have));
    const int error = errno;
    buffer_.resize(have + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && error != EINTR) return ErrnoStatus(error, "reading the layer's metadata");
    if (got == 0) break;
  }
  return {};
}

Outcome<std::string_view> MetadataReader::Take(size_t bytes) {
  if (Status status = Fill(bytes); !status.ok()) return status;
  if (buffer_.size() - used_ < bytes) return Broken();
  const std::string_view taken = std::string_view(buffer_).substr(used_, bytes);
  used_ += bytes;
  position_ += bytes;
  return taken;
}

Outcome<std::optional<MetadataIndex>> MetadataIndex::Open(const std::string& layer) {
  Outcome<std::optional<MetadataReader>> reader = MetadataReader::Open(layer);
  if (!reader.ok()) return reader.failure();
  if (!*reader) return std::optional<MetadataIndex>();
  MetadataIndex index(**std::move(reader), OpenStateFolder(AT_FDCWD, layer));
  if (!index.root_) return ErrnoStatus(errno, layer);
  for (;;) {
    const uint64_t position = index.reader_.position();
    const Outcome<std::optional<LayerRecord>> record = index.reader_.Next();
    if (!record.ok()) return record.failure();
    if (!*record) return std::optional<MetadataIndex>(std::move(index));
    if ((*record)->kind != LayerRecord::Kind::kEntry) continue;
    index.positions_[std::hash<std::string>()((*record)->disk_path)] = position;
  }
}

Outcome<std::optional<LayerRecord>> MetadataIndex::Find(const std::string& disk_path) {
  const auto found = positions_.find(std::hash<std::string>()(disk_path));
  if (found == positions_.end()) return std::optional<LayerRecord>();
  Outcome<std::optional<LayerRecord>> record = At(found->second);
  // Another path may have the same hash.
  if (record.ok() && *record && (*record)->disk_path != disk_path) {
    return std::optional<LayerRecord>();
  }
  return record;
}

Outcome<std::optional<LayerRecord>> MetadataIndex::At(uint64_t position) {
  reader_.Seek(position);
  return reader_.Next();
}

Outcome<std::optional<LayerRecord>> MetadataIndex::FindFile(const struct stat& file) {
  if (!linked_) {
    if (Status status = ReadLinkedFiles(); !status.ok()) return status;
  }
  const auto found = linked_->find(file.st_ino);
  if (found == linked_->end()) return std::optional<LayerRecord>();
  return At(found->second);
}

Status MetadataIndex::ReadLinkedFiles() {
  std::unordered_map<uint64_t, uint64_t> linked;
  FolderCache folders(root_.get());
  for (const auto& [hash, position] : positions_) {
    const Outcome<std::optional<LayerRecord>> record = At(position);
    if (!record.ok()) return record.failure();
    const std::string& path = (*record)->disk_path;
    const int folder = folders.Open(FolderPartOf(path));
    struct stat found {};
    if (folder >= 0 &&
        fstatat(folder, NamePartOf(path).c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(found.st_mode) && found.st_nlink > 1) {
      linked.emplace(found.st_ino, position);
    }
  }
  linked_ = std::move(linked);
  return {};
}

}  // namespace hcs::emulator
