#include "core/runtime/layer_content_reader.h"

#include <array>
#include <utility>

#include "core/layer/transport_folder_reader.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

// The host's entries, one by one.
class HostEntryReader : public layer::LayerReader {
 public:
  explicit HostEntryReader(std::unique_ptr<host::LayerExport> content)
      : content_(std::move(content)) {}

  absl::StatusOr<bool> Next(layer::LayerEntry* entry) override {
    if (!failure_.ok()) return failure_;
    in_file_ = false;
    if (ended_) return false;
    host::ExportedEntry exported;
    auto more = content_->Next(&exported);
    // Whether all of it could be read is said at the end.
    if (more.ok() && !*more) {
      ended_ = true;
      if (absl::Status end = content_->End(); !end.ok()) more = std::move(end);
    }
    if (!more.ok()) return failure_ = more.status();
    if (!*more) return false;
    using Kind = layer::LayerEntry::Kind;
    *entry = {};
    entry->kind = exported.removed ? Kind::kRemoved : Kind::kFile;
    entry->name = std::move(exported.name);
    entry->basic_info = exported.info;
    entry->size = exported.size;
    in_file_ = !exported.removed;
    return true;
  }

  absl::StatusOr<std::string_view> Read() override {
    if (!failure_.ok()) return failure_;
    if (!in_file_) return std::string_view();
    const auto size = content_->Read(buffer_.data(), buffer_.size());
    if (!size.ok()) return failure_ = size.status();
    in_file_ = *size != 0;
    return std::string_view(buffer_.data(), *size);
  }

 private:
  const std::unique_ptr<host::LayerExport> content_;
  std::array<char, size_t{64} * 1024> buffer_;
  bool in_file_ = false;  // The entry has a stream, which has not ended.
  bool ended_ = false;
  absl::Status failure_;
};

}  // namespace

LayerContentReader::LayerContentReader(ScratchFolder scratch,
                                       std::unique_ptr<layer::LayerReader> way)
    : scratch_(std::move(scratch)), way_(std::move(way)) {}

LayerContentReader::~LayerContentReader() = default;

absl::StatusOr<std::unique_ptr<LayerContentReader>> LayerContentReader::Begin(
    Services& services, const host::LayerAddress& layer, const std::vector<std::string>& parents) {
  auto content = services.host.ExportLayer(layer, parents);
  if (content.ok()) {
    return std::unique_ptr<LayerContentReader>(new LayerContentReader(
        ScratchFolder(), std::make_unique<HostEntryReader>(*std::move(content))));
  }
  if (!absl::IsUnimplemented(content.status())) return content.status();
  auto scratch = services.layer_scratch->MakeFolder();
  if (!scratch.ok()) return scratch.status();
  const std::filesystem::path folder = scratch->content();
  absl::Status exported = services.host.layers().Export(layer, folder.string(), parents);
  if (absl::IsUnimplemented(exported)) return content.status();
  if (!exported.ok()) return exported;
  auto reader = layer::TransportFolderReader::Open(folder);
  if (!reader.ok()) return reader.status();
  return std::unique_ptr<LayerContentReader>(
      new LayerContentReader(*std::move(scratch), *std::move(reader)));
}

absl::StatusOr<bool> LayerContentReader::Next(layer::LayerEntry* entry) {
  return way_->Next(entry);
}

absl::StatusOr<std::string_view> LayerContentReader::Read() { return way_->Read(); }

}  // namespace hcs::runtime
