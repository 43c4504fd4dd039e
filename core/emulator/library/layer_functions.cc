// The life of layers, in C.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/emulator/layers/name_guid.h"
#include "core/emulator/library/compute_functions.h"
#include "core/emulator/library/function_body.h"
#include "core/emulator/library/layer_arguments.h"
#include "core/platform/unicode.h"

namespace hcs::emulator {
namespace {

using abi::DriverInfo;
using abi::HRESULT;
using abi::PCWSTR;
using abi::PWSTR;
using abi::WC_LAYER_DESCRIPTOR;

using Parents = std::vector<std::string>;

// Calls `body(LayerService&, folder) -> Status`.
template <typename Body>
HRESULT RunOnLayer(const DriverInfo* info, PCWSTR id, Body&& body) {
  return RunFunction(nullptr, [&](ComputeService& service) -> Status {
    const Outcome<std::string> folder = FolderOf(service.layers(), info, id);
    return folder.ok() ? body(service.layers(), *folder) : folder.failure();
  });
}

// Calls `body(LayerService&, folder, parents) -> Status`.
template <typename Body>
HRESULT RunOnLayerAndParents(const DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR* descriptors,
                             uint32_t count, Body&& body) {
  return RunOnLayer(info, id, [&](LayerService& layers, const std::string& folder) -> Status {
    const Outcome<Parents> parents = FoldersOf(layers, descriptors, count);
    return parents.ok() ? body(layers, folder, *parents) : parents.failure();
  });
}

HRESULT CreateLayer(DriverInfo* info, PCWSTR id, PCWSTR parent) {
  return RunOnLayer(info, id, [&](LayerService& layers, const std::string& folder) -> Status {
    if (TextOf(parent).empty()) return layers.Create(folder, {});
    const Outcome<std::string> parent_folder = FolderOf(layers, info, parent);
    return parent_folder.ok() ? layers.Create(folder, *parent_folder) : parent_folder.failure();
  });
}

// The old API names the nearest parent by `parent` as well; the descriptors have it, too.
HRESULT CreateSandboxLayer(DriverInfo* info, PCWSTR id, PCWSTR /*parent*/,
                           WC_LAYER_DESCRIPTOR* descriptors, uint32_t count) {
  return RunOnLayerAndParents(
      info, id, descriptors, count,
      [&](LayerService& layers, const std::string& folder, const Parents& parents) {
        return layers.CreateSandbox(folder, parents);
      });
}

HRESULT ActivateLayer(DriverInfo* info, PCWSTR id) {
  return RunOnLayer(info, id, [](LayerService& layers, const std::string& folder) {
    return layers.Activate(folder);
  });
}

HRESULT DeactivateLayer(DriverInfo* info, PCWSTR id) {
  return RunOnLayer(info, id, [](LayerService& layers, const std::string& folder) {
    return layers.Deactivate(folder);
  });
}

HRESULT PrepareLayer(DriverInfo* info, PCWSTR id, WC_LAYER_DESCRIPTOR* descriptors,
                     uint32_t count) {
  return RunOnLayerAndParents(
      info, id, descriptors, count,
      [&](LayerService& layers, const std::string& folder, const Parents& parents) {
        return layers.Prepare(folder, parents);
      });
}

HRESULT UnprepareLayer(DriverInfo* info, PCWSTR id) {
  return RunOnLayer(info, id, [](LayerService& layers, const std::string& folder) {
    return layers.Unprepare(folder);
  });
}

HRESULT DestroyLayer(DriverInfo* info, PCWSTR id) {
  return RunOnLayer(info, id, [](LayerService& layers, const std::string& folder) {
    return layers.Destroy(folder);
  });
}

HRESULT ExpandSandboxSize(DriverInfo* info, PCWSTR id, uint64_t bytes) {
  return RunOnLayer(info, id, [&](LayerService& layers, const std::string& folder) {
    return layers.ExpandSandbox(folder, bytes);
  });
}

HRESULT LayerExists(DriverInfo* info, PCWSTR id, uint32_t* exists) {
  return RunOnLayer(info, id, [&](LayerService& layers, const std::string& folder) -> Status {
    if (exists == nullptr) return MissingOutParameter();
    *exists = layers.Exists(folder) ? 1 : 0;
    return {};
  });
}

// A layer's own folder, as the caller has named it.
std::u16string NamedFolder(const DriverInfo* info, PCWSTR id) {
  std::u16string path(TextOf(info->HomeDir));
  if (!path.empty() && !path.ends_with(u'\\') && !path.ends_with(u'/')) path += u'\\';
  return path.append(TextOf(id));
}

// `length` counts characters with the NUL, in and out.
Status PutPath(const std::u16string& path, size_t* length, PWSTR buffer) {
  const size_t room = *length;
  *length = path.size() + 1;
  if (buffer == nullptr) return {};
  if (room < path.size() + 1) {
    return {abi::ERROR_INSUFFICIENT_BUFFER, "the buffer is too small for the path"};
  }
  std::copy_n(path.c_str(), path.size() + 1, buffer);
  return {};
}

HRESULT GetLayerMountPath(DriverInfo* info, PCWSTR id, size_t* length, PWSTR buffer) {
  return RunOnLayer(info, id, [&](LayerService& layers, const std::string& folder) {
    if (length == nullptr) return MissingOutParameter();
    const Outcome<std::string> volume = layers.VolumeOf(folder);
    if (!volume.ok()) return volume.failure();
    return PutPath(volume->empty() ? NamedFolder(info, id) : platform::Utf8ToUtf16(*volume), length,
                   buffer);
  });
}

HRESULT ImportLayer(DriverInfo* info, PCWSTR id, PCWSTR source, WC_LAYER_DESCRIPTOR* descriptors,
                    uint32_t count) {
  return RunOnLayerAndParents(
      info, id, descriptors, count,
      [&](LayerService& layers, const std::string& folder, const Parents& parents) {
        return layers.ImportFolder(folder, TextOf(source), parents);
      });
}

HRESULT ExportLayer(DriverInfo* info, PCWSTR id, PCWSTR target, WC_LAYER_DESCRIPTOR* descriptors,
                    uint32_t count) {
  return RunOnLayerAndParents(
      info, id, descriptors, count,
      [&](LayerService& layers, const std::string& folder, const Parents& parents) {
        return layers.ExportFolder(folder, TextOf(target), parents);
      });
}

HRESULT NameToGuid(PCWSTR name, abi::GUID* guid) {
  return RunFunction(nullptr, [&](ComputeService& /*service*/) -> Status {
    if (guid == nullptr) return MissingOutParameter();
    *guid = GuidOfName(TextOf(name));
    return {};
  });
}

}  // namespace

void AddLayerFunctions(abi::HcsFunctionTable* table) {
  table->CreateLayer = CreateLayer;
  table->CreateSandboxLayer = CreateSandboxLayer;
  table->ActivateLayer = ActivateLayer;
  table->DeactivateLayer = DeactivateLayer;
  table->PrepareLayer = PrepareLayer;
  table->UnprepareLayer = UnprepareLayer;
  table->DestroyLayer = DestroyLayer;
  table->ExpandSandboxSize = ExpandSandboxSize;
  table->LayerExists = LayerExists;
  table->GetLayerMountPath = GetLayerMountPath;
  table->NameToGuid = NameToGuid;
  table->ImportLayer = ImportLayer;
  table->ExportLayer = ExportLayer;
}

}  // namespace hcs::emulator
