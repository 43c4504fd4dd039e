#include "core/layer/backup_sink.h"

#include <string>
#include <utility>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/content_size.h"
#include "core/layer/stream_check.h"

namespace hcs::layer {
namespace {

using Event = BackupStreamReader::Event;

// Small pieces are gathered, so that a small file is written with one call.
constexpr size_t kGatherBytes = 64 * 1024;

class TransportFileSink : public BackupSink {
 public:
  TransportFileSink(RootedFile file, const abi::FILE_BASIC_INFO& info)
      : file_(std::move(file)), info_(info), check_(file_.name()) {
    AppendLittleEndian(info.FileAttributes, &gathered_);
  }

  absl::Status Write(std::string_view piece) override {
    if (absl::Status status = check_.Feed(piece); !status.ok()) return status;
    if (gathered_.size() + piece.size() > kGatherBytes) {
      if (absl::Status status = Flush(); !status.ok()) return status;
    }
    if (piece.size() > kGatherBytes) return WriteOut(piece);
    gathered_ += piece;
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    if (absl::Status status = check_.Finish(); !status.ok()) return status;
    if (absl::Status status = Flush(); !status.ok()) return status;
    return file_.SetTimes(info_);
  }

 private:
  absl::Status Flush() {
    absl::Status status = WriteOut(gathered_);
    gathered_.clear();
    return status;
  }

  absl::Status WriteOut(std::string_view bytes) {
    if (absl::Status status = file_.WriteAt(offset_, bytes); !status.ok()) return status;
    offset_ += bytes.size();
    return absl::OkStatus();
  }

  RootedFile file_;
  abi::FILE_BASIC_INFO info_;
  StreamCheck check_;
  std::string gathered_;
  uint64_t offset_ = 0;
};

class PlainFileSink : public BackupSink {
 public:
  PlainFileSink(RootedFile file, const abi::FILE_BASIC_INFO& info)
      : file_(std::move(file)), info_(info), check_(file_.name()) {}

  absl::Status Write(std::string_view piece) override {
    return check_.Feed(piece, [this](Event event, const BackupStreamReader& reader) {
      if (event == Event::kHeader) in_content_ = size_.Add(reader.header());
      if (event != Event::kData || !in_content_) return absl::OkStatus();
      return file_.WriteAt(reader.header().sparse_offset + reader.data_offset(), reader.data());
    });
  }

  absl::Status Finish() override {
    absl::Status status = check_.Finish();
    if (status.ok()) status = file_.Resize(static_cast<uint64_t>(size_.bytes()));
    if (status.ok()) status = file_.SetTimes(info_);
    const bool read_only = (info_.FileAttributes & kAttributeReadOnly) != 0;
    return status.ok() && read_only ? file_.SetReadOnly() : status;
  }

 private:
  RootedFile file_;
  abi::FILE_BASIC_INFO info_;
  StreamCheck check_;
  ContentSize size_;
  bool in_content_ = false;
};

class StreamCheckSink : public BackupSink {
 public:
  explicit StreamCheckSink(std::string name) : check_(std::move(name)) {}

  absl::Status Write(std::string_view piece) override { return check_.Feed(piece); }
  absl::Status Finish() override { return check_.Finish(); }

 private:
  StreamCheck check_;
};

}  // namespace

std::unique_ptr<BackupSink> WriteTransportFile(RootedFile file, const abi::FILE_BASIC_INFO& info) {
  return std::make_unique<TransportFileSink>(std::move(file), info);
}

std::unique_ptr<BackupSink> WritePlainFile(RootedFile file, const abi::FILE_BASIC_INFO& info) {
  return std::make_unique<PlainFileSink>(std::move(file), info);
}

std::unique_ptr<BackupSink> CheckStreamAlone(std::string name) {
  return std::make_unique<StreamCheckSink>(std::move(name));
}

}  // namespace hcs::layer
