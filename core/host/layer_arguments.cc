#include "core/host/layer_arguments.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hcs::host {

absl::StatusOr<LayerArguments> LayerArguments::For(const LayerAddress& layer) {
  auto home = ToHostText("home_folder", layer.home_folder);
  if (!home.ok()) return home.status();
  auto id = ToHostText("id", layer.id);
  if (!id.ok()) return id.status();
  LayerArguments arguments;
  arguments.home_ = *std::move(home);
  arguments.id_ = *std::move(id);
  arguments.object_ = layer.path();
  return arguments;
}

absl::StatusOr<LayerDescriptors> LayerDescriptors::For(const TableCaller& caller,
                                                       const std::vector<std::string>& parents) {
  LayerDescriptors made;
  for (const std::string& parent : parents) {
    auto path = ToHostText("parents", parent);
    if (!path.ok()) return path.status();
    const auto guid = GuidOfName(caller, LastPathComponent(parent));
    if (!guid.ok()) return guid.status();
    const auto same = [&](const abi::WC_LAYER_DESCRIPTOR& other) {
      return std::memcmp(&other.LayerId, &*guid, sizeof(*guid)) == 0;
    };
    if (std::any_of(made.descriptors_.begin(), made.descriptors_.end(), same)) {
      return absl::InvalidArgumentError(
          absl::StrCat("parents: the host tells layers by the last component of their path, and \"",
                       std::string(LastPathComponent(parent)), "\" comes twice"));
    }
    made.paths_.push_back(*std::move(path));
    made.descriptors_.push_back({.LayerId = *guid, .Flags = 0, .Path = nullptr});
  }
  return made;
}

abi::WC_LAYER_DESCRIPTOR* LayerDescriptors::data() {
  for (size_t i = 0; i < paths_.size(); ++i) descriptors_[i].Path = paths_[i].c_str();
  return descriptors_.empty() ? nullptr : descriptors_.data();
}

absl::StatusOr<abi::GUID> GuidOfName(const TableCaller& caller, std::string_view name) {
  const auto text = ToHostText("name", name);
  if (!text.ok()) return text.status();
  abi::GUID guid{};
  const auto called = caller.Call(HCS_EXPORT(NameToGuid), name, text->c_str(), &guid);
  if (!called.ok()) return called.status();
  return guid;
}

}  // namespace hcs::host
