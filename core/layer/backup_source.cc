#include "core/layer/backup_source.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/content_size.h"
#include "core/layer/layer_name.h"
#include "core/layer/stream_check.h"

namespace hcs::layer {
namespace {

using Event = BackupStreamReader::Event;

constexpr size_t kAttributesBytes = 4;
// Headers stand between long data: more would be read in vain.
constexpr size_t kScanBytes = 4096;

class TransportFileSource : public BackupSource {
 public:
  TransportFileSource(RootedFile file, uint64_t end, ReadBuffer* buffer)
      : file_(std::move(file)), end_(end), buffer_(buffer), check_(file_.name()) {}

  absl::StatusOr<std::string_view> Read() override {
    // What is known to be the end need not be read.
    const size_t capacity = offset_ < end_ ? buffer_->size() : 0;
    const absl::StatusOr<size_t> count =
        capacity == 0 ? size_t{0} : file_.ReadAt(offset_, buffer_->data(), capacity);
    if (!count.ok()) return count.status();
    const std::string_view piece(buffer_->data(), *count);
    offset_ += piece.size();
    const absl::Status status = piece.empty() ? FinishOnce() : check_.Feed(piece);
    if (!status.ok()) return status;
    return piece;
  }

 private:
  absl::Status FinishOnce() {
    if (std::exchange(finished_, true)) return absl::OkStatus();
    return check_.Finish();
  }

  RootedFile file_;
  uint64_t end_;
  ReadBuffer* buffer_;
  StreamCheck check_;
  uint64_t offset_ = kAttributesBytes;
  bool finished_ = false;
};

class PlainFileSource : public BackupSource {
 public:
  PlainFileSource(RootedFile file, uint64_t size, ReadBuffer* buffer)
      : file_(std::move(file)), buffer_(buffer), size_(size) {}

  absl::StatusOr<std::string_view> Read() override {
    if (!header_.empty()) return Header();
    // What was appended since the header was told is not told.
    const size_t capacity = std::min<uint64_t>(buffer_->size(), size_ - offset_);
    if (capacity == 0) return std::string_view();
    const absl::StatusOr<size_t> count = file_.ReadAt(offset_, buffer_->data(), capacity);
    if (!count.ok()) return count.status();
    if (*count == 0) {
      return absl::AbortedError(QuotedName(file_.name()) + " became shorter while it was read");
    }
    offset_ += *count;
    return std::string_view(buffer_->data(), *count);
  }

  absl::Status Begin() {
    if (size_ == 0) return absl::OkStatus();
    const auto broken = AppendBackupStreamHeader({.size = size_}, &header_);
    return broken ? InvalidName(file_.name(), *broken) : absl::OkStatus();
  }

 private:
  std::string_view Header() {
    std::copy(header_.begin(), header_.end(), buffer_->begin());
    return {buffer_->data(), std::exchange(header_, {}).size()};
  }

  RootedFile file_;
  ReadBuffer* buffer_;
  uint64_t size_;
  uint64_t offset_ = 0;
  std::string header_;
};

// By the headers alone. A broken stream gives the size as far as it goes: reading it
// tells what is wrong.
absl::StatusOr<int64_t> ScanContentSize(const RootedFile& file, uint64_t end) {
  BackupStreamReader reader;
  ContentSize size;
  char buffer[kScanBytes];
  uint64_t offset = kAttributesBytes;
  for (;;) {
    switch (reader.Next()) {
      case Event::kHeader: {
        const uint64_t not_fed = reader.SkipData();
        if (not_fed > end - offset) return size.bytes();
        size.Add(reader.header());
        offset += not_fed;
        break;
      }
      case Event::kNeedInput: {
        if (offset >= end) return size.bytes();
        const absl::StatusOr<size_t> count = file.ReadAt(offset, buffer, sizeof(buffer));
        if (!count.ok()) return count.status();
        if (*count == 0) return size.bytes();
        offset += *count;
        reader.Feed({buffer, *count});
        break;
      }
      case Event::kData:
      case Event::kStreamEnd: break;
      case Event::kEnd:
      case Event::kError: return size.bytes();
    }
  }
}

}  // namespace

absl::StatusOr<OpenedSource> OpenTransportFile(RootedFile file, ReadBuffer* buffer) {
  char word[kAttributesBytes];
  const absl::StatusOr<size_t> count = file.ReadAt(0, word, sizeof(word));
  if (!count.ok()) return count.status();
  if (*count != sizeof(word)) {
    return InvalidName(file.name(), "must begin with 4 bytes of attributes");
  }
  const absl::StatusOr<uint64_t> end = file.Size();
  if (!end.ok()) return end.status();
  const absl::StatusOr<int64_t> size = ScanContentSize(file, *end);
  if (!size.ok()) return size.status();
  const auto attributes = LoadLittleEndian<uint32_t>({word, sizeof(word)}, 0);
  return OpenedSource{std::make_unique<TransportFileSource>(std::move(file), *end, buffer),
                      attributes, *size};
}

absl::StatusOr<OpenedSource> OpenPlainFile(RootedFile file, ReadBuffer* buffer) {
  const absl::StatusOr<abi::FILE_BASIC_INFO> info = file.BasicInfo();
  if (!info.ok()) return info.status();
  const absl::StatusOr<uint64_t> size = file.Size();
  if (!size.ok()) return size.status();
  auto source = std::make_unique<PlainFileSource>(std::move(file), *size, buffer);
  if (absl::Status status = source->Begin(); !status.ok()) return status;
  return OpenedSource{std::move(source), info->FileAttributes, static_cast<int64_t>(*size)};
}

}  // namespace hcs::layer
