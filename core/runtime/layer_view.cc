#include "core/runtime/layer_view.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/abi/hresult.h"
#include "core/host/host_error.h"
#include "core/platform/folder_size.h"
#include "core/runtime/container.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/services.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

namespace fs = std::filesystem;

constexpr char kVolumePrefix[] = R"(\\?\Volume{)";
constexpr char kSandboxDisk[] = "sandbox.vhdx";

bool IsVolume(const std::string& mount_path) {
  return absl::StartsWithIgnoreCase(mount_path, kVolumePrefix);
}

v1::LayerKind KindOf(const v1::LayerInfo& layer, const std::optional<v1::LayerInfo>& known) {
  if (IsVolume(layer.mount_path())) return v1::LAYER_KIND_SANDBOX;
  if (known && known->kind() != v1::LAYER_KIND_UNSPECIFIED) return known->kind();
  std::error_code error;
  const bool has_disk = fs::exists(fs::path(layer.path()) / kSandboxDisk, error);
  return has_disk ? v1::LAYER_KIND_SANDBOX : v1::LAYER_KIND_UNSPECIFIED;
}

// A sandbox that has no volume has lost what was known of it, as when the machine was
// started again. Of a layer that never gets one, the daemon alone knows.
v1::LayerState StateOf(const v1::LayerInfo& layer, const std::optional<v1::LayerInfo>& known) {
  const bool volume = IsVolume(layer.mount_path());
  if (known && known->state() != v1::LAYER_STATE_UNSPECIFIED &&
      (volume || layer.kind() != v1::LAYER_KIND_SANDBOX)) {
    if (!volume || known->state() != v1::LAYER_STATE_INACTIVE) return known->state();
  }
  return volume ? v1::LAYER_STATE_ACTIVE : v1::LAYER_STATE_INACTIVE;
}

std::string ReasonOf(const v1::LayerUser& user) {
  if (user.has_layer()) return absl::StrCat("it is a parent of layer ", user.layer());
  if (user.has_image_id()) return absl::StrCat("image ", user.image_id(), " has it");
  return absl::StrCat("container ", user.container_id(), " is made of it");
}

}  // namespace

LayerView::LayerView(Services& services, const std::string& folder) : services_(services) {
  const auto names = NamesIn(folder);
  if (!names.ok()) return;
  for (const std::string& name : *names) {
    const std::string path = host::LayerAddress{folder, name}.path();
    const auto parents = ReadLayerChain(path);
    if (!parents) continue;
    for (const std::string& parent : *parents) children_[LayerKey(parent)].push_back(path);
  }
}

absl::StatusOr<v1::LayerInfo> LayerView::Describe(const host::LayerAddress& address,
                                                  const Details& details) {
  const host::Layers& layers = services_.host.layers();
  const auto exists = layers.Exists(address);
  if (!exists.ok()) return exists.status();
  v1::LayerInfo layer;
  layer.set_home_folder(address.home_folder);
  layer.set_id(address.id);
  layer.set_path(address.path());
  if (!*exists) {
    services_.layer_ledger->Forget(layer.path());
    return host::MakeHostStatus(abi::ERROR_PATH_NOT_FOUND, {"LayerExists", layer.path()});
  }
  // A host need not have one for a layer that is not mounted.
  if (const auto mount_path = layers.GetMountPath(address); mount_path.ok()) {
    layer.set_mount_path(*mount_path);
  }
  const auto known = services_.layer_ledger->Find(layer.path());
  layer.set_kind(KindOf(layer, known));
  layer.set_state(StateOf(layer, known));
  if (const auto parents = ReadLayerChain(layer.path())) {
    for (const std::string& parent : *parents) layer.add_parents(parent);
  } else if (known) {
    *layer.mutable_parents() = known->parents();
  }
  if (known) {
    layer.set_digest(known->digest());
    layer.set_diff_id(known->diff_id());
  }
  if (details.size) {
    if (const auto size = platform::FolderSize(layer.path())) layer.set_size_bytes(*size);
  }
  if (details.users) {
    AddChildren(&layer);
    AddContainers(&layer);
    AddImages(&layer);
  }
  return layer;
}

void LayerView::AddChildren(v1::LayerInfo* layer) {
  std::map<std::string, std::string> found;  // By key, so that each is told once.
  for (const std::string& child : children_[LayerKey(layer->path())]) {
    found.emplace(LayerKey(child), child);
  }
  for (const v1::LayerInfo& child : services_.layer_ledger->ChildrenOf(layer->path())) {
    found.emplace(LayerKey(child.path()), child.path());
  }
  for (const auto& [key, child] : found) {
    const auto exists = services_.host.layers().Exists({"", child});
    if (exists.ok() && !*exists) {
      services_.layer_ledger->Forget(child);
    } else {
      layer->add_users()->set_layer(child);
    }
  }
}

void LayerView::AddContainers(v1::LayerInfo* layer) const {
  std::set<std::string> keys{LayerKey(layer->path())};
  if (!layer->mount_path().empty()) keys.insert(LayerKey(layer->mount_path()));
  for (const auto& container : services_.containers.All()) {
    const v1::Container description = container->Describe();
    if (description.state() == v1::CONTAINER_STATE_STOPPED) continue;
    const auto& paths = description.layer_paths();
    if (std::any_of(paths.begin(), paths.end(),
                    [&keys](const std::string& path) { return keys.contains(LayerKey(path)); })) {
      layer->add_users()->set_container_id(description.id());
    }
  }
}

void LayerView::AddImages(v1::LayerInfo* layer) const {
  const std::string key = LayerKey(layer->path());
  for (const v1::Image& image : services_.images->All()) {
    const auto& layers = image.layers();
    if (std::any_of(layers.begin(), layers.end(), [&key](const v1::ImageLayer& of_image) {
          return LayerKey(of_image.path()) == key;
        })) {
      layer->add_users()->set_image_id(image.id());
    }
  }
}

absl::Status LayerView::CheckUnused(const v1::LayerInfo& layer) {
  std::vector<std::string> reasons;
  if (layer.state() == v1::LAYER_STATE_ACTIVE) reasons.emplace_back("it is active");
  if (layer.state() == v1::LAYER_STATE_PREPARED) reasons.emplace_back("it is prepared");
  for (const v1::LayerUser& user : layer.users()) {
    reasons.push_back(ReasonOf(user));
  }
  if (reasons.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("layer ", layer.path(), " is in use: ", absl::StrJoin(reasons, "; ")));
}

std::string FolderAround(const host::LayerAddress& layer) {
  if (!layer.home_folder.empty()) return layer.home_folder;
  const std::string_view name = host::LastPathComponent(layer.id);
  return layer.id.substr(0, name.data() - layer.id.data());
}

absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) {
    return host::MakeHostStatus(abi::ERROR_PATH_NOT_FOUND, {"ListLayers", folder});
  }
  std::vector<std::string> names;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::string name = entries->path().filename().string();
    std::error_code gone;
    if (CheckContainerId("id", name).ok() && entries->is_directory(gone)) {
      names.push_back(std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace hcs::runtime
