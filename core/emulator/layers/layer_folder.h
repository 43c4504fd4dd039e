// A layer on disk.
//
//   Files/, Hives/, UtilityVM/   the layer's tree; in a sandbox, Files has what differs
//                                from the parents, as overlayfs keeps it
//   layer.json                   {"Kind": "ReadOnly"|"Sandbox", "Volume": GUID}
//   state.json                   of a sandbox, what changes: LayerState
//   mount/, work/                of a sandbox: where its tree is seen; overlayfs' own
//   copied, tree.new, tree.old   of a sandbox, where nobody may mount: copied_view.h
//
//   metadata, streams            of an imported one: layer_metadata.h
//
// Names below Files are spelled as core/platform/linux_name.h makes Linux names of Windows';
// where that makes none they are as they are, in UTF-8 (layer_names.h).
//
// A folder with Files in it and no layer.json, made by somebody else, is a read-only
// layer, too. Two locks (flock): the folder's own is held during a change; that of
// Files shared by whoever reads, so that a layer in use is not destroyed.

#ifndef HCS_CORE_EMULATOR_LAYERS_LAYER_FOLDER_H_
#define HCS_CORE_EMULATOR_LAYERS_LAYER_FOLDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

enum class LayerKind { kReadOnly, kSandbox };

// Never changes.
struct LayerIdentity {
  LayerKind kind = LayerKind::kReadOnly;
  std::string volume;  // Of a sandbox: a GUID, lower case, no braces.
};

struct LayerState {
  // The boot of the machine in which it was activated; a later one has forgotten it.
  std::string activated_boot;
  // Folders of this machine, nearest first: what it was made from, or last prepared with.
  std::vector<std::string> parents;
  uint64_t size_bytes = 0;  // What ExpandSandboxSize asked for.
};

std::string FilesOfLayer(const std::string& folder);
std::string MountPointOfSandbox(const std::string& folder);

// Whether the sandbox's tree can be seen: mounted, or (copied_view.h) copied.
bool IsPrepared(const std::string& folder);

// Whether a layer is there, of either kind.
bool IsLayer(const std::string& folder);

// Writes layer.json into a folder that is being made, with an empty Files if there is
// none, and, of a sandbox, everything else.
Status FurnishLayer(const std::string& folder, const LayerIdentity& identity);

Status WriteLayerState(const std::string& folder, const LayerState& state);

// Without a lock: as it was last written. VMCOMPUTE_INVALID_LAYER when there is none.
Outcome<LayerState> ReadLayerState(const std::string& folder);

// Holds Files of a layer for reading: while it lives, the layer is not destroyed.
// 0x80070003 when there is none.
Outcome<platform::UniqueFd> UseLayer(const std::string& folder);

// A layer for as long as it is being changed. Waits for whoever does so.
class LockedLayer {
 public:
  // 0x80070003 when there is no layer.
  static Outcome<LockedLayer> Open(const std::string& folder);

  const std::string& folder() const { return folder_; }
  const LayerIdentity& identity() const { return identity_; }
  bool is_sandbox() const { return identity_.kind == LayerKind::kSandbox; }
  bool is_active() const;    // A sandbox, activated since the machine's start.
  bool is_prepared() const;  // A sandbox whose tree can be seen.

  const LayerState& state() const { return state_; }
  Status ChangeState(LayerState state);

 private:
  LockedLayer(std::string folder, platform::UniqueFd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  Status Read();

  std::string folder_;
  platform::UniqueFd lock_;
  LayerIdentity identity_;
  LayerState state_;
};

// Of this start of the machine.
std::string CurrentBoot();

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LAYER_FOLDER_H_
