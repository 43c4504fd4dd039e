#include "core/runtime/layer_ledger.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/state_file.h"
#include "core/runtime/state_message.h"

namespace hcs::runtime {

absl::StatusOr<std::unique_ptr<LayerLedger>> LayerLedger::Open(
    const std::filesystem::path& state_directory, Report report) {
  if (absl::Status made = CreatePrivateDirectory(state_directory); !made.ok()) return made;
  std::unique_ptr<LayerLedger> ledger(
      new LayerLedger(state_directory / "layers.json", std::move(report)));
  if (absl::Status read = ledger->Read(); !read.ok()) {
    ledger->report_(absl::StrCat("what was known of layers cannot be read (", read.message(),
                                 ") and is set aside as ",
                                 SetStateFileAside(ledger->file_).string()));
  }
  return ledger;
}

absl::Status LayerLedger::Read() {
  v1::ListLayersResponse known;
  if (absl::Status read = ReadStateMessage(file_, &known); !read.ok()) return read;
  absl::MutexLock lock(&mutex_);
  for (v1::LayerInfo& layer : *known.mutable_layers()) {
    layers_[LayerKey(layer.path())] = std::move(layer);
  }
  return absl::OkStatus();
}

std::optional<v1::LayerInfo> LayerLedger::Find(std::string_view path) const {
  absl::MutexLock lock(&mutex_);
  const auto found = layers_.find(LayerKey(path));
  if (found == layers_.end()) return std::nullopt;
  return found->second;
}

std::vector<v1::LayerInfo> LayerLedger::ChildrenOf(std::string_view path) const {
  const std::string key = LayerKey(path);
  std::vector<v1::LayerInfo> children;
  absl::MutexLock lock(&mutex_);
  for (const auto& [child_key, child] : layers_) {
    const auto& parents = child.parents();
    if (std::any_of(parents.begin(), parents.end(),
                    [&key](const std::string& parent) { return LayerKey(parent) == key; })) {
      children.push_back(child);
    }
  }
  return children;
}

void LayerLedger::Change(const std::string& path, absl::FunctionRef<void(v1::LayerInfo&)> change) {
  absl::MutexLock lock(&mutex_);
  v1::LayerInfo& layer = layers_[LayerKey(path)];
  layer.set_path(path);
  change(layer);
  Write();
}

void LayerLedger::Forget(std::string_view path) {
  absl::MutexLock lock(&mutex_);
  if (layers_.erase(LayerKey(path)) != 0) Write();
}

void LayerLedger::Write() {
  v1::ListLayersResponse known;
  for (const auto& [key, layer] : layers_) *known.add_layers() = layer;
  if (absl::Status status = ReplaceStateMessage(file_, known); !status.ok()) {
    report_(absl::StrCat("what is known of layers cannot be kept: ", status.message()));
  }
}

}  // namespace hcs::runtime
