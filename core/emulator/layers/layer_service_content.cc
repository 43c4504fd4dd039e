// The content of layers: imports, exports, copies.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/emulator/layers/copied_view.h"
#include "core/emulator/layers/layer_guards.h"
#include "core/emulator/layers/layer_service.h"
#include "core/emulator/layers/staged_folder.h"
#include "core/emulator/layers/transport_export.h"
#include "core/emulator/layers/transport_import.h"

namespace hcs::emulator {
namespace {

namespace fs = std::filesystem;
using platform::UniqueFd;

constexpr size_t kCopyBytes = 256 * 1024;

// Gives an import all that an export has.
Status CopyContent(LayerExport* from, LayerImport* to) {
  std::string buffer(kCopyBytes, '\0');
  for (ExportedEntry entry;;) {
    const Outcome<bool> more = from->Next(&entry);
    if (!more.ok()) return more.failure();
    if (!*more) return {};
    Status status = entry.deleted ? to->Remove(entry.name) : to->Add(entry.name, entry.info);
    while (status.ok()) {
      const Outcome<size_t> count = from->Read(buffer.data(), buffer.size());
      if (!count.ok()) return count.failure();
      if (*count == 0) break;
      status = to->Write({buffer.data(), *count});
    }
    if (!status.ok()) return status;
  }
}

}  // namespace

Outcome<std::unique_ptr<LayerImport>> LayerService::BeginImport(
    const std::string& folder, const std::vector<std::string>& parents) const {
  RemoveLeftovers(fs::path(folder).parent_path());
  // Told now rather than after all the work.
  const Outcome<UniqueFd> hold = HoldReplaceable(folder);
  if (!hold.ok()) return hold.failure();
  if (std::ranges::find(parents, folder) != parents.end()) return InUse(folder);
  return LayerImport::Begin(folder, parents);
}

Status LayerService::EndImport(LayerImport* import) const {
  if (Status status = import->Finish(); !status.ok()) return status;
  const Outcome<UniqueFd> hold = HoldReplaceable(import->folder());
  if (!hold.ok()) return hold.failure();
  return import->staged().Publish();
}

Status LayerService::ImportFolder(const std::string& folder, std::u16string_view source,
                                  const std::vector<std::string>& parents) const {
  const Outcome<std::string> path = Locate({}, source);
  if (!path.ok()) return path.failure();
  const Outcome<std::unique_ptr<LayerImport>> import = BeginImport(folder, parents);
  if (!import.ok()) return import.failure();
  if (Status status = TransportImport(*path, import->get()).Run(); !status.ok()) return status;
  return EndImport(import->get());
}

Status LayerService::ExportFolder(const std::string& folder, std::u16string_view target,
                                  const std::vector<std::string>& parents) const {
  const Outcome<std::string> path = Locate({}, target);
  if (!path.ok()) return path.failure();
  const Outcome<std::unique_ptr<LayerExport>> layer = BeginExport(folder, parents);
  if (!layer.ok()) return layer.failure();
  const Outcome<std::unique_ptr<TransportExport>> transport = TransportExport::Into(*path);
  return transport.ok() ? (*transport)->Run(layer->get()) : transport.failure();
}

Outcome<std::unique_ptr<LayerExport>> LayerService::BeginExport(
    const std::string& folder, const std::vector<std::string>& parents) const {
  if (HasCopiedView(folder)) {
    const Outcome<LockedLayer> layer = LockedLayer::Open(folder);
    if (!layer.ok()) return layer.failure();
    if (Status status = SaveChanges(*layer); !status.ok()) return status;
  }
  return LayerExport::Begin(folder, parents);
}

Status LayerService::Copy(const std::string& folder, const std::string& target,
                          const std::vector<std::string>& parents) const {
  if (Status status = CheckFree(target); !status.ok()) return status;
  const Outcome<std::unique_ptr<LayerExport>> from = BeginExport(folder, parents);
  if (!from.ok()) return from.failure();
  const Outcome<std::unique_ptr<LayerImport>> to = BeginImport(target, parents);
  if (!to.ok()) return to.failure();
  if (Status status = CopyContent(from->get(), to->get()); !status.ok()) return status;
  return EndImport(to->get());
}

Outcome<UniqueFd> LayerService::HoldReplaceable(const std::string& folder) const {
  if (!IsLayer(folder)) {
    if (Status status = CheckFree(folder); !status.ok()) return status;
    return UniqueFd();
  }
  Outcome<UniqueFd> hold = HoldUnused(folder);
  if (!hold.ok()) return hold;
  const Outcome<LockedLayer> layer = LockedLayer::Open(folder);
  if (!layer.ok()) return layer.failure();
  if (layer->is_sandbox()) {
    return Status{abi::ERROR_ALREADY_EXISTS, folder + " is a sandbox: nothing is imported there"};
  }
  if (Status status = CheckNotUsed(folder); !status.ok()) return status;
  return hold;
}

// What was changed in a copied view of the sandbox; nothing is to be done for others.
Status LayerService::SaveChanges(const LockedLayer& layer) const {
  if (!HasCopiedView(layer.folder())) return {};
  std::vector<UniqueFd> uses;
  if (Status status = UseParents(layer.state().parents, &uses); !status.ok()) return status;
  return SaveCopiedView(layer.folder(), layer.state().parents);
}

}  // namespace hcs::emulator
