#include "core/runtime/layer_output.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/layer/compression/compressor.h"
#include "core/runtime/layer_messages.h"

namespace hcs::runtime {
namespace {

using Message = absl::StatusOr<std::optional<v1::ExportLayerResponse>>;

// Puts entries into a message, as a LayerWriter.
class ContentWriter : public layer::LayerWriter {
 public:
  absl::Status Add(const layer::LayerEntry& entry) override {
    *content_.add_parts()->mutable_entry() = ToMessage(entry);
    bytes_ += entry.name.size() + kPartBytes;
    return absl::OkStatus();
  }

  absl::Status Write(std::string_view piece) override {
    if (content_.parts().empty()) content_.add_parts();
    content_.mutable_parts(content_.parts_size() - 1)->mutable_stream()->append(piece);
    bytes_ += piece.size();
    stream_bytes_ += piece.size();
    return absl::OkStatus();
  }

  absl::Status Commit() override { return absl::OkStatus(); }

  size_t bytes() const { return bytes_; }
  uint64_t stream_bytes() const { return stream_bytes_; }

  v1::LayerContent Take() {
    bytes_ = 0;
    return std::exchange(content_, {});
  }

 private:
  // What an entry's numbers take, about.
  static constexpr size_t kPartBytes = 64;

  v1::LayerContent content_;
  size_t bytes_ = 0;
  uint64_t stream_bytes_ = 0;
};

class EntriesOutput : public LayerOutput {
 public:
  explicit EntriesOutput(std::unique_ptr<layer::LayerReader> reader)
      : reader_(std::move(reader)), copy_(reader_.get(), &content_) {}

  Message Next() override {
    while (!read_ && content_.bytes() < kMessageBytes) {
      const auto more = copy_.Step();
      if (!more.ok()) return more.status();
      read_ = !*more;
    }
    progress_.set_entries(static_cast<int64_t>(copy_.entries()));
    progress_.set_bytes(static_cast<int64_t>(content_.stream_bytes()));
    progress_.set_raw_bytes(progress_.bytes());
    v1::ExportLayerResponse message;
    if (content_.bytes() != 0) {
      *message.mutable_content() = content_.Take();
      return message;
    }
    if (std::exchange(summarized_, true)) return std::nullopt;
    *message.mutable_summary() = progress_;
    return message;
  }

  const v1::ExportLayerSummary& progress() const override { return progress_; }

 private:
  const std::unique_ptr<layer::LayerReader> reader_;
  ContentWriter content_;
  layer::EntryCopy copy_;
  bool read_ = false;
  bool summarized_ = false;
  v1::ExportLayerSummary progress_;
};

class TarOutput : public LayerOutput {
 public:
  TarOutput(std::unique_ptr<layer::LayerReader> reader, layer::LayerTarFormat format,
            layer::Compression compression, std::optional<int> level)
      : reader_(std::move(reader)),
        compressor_(compression, level),
        tar_(layer::MakeLayerTarWriter(format, CompressingSink())),
        copy_(reader_.get(), tar_.get()) {}

  Message Next() override {
    while (!read_ && out_.size() < kMessageBytes) {
      if (absl::Status status = Step(); !status.ok()) return status;
    }
    progress_.set_entries(static_cast<int64_t>(copy_.entries()));
    progress_.set_bytes(static_cast<int64_t>(compressor_.compressed_bytes()));
    progress_.set_raw_bytes(static_cast<int64_t>(compressor_.raw_bytes()));
    v1::ExportLayerResponse message;
    if (!out_.empty()) {
      message.set_tar(std::exchange(out_, {}));
      return message;
    }
    if (std::exchange(summarized_, true)) return std::nullopt;
    *message.mutable_summary() = progress_;
    message.mutable_summary()->set_digest(compressor_.CompressedDigest());
    message.mutable_summary()->set_diff_id(compressor_.RawDigest());
    return message;
  }

  const v1::ExportLayerSummary& progress() const override { return progress_; }

 private:
  layer::LayerTarWriter::Sink CompressingSink() {
    return [this](std::string_view bytes) {
      compressor_.Append(bytes, &out_);
      return absl::OkStatus();
    };
  }

  absl::Status Step() {
    const auto more = copy_.Step();
    absl::Status status = more.status();
    if (more.ok() && !*more) {
      read_ = true;
      status = tar_->Commit();
      if (status.ok()) compressor_.Finish(&out_);
    }
    // It is the layer's fault, not the caller's.
    if (!absl::IsInvalidArgument(status)) return status;
    return absl::FailedPreconditionError(
        absl::StrCat("the layer cannot be a tar; entries can carry it: ", status.message()));
  }

  const std::unique_ptr<layer::LayerReader> reader_;
  layer::Compressor compressor_;
  std::string out_;
  const std::unique_ptr<layer::LayerTarWriter> tar_;
  layer::EntryCopy copy_;
  bool read_ = false;
  bool summarized_ = false;
  v1::ExportLayerSummary progress_;
};

}  // namespace

std::unique_ptr<LayerOutput> OutputEntries(std::unique_ptr<layer::LayerReader> reader) {
  return std::make_unique<EntriesOutput>(std::move(reader));
}

std::unique_ptr<LayerOutput> OutputTar(std::unique_ptr<layer::LayerReader> reader,
                                       layer::LayerTarFormat format, layer::Compression compression,
                                       std::optional<int> level) {
  return std::make_unique<TarOutput>(std::move(reader), format, compression, level);
}

}  // namespace hcs::runtime
