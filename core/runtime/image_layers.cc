#include "core/runtime/image_layers.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/image/digest.h"
#include "core/image/layer_blob.h"
#include "core/layer/any_tar/layer_tar_format.h"
#include "core/runtime/image_store.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/layer_content_writer.h"
#include "core/runtime/layer_records.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

// Feeds a tar's bytes to a reader of entries, and what that tells to the host.
absl::Status Unpack(image::LayerBlob& blob, layer::LayerTarReader& reader,
                    layer::LayerWriter& writer, absl::FunctionRef<absl::Status()> progress) {
  using Event = layer::LayerTarReader::Event;
  for (uint64_t entries = 0;;) {
    const absl::StatusOr<Event> event = layer::TakeEntries(reader, writer, entries);
    if (!event.ok() || *event == Event::kEnd) return event.status();
    if (absl::Status status = progress(); !status.ok()) return status;
    const absl::StatusOr<std::string_view> piece = blob.Next();
    if (!piece.ok()) return piece.status();
    if (piece->empty()) {
      reader.Finish();
    } else {
      reader.Feed(*piece);
    }
  }
}

std::unique_ptr<layer::LayerTarReader> ReaderFor(const PlannedLayer& planned) {
  return layer::MakeLayerTarReader(
      planned.windows ? layer::LayerTarFormat::kWindows : layer::LayerTarFormat::kLinux,
      {.limits = {.end_may_be_missing = true}, .has_parents = !planned.parents.empty()});
}

PlannedLayer Plan(const ImageStore& store, const image::ArchivedLayer& layer, bool windows,
                  const std::string& parent_chain) {
  PlannedLayer planned;
  planned.chain_id = image::ChainId(parent_chain, layer.diff_id);
  planned.path = store.LayerPath(planned.chain_id);
  planned.digest = layer.blob.digest;
  planned.diff_id = layer.diff_id;
  planned.blob = layer.blob.path;
  planned.blob_bytes = layer.blob.size;
  planned.windows = windows;
  return planned;
}

}  // namespace

std::vector<PlannedLayer> PlanLayers(const ImageStore& store,
                                     const std::vector<image::ArchivedImage>& images) {
  std::vector<PlannedLayer> layers;
  for (const image::ArchivedImage& image : images) {
    const bool windows = image::PlatformOf(image.configuration).os() == "windows";
    std::vector<std::string> parents;
    std::string chain;
    for (const image::ArchivedLayer& layer : image.layers) {
      PlannedLayer planned = Plan(store, layer, windows, chain);
      planned.parents = parents;
      parents.insert(parents.begin(), planned.path);
      chain = planned.chain_id;
      const auto same = std::ranges::find(layers, chain, &PlannedLayer::chain_id);
      if (same == layers.end()) layers.push_back(std::move(planned));
    }
  }
  return layers;
}

absl::Status FindLayers(Services& services, std::vector<PlannedLayer>* layers) {
  for (PlannedLayer& layer : *layers) {
    const absl::StatusOr<bool> exists = services.host.layers().Exists({"", layer.path});
    if (!exists.ok()) return exists.status();
    layer.is_there = *exists;
  }
  return absl::OkStatus();
}

LayerClaim ClaimOf(const std::vector<PlannedLayer>& layers) {
  LayerClaim claim{.operation = "ImportImage", .layer = layers.back().path, .keys = {}};
  for (const PlannedLayer& layer : layers) {
    claim.keys.push_back({.key = LayerKey(layer.path), .exclusive = !layer.is_there});
  }
  return claim;
}

MadeLayers::~MadeLayers() {
  for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) {
    DestroyImageLayer(services_, *path);
  }
}

absl::Status MadeLayers::Make(const std::vector<PlannedLayer>& layers, LayerProgressReport report) {
  v1::ImportLayerProgress progress;
  progress.set_count(static_cast<int32_t>(
      std::ranges::count_if(layers, [](const PlannedLayer& layer) { return !layer.is_there; })));
  for (const PlannedLayer& layer : layers) {
    if (layer.is_there) continue;
    progress.set_number(++made_);
    progress.set_diff_id(layer.diff_id);
    progress.set_total_bytes(static_cast<int64_t>(layer.blob_bytes));
    absl::Status status = MakeOne(layer, progress, report);
    if (status.ok()) {
      paths_.push_back(layer.path);
      continue;
    }
    if (absl::IsCancelled(status)) return status;
    return absl::Status(status.code(),
                        absl::StrCat("layer ", layer.digest, ": ", status.message()));
  }
  return absl::OkStatus();
}

absl::Status MadeLayers::MakeOne(const PlannedLayer& layer, v1::ImportLayerProgress progress,
                                 LayerProgressReport report) {
  auto blob = image::LayerBlob::Open(layer.blob, layer.diff_id);
  if (!blob.ok()) return blob.status();
  auto writer = LayerContentWriter::Begin(
      services_, {"", layer.path}, layer.parents,
      layer.windows ? layer::NameCase::kIgnored : layer::NameCase::kCounts);
  if (!writer.ok()) return writer.status();
  const auto tell = [&] {
    progress.set_done_bytes(static_cast<int64_t>((*blob)->position()));
    return report(progress);
  };
  const auto reader = ReaderFor(layer);
  if (absl::Status status = Unpack(**blob, *reader, **writer, tell); !status.ok()) return status;
  (*writer)->SetDigests({.compressed = layer.digest, .raw = layer.diff_id});
  return (*writer)->Commit();
}

void DestroyImageLayer(Services& services, const std::string& path) {
  absl::Status destroyed = services.host.layers().Destroy({"", path});
  if (!destroyed.ok()) {
    services.options.report(absl::StrCat("the layer ", path, ", which no image has any more, ",
                                         "cannot be destroyed: ", destroyed.message()));
    return;
  }
  services.layer_ledger->Forget(path);
  AppendLayerEvent(services, v1::EVENT_TYPE_LAYER_DESTROYED, path);
}

void RecoverImageLayers(Services& services) {
  if (!services.images->intact()) return;
  std::set<std::string> needed;
  for (const v1::Image& image : services.images->All()) {
    for (const v1::ImageLayer& layer : image.layers()) needed.insert(layer.path());
  }
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(services.images->layer_folder(), error)) {
    const std::string path = entry.path().string();
    if (!needed.contains(path)) DestroyImageLayer(services, path);
  }
}

}  // namespace hcs::runtime
