#include "core/host/layers.h"

#include "core/host/guid.h"
#include "core/host/layer_arguments.h"
#include "core/platform/unicode.h"

namespace hcs::host {
namespace {

// The mount path's length can change between the two calls that ask for it.
constexpr int kMountPathTries = 4;
// Longer than Windows' longest path: a host that says so is wrong.
constexpr size_t kMostPathUnits = 64 * 1024;

// An export that takes a layer and nothing else, or `more` after it.
template <typename Function, typename... More>
absl::Status CallOnLayer(const TableCaller& caller, Export<Function> which,
                         const LayerAddress& layer, More... more) {
  auto arguments = LayerArguments::For(layer);
  if (!arguments.ok()) return arguments.status();
  return caller.Call(which, arguments->object(), arguments->info(), arguments->id(), more...)
      .status();
}

// One that takes a transport folder and the parents after it.
template <typename Function>
absl::Status CallWithFolder(const TableCaller& caller, Export<Function> which,
                            const LayerAddress& layer, std::string_view folder,
                            const std::vector<std::string>& parents) {
  const auto folder_text = ToHostText("folder", folder);
  if (!folder_text.ok()) return folder_text.status();
  auto descriptors = LayerDescriptors::For(caller, parents);
  if (!descriptors.ok()) return descriptors.status();
  return CallOnLayer(caller, which, layer, folder_text->c_str(), descriptors->data(),
                     descriptors->count());
}

// One that takes the path of an image.
template <typename Function>
absl::Status CallOnImage(const TableCaller& caller, Export<Function> which, std::string_view path) {
  const auto text = ToHostText("path", path);
  if (!text.ok()) return text.status();
  return caller.Call(which, path, text->c_str()).status();
}

}  // namespace

absl::Status Layers::Create(const LayerAddress& layer, std::string_view parent) const {
  const auto text = ToHostText("parent", parent);
  if (!text.ok()) return text.status();
  return CallOnLayer(caller_, HCS_EXPORT(CreateLayer), layer, text->c_str());
}

absl::Status Layers::CreateSandbox(const LayerAddress& layer,
                                   const std::vector<std::string>& parents) const {
  auto descriptors = LayerDescriptors::For(caller_, parents);
  if (!descriptors.ok()) return descriptors.status();
  const bool by_id = !layer.home_folder.empty() && !parents.empty();
  const auto parent =
      ToHostText("parents", by_id ? LastPathComponent(parents.front()) : std::string_view());
  if (!parent.ok()) return parent.status();
  return CallOnLayer(caller_, HCS_EXPORT(CreateSandboxLayer), layer,
                     by_id ? parent->c_str() : nullptr, descriptors->data(), descriptors->count());
}

absl::StatusOr<bool> Layers::Exists(const LayerAddress& layer) const {
  uint32_t exists = 0;
  absl::Status status = CallOnLayer(caller_, HCS_EXPORT(LayerExists), layer, &exists);
  if (!status.ok()) return status;
  return exists != 0;
}

absl::Status Layers::Activate(const LayerAddress& layer) const {
  return CallOnLayer(caller_, HCS_EXPORT(ActivateLayer), layer);
}

absl::Status Layers::Deactivate(const LayerAddress& layer) const {
  return CallOnLayer(caller_, HCS_EXPORT(DeactivateLayer), layer);
}

absl::Status Layers::Prepare(const LayerAddress& layer,
                             const std::vector<std::string>& parents) const {
  auto descriptors = LayerDescriptors::For(caller_, parents);
  if (!descriptors.ok()) return descriptors.status();
  return CallOnLayer(caller_, HCS_EXPORT(PrepareLayer), layer, descriptors->data(),
                     descriptors->count());
}

absl::Status Layers::Unprepare(const LayerAddress& layer) const {
  return CallOnLayer(caller_, HCS_EXPORT(UnprepareLayer), layer);
}

absl::StatusOr<std::string> Layers::GetMountPath(const LayerAddress& layer) const {
  constexpr auto kGet = HCS_EXPORT(GetLayerMountPath);
  for (int i = 0; i < kMountPathTries; ++i) {
    size_t length = 0;
    absl::Status status =
        CallOnLayer(caller_, kGet, layer, &length, static_cast<abi::PWSTR>(nullptr));
    if (!status.ok()) return status;
    if (length == 0 || length > kMostPathUnits) break;
    std::u16string path(length, u'\0');
    size_t written = length;
    status = CallOnLayer(caller_, kGet, layer, &written, path.data());
    if (status.ok()) return platform::Utf16ToUtf8(path.substr(0, path.find(u'\0')));
    if (written <= length) return status;
  }
  return MakeOwnStatus(OwnError::kUnexpectedValue, {kGet.name, layer.path()},
                       "the host gave no mount path that it could be asked for");
}

absl::Status Layers::ExpandSandbox(const LayerAddress& layer, uint64_t bytes) const {
  return CallOnLayer(caller_, HCS_EXPORT(ExpandSandboxSize), layer, bytes);
}

absl::Status Layers::Destroy(const LayerAddress& layer) const {
  return CallOnLayer(caller_, HCS_EXPORT(DestroyLayer), layer);
}

absl::Status Layers::Import(const LayerAddress& layer, std::string_view folder,
                            const std::vector<std::string>& parents) const {
  return CallWithFolder(caller_, HCS_EXPORT(ImportLayer), layer, folder, parents);
}

absl::Status Layers::Export(const LayerAddress& layer, std::string_view folder,
                            const std::vector<std::string>& parents) const {
  return CallWithFolder(caller_, HCS_EXPORT(ExportLayer), layer, folder, parents);
}

absl::Status Layers::ProcessBaseImage(std::string_view path) const {
  return CallOnImage(caller_, HCS_EXPORT(ProcessBaseImage), path);
}

absl::Status Layers::ProcessUtilityImage(std::string_view path) const {
  return CallOnImage(caller_, HCS_EXPORT(ProcessUtilityImage), path);
}

absl::StatusOr<std::string> Layers::GetBaseImages() const {
  constexpr auto kGet = HCS_EXPORT(GetBaseImages);
  HostText images(caller_.table());
  const auto called = caller_.Call(kGet, {}, images.out());
  if (!called.ok()) return called.status();
  return RequireText(images, {kGet.name, {}});
}

absl::StatusOr<std::string> Layers::NameToGuid(std::string_view name) const {
  const auto guid = GuidOfName(caller_, name);
  if (!guid.ok()) return guid.status();
  return GuidText(*guid);
}

}  // namespace hcs::host
