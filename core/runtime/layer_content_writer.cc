#include "core/runtime/layer_content_writer.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/abi/hresult.h"
#include "core/host/host_error.h"
#include "core/layer/transport_folder_writer.h"
#include "core/runtime/host_entry_writer.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/layer_links.h"
#include "core/runtime/layer_records.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

bool HasExport(const host::ComputeService& host, std::string_view name) {
  const auto missing = host.MissingExports();
  return std::find(missing.begin(), missing.end(), name) == missing.end();
}

// An import that fails destroys what is in the layer's place. What somebody else has there,
// but for a chain that was written ahead, is not ours to destroy.
absl::Status CheckPlace(const std::string& path) {
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename() == kLayerChainFile) continue;
    return absl::AlreadyExistsError(absl::StrCat(path,
                                                 " is there already, and is no layer: it has ",
                                                 entry->path().filename().string(), " in it"));
  }
  return absl::OkStatus();
}

}  // namespace

LayerContentWriter::LayerContentWriter(Services& services, host::LayerAddress layer,
                                       std::vector<std::string> parents, ScratchFolder scratch)
    : services_(services),
      layer_(std::move(layer)),
      parents_(std::move(parents)),
      scratch_(std::move(scratch)) {}

absl::StatusOr<std::unique_ptr<LayerContentWriter>> LayerContentWriter::Begin(
    Services& services, const host::LayerAddress& layer, std::vector<std::string> parents,
    layer::NameCase name_case) {
  const auto exists = services.host.layers().Exists(layer);
  if (!exists.ok()) return exists.status();
  if (*exists)
    return host::MakeHostStatus(abi::ERROR_ALREADY_EXISTS, {"ImportLayer", layer.path()});
  if (absl::Status free = CheckPlace(layer.path()); !free.ok()) return free;
  auto scratch = services.layer_scratch->MakeFolder();
  if (!scratch.ok()) return scratch.status();
  std::unique_ptr<LayerContentWriter> writer(
      new LayerContentWriter(services, layer, std::move(parents), *std::move(scratch)));
  if (absl::Status begun = writer->Begin(name_case); !begun.ok()) return begun;
  return writer;
}

absl::Status LayerContentWriter::Begin(layer::NameCase name_case) {
  if (absl::Status marked = scratch_.MarkDraft(layer_); !marked.ok()) return marked;
  auto import = services_.host.ImportLayer(layer_, parents_);
  if (import.ok()) {
    begun_ = true;
    entries_ = std::make_unique<HostEntryWriter>(*std::move(import), parents_, name_case);
    return absl::OkStatus();
  }
  const bool takes_folders = HasExport(services_.host, "ImportLayer");
  if (!absl::IsUnimplemented(import.status()) || !takes_folders) return import.status();
  auto folder = layer::TransportFolderWriter::Create(scratch_.content(),
                                                     {parents_.begin(), parents_.end()}, name_case);
  if (!folder.ok()) return folder.status();
  folder_ = *std::move(folder);
  return absl::OkStatus();
}

LayerContentWriter::~LayerContentWriter() {
  entries_ = nullptr;  // Ends the import in the host.
  folder_ = nullptr;
  if (!begun_) return;
  services_.layer_ledger->Forget(layer_.path());
  absl::Status destroyed = services_.host.layers().Destroy(layer_);
  if (destroyed.ok()) return;
  services_.options.report(
      absl::StrCat("the layer ", layer_.path(),
                   ", whose import was given up, cannot be destroyed: ", destroyed.message()));
  scratch_.Abandon();
}

layer::LayerWriter& LayerContentWriter::way() {
  if (entries_ != nullptr) return *entries_;
  return *folder_;
}

absl::Status LayerContentWriter::Add(const layer::LayerEntry& entry) {
  return failure_.ok() ? way().Add(entry) : failure_;
}

absl::Status LayerContentWriter::Write(std::string_view piece) {
  return failure_.ok() ? way().Write(piece) : failure_;
}

absl::Status LayerContentWriter::Commit() {
  if (!failure_.ok()) return failure_;
  failure_ = Finish();
  if (!failure_.ok()) return failure_;
  Record();
  // What makes it stay, whenever the daemon dies.
  failure_ = scratch_.ClearMark();
  if (!failure_.ok()) return failure_;
  begun_ = false;
  AppendLayerEvent(services_, v1::EVENT_TYPE_LAYER_IMPORTED, layer_.path());
  failure_ = absl::FailedPreconditionError("the layer has been committed");
  return absl::OkStatus();
}

// The layer with its links. What it removes, the host has been told; of what is below
// UtilityVM, the folder's writer has removed it.
absl::Status LayerContentWriter::Finish() {
  if (absl::Status status = way().Commit(); !status.ok()) return status;
  if (entries_ != nullptr) return MakeLayerLinks(layer_.path(), parents_, entries_->links());
  begun_ = true;
  const std::string content = scratch_.content().string();
  absl::Status imported = services_.host.layers().Import(layer_, content, parents_);
  if (!imported.ok()) return imported;
  return MakeLayerLinks(layer_.path(), parents_, folder_->links());
}

void LayerContentWriter::Record() {
  RecordLayer(services_, layer_.path(), v1::LAYER_KIND_READ_ONLY, parents_,
              [this](v1::LayerInfo& layer) {
                layer.set_digest(digests_.compressed);
                layer.set_diff_id(digests_.raw);
              });
}

}  // namespace hcs::runtime
