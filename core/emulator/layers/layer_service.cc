#include "core/emulator/layers/layer_service.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/copied_view.h"
#include "core/emulator/layers/layer_guards.h"
#include "core/emulator/layers/staged_folder.h"
#include "core/emulator/state/guid.h"
#include "core/platform/unicode.h"
#include "core/platform/union_mount.h"

namespace hcs::emulator {
namespace {

namespace fs = std::filesystem;
using platform::UniqueFd;

// What one name of a Linux file system can hold.
constexpr size_t kMaxIdBytes = 255;
// A path that no system call takes is refused before it is copied about.
constexpr size_t kMaxPathUnits = 4096;

Status InvalidId(const char* rule) {
  return {abi::ERROR_INVALID_PARAMETER, std::string("the layer's id ") + rule};
}

Status NotASandbox(const std::string& folder) {
  return {abi::VMCOMPUTE_INVALID_LAYER, folder + " is not a sandbox"};
}

Status InvalidState(const std::string& folder, const char* state) {
  return {abi::VMCOMPUTE_INVALID_STATE, "the sandbox " + folder + " is " + state};
}

Outcome<std::string> CheckId(const std::string& id) {
  if (id.empty()) return InvalidId("is empty");
  if (id == "." || id == "..") return InvalidId(R"(is "." or "..")");
  if (id.size() > kMaxIdBytes) return InvalidId("is too long");
  const auto forbidden = [](unsigned char c) {
    return c < 0x20 ||
           std::string_view(R"(/\:*?"<>|)").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (std::any_of(id.begin(), id.end(), forbidden)) {
    return InvalidId("has a character in it that Windows forbids in names");
  }
  return id;
}

}  // namespace

Outcome<std::string> LayerService::Locate(std::u16string_view home, std::u16string_view id) const {
  if (home.size() > kMaxPathUnits || id.size() > kMaxPathUnits) return InvalidId("is too long");
  const std::optional<std::string> home_text = platform::Utf16ToUtf8Strict(home);
  const std::optional<std::string> id_text = platform::Utf16ToUtf8Strict(id);
  if (!home_text || !id_text) return InvalidId("or its home folder is not valid UTF-16");
  if (id_text->empty()) return InvalidId("is empty");
  if (home_text->empty()) return volumes_.Resolve(*id_text);
  const Outcome<std::string> name = CheckId(*id_text);
  if (!name.ok()) return name;
  const Outcome<std::string> folder = volumes_.Resolve(*home_text);
  if (!folder.ok()) return folder;
  return *folder == "/" ? "/" + *name : *folder + "/" + *name;
}

Status LayerService::Create(const std::string& folder, const std::string& parent) {
  RemoveLeftovers(fs::path(folder).parent_path());
  if (Status status = CheckFree(folder); !status.ok()) return status;
  if (!parent.empty() && !IsLayer(parent)) {
    return {abi::ERROR_PATH_NOT_FOUND, "there is no parent layer " + parent};
  }
  Outcome<StagedFolder> staged = StagedFolder::Beside(folder);
  if (!staged.ok()) return staged.failure();
  if (Status status = FurnishLayer(staged->path(), {}); !status.ok()) return status;
  return staged->Publish();
}

Status LayerService::CreateSandbox(const std::string& folder,
                                   const std::vector<std::string>& parents) {
  RemoveLeftovers(fs::path(folder).parent_path());
  if (Status status = CheckFree(folder); !status.ok()) return status;
  std::vector<UniqueFd> uses;
  if (Status status = UseParents(parents, &uses); !status.ok()) return status;
  Outcome<StagedFolder> staged = StagedFolder::Beside(folder);
  if (!staged.ok()) return staged.failure();
  const LayerIdentity identity = {LayerKind::kSandbox, NewGuidText()};
  if (Status status = FurnishLayer(staged->path(), identity); !status.ok()) return status;
  const LayerState state = {.activated_boot = {}, .parents = parents};
  if (Status status = WriteLayerState(staged->path(), state); !status.ok()) return status;
  return staged->Publish();
}

Status LayerService::Activate(const std::string& folder) {
  Outcome<LockedLayer> layer = LockedLayer::Open(folder);
  if (!layer.ok()) return layer.failure();
  if (!layer->is_sandbox()) return {};
  // Again also when it is active: the folder may have been moved.
  if (Status status = volumes_.Link(layer->identity().volume, MountPointOfSandbox(folder));
      !status.ok()) {
    return status;
  }
  LayerState state = layer->state();
  state.activated_boot = CurrentBoot();
  return layer->ChangeState(std::move(state));
}

Status LayerService::Deactivate(const std::string& folder) {
  Outcome<LockedLayer> layer = LockedLayer::Open(folder);
  if (!layer.ok()) return layer.failure();
  if (!layer->is_sandbox()) return {};
  if (layer->is_prepared()) return InvalidState(folder, "prepared");
  volumes_.Unlink(layer->identity().volume);
  LayerState state = layer->state();
  state.activated_boot.clear();
  return layer->ChangeState(std::move(state));
}

Status LayerService::Prepare(const std::string& folder, const std::vector<std::string>& parents) {
  Outcome<LockedLayer> layer = LockedLayer::Open(folder);
  if (!layer.ok()) return layer.failure();
  if (!layer->is_sandbox()) return NotASandbox(folder);
  if (!layer->is_active()) return InvalidState(folder, "not active");
  std::vector<UniqueFd> uses;
  if (Status status = UseParents(parents, &uses); !status.ok()) return status;
  if (layer->is_prepared()) {
    return layer->state().parents == parents ? Status()
                                             : InvalidState(folder, "prepared with other parents");
  }
  LayerState state = layer->state();
  state.parents = parents;
  if (Status status = layer->ChangeState(std::move(state)); !status.ok()) return status;
  platform::UnionMount mount = {.lower = {},
                                .upper = FilesOfLayer(folder),
                                .work = folder + "/work",
                                .target = MountPointOfSandbox(folder)};
  for (const std::string& parent : parents) mount.lower.push_back(FilesOfLayer(parent));
  const int error = platform::MountUnion(mount);
  // Without the right to mount, or without overlayfs.
  if (error == EPERM || error == ENODEV) return MakeCopiedView(folder, parents);
  return error == 0 ? Status() : ErrnoStatus(error, "mounting " + mount.target);
}

Status LayerService::Unprepare(const std::string& folder) {
  Outcome<LockedLayer> layer = LockedLayer::Open(folder);
  if (!layer.ok()) return layer.failure();
  if (!layer->is_sandbox()) return NotASandbox(folder);
  if (HasCopiedView(folder)) {
    if (Status status = SaveChanges(*layer); !status.ok()) return status;
    return DropCopiedView(folder);
  }
  const int error = platform::UnmountUnion(MountPointOfSandbox(folder));
  if (error == EBUSY) return InUse(folder);
  return error == 0 ? Status() : ErrnoStatus(error, "unmounting the layer " + folder);
}

Outcome<std::string> LayerService::VolumeOf(const std::string& folder) const {
  const Outcome<LockedLayer> layer = LockedLayer::Open(folder);
  if (!layer.ok()) return layer.failure();
  return layer->is_active() ? VolumePathOf(layer->identity().volume) : std::string();
}

Status LayerService::ExpandSandbox(const std::string& folder, uint64_t bytes) {
  Outcome<LockedLayer> layer = LockedLayer::Open(folder);
  if (!layer.ok()) return layer.failure();
  if (!layer->is_sandbox()) return NotASandbox(folder);
  if (bytes == 0 || bytes < layer->state().size_bytes) {
    return {abi::ERROR_INVALID_PARAMETER, "a sandbox can be made larger, not smaller"};
  }
  LayerState state = layer->state();
  state.size_bytes = bytes;
  return layer->ChangeState(std::move(state));
}

Status LayerService::Destroy(const std::string& folder) {
  RemoveLeftovers(fs::path(folder).parent_path());
  struct stat found {};
  if (lstat(folder.c_str(), &found) != 0) return {};
  if (!S_ISDIR(found.st_mode) || (!IsLayer(folder) && HasForeignFolders(folder))) {
    return {abi::VMCOMPUTE_INVALID_LAYER, folder + " is not a layer"};
  }
  if (!IsLayer(folder)) return DiscardFolder(folder);
  const Outcome<UniqueFd> hold = HoldUnused(folder);
  if (!hold.ok()) return hold.failure();
  {
    const Outcome<LockedLayer> layer = LockedLayer::Open(folder);
    if (!layer.ok() && layer.failure().code == abi::ERROR_PATH_NOT_FOUND) return {};
    if (Status status = CheckNotUsed(folder); !status.ok()) return status;
    // One that cannot be read goes as well.
    if (layer.ok() && layer->is_sandbox()) volumes_.Unlink(layer->identity().volume);
  }
  // Files stays locked, so that nobody prepares a sandbox over it in between.
  return DiscardFolder(folder);
}

// Files of the layer, locked: nobody reads it or prepares a sandbox over it meanwhile.
// Nothing when there is none.
Outcome<UniqueFd> LayerService::HoldUnused(const std::string& folder) const {
  UniqueFd files(open(FilesOfLayer(folder).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (files && flock(files.get(), LOCK_EX | LOCK_NB) != 0) return InUse(folder);
  return files;
}

Status LayerService::CheckNotUsed(const std::string& folder) const {
  if (IsPrepared(folder)) return InUse(folder);
  for (const std::string& mount_point : volumes_.Targets()) {
    const fs::path sandbox = fs::path(mount_point).parent_path();
    if (!IsPrepared(sandbox)) continue;
    // Not locked: who prepares it may be waiting for this layer.
    const Outcome<LayerState> user = ReadLayerState(sandbox);
    if (user.ok() &&
        std::find(user->parents.begin(), user->parents.end(), folder) != user->parents.end()) {
      return InUse(folder);
    }
  }
  return {};
}

}  // namespace hcs::emulator
