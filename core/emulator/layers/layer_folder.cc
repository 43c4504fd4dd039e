#include "core/emulator/layers/layer_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/errno_status.h"
#include "core/emulator/layers/copied_view.h"
#include "core/emulator/state/state_files.h"
#include "core/platform/union_mount.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr char kIdentityFile[] = "layer.json";
constexpr char kStateFile[] = "state.json";
constexpr char kKind[] = "Kind";
constexpr char kVolume[] = "Volume";
constexpr char kActivatedBoot[] = "ActivatedBoot";
constexpr char kParents[] = "Parents";
constexpr char kSizeBytes[] = "SizeInBytes";
constexpr char kSandbox[] = "Sandbox";
constexpr char kReadOnly[] = "ReadOnly";
constexpr mode_t kFolderMode = 0755;

Status NoSuchLayer(const std::string& folder) {
  return {abi::ERROR_PATH_NOT_FOUND, "there is no layer " + folder};
}

Status Corrupt(const std::string& folder, const char* file) {
  return {abi::VMCOMPUTE_INVALID_LAYER, folder + "/" + file + " is not as it was written"};
}

bool IsFolder(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

bool IsFile(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

std::optional<Json> ReadJson(const std::string& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? std::optional<Json>(std::move(json)) : std::nullopt;
}

// The folder, locked. It is opened again when the one that was waited for has gone.
Outcome<UniqueFd> OpenLocked(const std::string& path, int operation, const Status& missing) {
  for (;;) {
    UniqueFd fd = OpenStateFolder(AT_FDCWD, path);
    if (!fd && (errno == ENOENT || errno == ENOTDIR)) return missing;
    if (!fd) return ErrnoStatus(errno, path);
    if (LockNamedFolder(path, fd.get(), operation)) return fd;
  }
}

}  // namespace

std::string FilesOfLayer(const std::string& folder) { return folder + "/Files"; }
std::string MountPointOfSandbox(const std::string& folder) { return folder + "/mount"; }

bool IsPrepared(const std::string& folder) {
  return platform::IsMountPoint(MountPointOfSandbox(folder)) || HasCopiedView(folder);
}

bool IsLayer(const std::string& folder) {
  return IsFile(folder + "/" + kIdentityFile) || IsFolder(FilesOfLayer(folder));
}

Status FurnishLayer(const std::string& folder, const LayerIdentity& identity) {
  const bool sandbox = identity.kind == LayerKind::kSandbox;
  for (const char* name : {"/Files", "/mount", "/work"}) {
    if (mkdir((folder + name).c_str(), kFolderMode) != 0 && errno != EEXIST) {
      return ErrnoStatus(errno, folder + name);
    }
    if (!sandbox) break;
  }
  Json json = {{kKind, sandbox ? kSandbox : kReadOnly}};
  if (sandbox) json[kVolume] = identity.volume;
  const UniqueFd fd = OpenStateFolder(AT_FDCWD, folder);
  const int error = WriteFileAtomically(fd.get(), kIdentityFile, JsonToText(json));
  return error == 0 ? Status() : ErrnoStatus(error, folder + "/" + kIdentityFile);
}

Status WriteLayerState(const std::string& folder, const LayerState& state) {
  const Json json = {{kActivatedBoot, state.activated_boot},
                     {kParents, state.parents},
                     {kSizeBytes, state.size_bytes}};
  const UniqueFd fd = OpenStateFolder(AT_FDCWD, folder);
  if (!fd) return ErrnoStatus(errno, folder);
  const int error = WriteFileAtomically(fd.get(), kStateFile, JsonToText(json));
  return error == 0 ? Status() : ErrnoStatus(error, folder + "/" + kStateFile);
}

Outcome<LayerState> ReadLayerState(const std::string& folder) {
  const std::optional<Json> json = ReadJson(folder + "/" + kStateFile);
  if (!json) return Corrupt(folder, kStateFile);
  LayerState state;
  state.activated_boot = json->value(kActivatedBoot, "");
  state.parents = json->value(kParents, std::vector<std::string>());
  state.size_bytes = json->value(kSizeBytes, uint64_t{0});
  return state;
}

Outcome<UniqueFd> UseLayer(const std::string& folder) {
  return OpenLocked(FilesOfLayer(folder), LOCK_SH, NoSuchLayer(folder));
}

Outcome<LockedLayer> LockedLayer::Open(const std::string& folder) {
  Outcome<UniqueFd> fd = OpenLocked(folder, LOCK_EX, NoSuchLayer(folder));
  if (!fd.ok()) return fd.failure();
  if (!IsLayer(folder)) return NoSuchLayer(folder);
  LockedLayer layer(folder, *std::move(fd));
  if (Status status = layer.Read(); !status.ok()) return status;
  return layer;
}

Status LockedLayer::Read() {
  const std::string identity_path = folder_ + "/" + kIdentityFile;
  if (!IsFile(identity_path)) return {};  // Somebody else's.
  const std::optional<Json> identity = ReadJson(identity_path);
  if (!identity) return Corrupt(folder_, kIdentityFile);
  identity_.kind =
      identity->value(kKind, kReadOnly) == kSandbox ? LayerKind::kSandbox : LayerKind::kReadOnly;
  identity_.volume = identity->value(kVolume, "");
  if (!is_sandbox()) return {};
  Outcome<LayerState> state = ReadLayerState(folder_);
  if (!state.ok()) return state.failure();
  state_ = *std::move(state);
  return {};
}

bool LockedLayer::is_active() const {
  return is_sandbox() && !state_.activated_boot.empty() && state_.activated_boot == CurrentBoot();
}

bool LockedLayer::is_prepared() const { return is_sandbox() && IsPrepared(folder_); }

Status LockedLayer::ChangeState(LayerState state) {
  if (Status status = WriteLayerState(folder_, state); !status.ok()) return status;
  state_ = std::move(state);
  return {};
}

std::string CurrentBoot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot;
  std::getline(file, boot);
  return boot;
}

}  // namespace hcs::emulator
