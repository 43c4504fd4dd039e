// The life of layers: what the table's layer functions do, with folders of this
// machine in place of DriverInfo and ids. docs/emulated-host.md, "Layers", has the rules.

#ifndef HCS_CORE_EMULATOR_LAYERS_LAYER_SERVICE_H_
#define HCS_CORE_EMULATOR_LAYERS_LAYER_SERVICE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/layers/layer_export.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/layer_import.h"
#include "core/emulator/layers/volume_paths.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator {

// Thread-safe, and safe among processes that share the folders. Everything that it
// knows is on disk and in the machine's table of mounts: another process, or this one
// after a restart, goes on where one has died. Calls block while they work, and while
// another call changes the same layer.
class LayerService {
 public:
  explicit LayerService(const std::string& state_folder) : volumes_(state_folder) {}

  const Volumes& volumes() const { return volumes_; }

  // The folder that DriverInfo's HomeDir and an id mean: HomeDir\id, or, with an empty
  // HomeDir, the path that the id is. With a HomeDir, an id is one name: 0x80070057
  // for anything else.
  Outcome<std::string> Locate(std::u16string_view home, std::u16string_view id) const;

  // An empty read-only layer. `parent` may be empty; otherwise it must be there.
  // 0x800700B7 when the layer is there already.
  Status Create(const std::string& folder, const std::string& parent);

  // A sandbox. `parents`, nearest first, must be there (0x80070003).
  Status CreateSandbox(const std::string& folder, const std::vector<std::string>& parents);

  bool Exists(const std::string& folder) const { return IsLayer(folder); }

  // Gives a sandbox its volume; for a read-only layer nothing is to be done.
  Status Activate(const std::string& folder);
  // VMCOMPUTE_INVALID_STATE while it is prepared.
  Status Deactivate(const std::string& folder);

  // Mounts the tree of an active sandbox over its parents, nearest first; where this user
  // may not mount, copies it (copied_view.h). A second
  // time with the same parents is fine; anything else is VMCOMPUTE_INVALID_STATE.
  Status Prepare(const std::string& folder, const std::vector<std::string>& parents);
  // Fine when it is not prepared. 0x80070020 while a process uses the mounted tree.
  Status Unprepare(const std::string& folder);

  // The volume path of an active sandbox, otherwise empty: the layer's own folder.
  Outcome<std::string> VolumeOf(const std::string& folder) const;

  Status ExpandSandbox(const std::string& folder, uint64_t bytes);

  // Imports a read-only layer. One that is there already is replaced as a whole by
  // EndImport, unless it is used (0x80070020) or a sandbox (0x800700B7); whoever never
  // calls that leaves what was there before.
  Outcome<std::unique_ptr<LayerImport>> BeginImport(const std::string& folder,
                                                    const std::vector<std::string>& parents) const;
  Status EndImport(LayerImport* import) const;

  // The same out of a transport folder, at once.
  Status ImportFolder(const std::string& folder, std::u16string_view source,
                      const std::vector<std::string>& parents) const;

  // Into a transport folder. 0x80070091 when it has something in it.
  Status ExportFolder(const std::string& folder, std::u16string_view target,
                      const std::vector<std::string>& parents) const;

  // Makes a read-only layer of what `folder`, a sandbox as a rule, differs from `parents`.
  // 0x800700B7 when there is a layer at `target`.
  Status Copy(const std::string& folder, const std::string& target,
              const std::vector<std::string>& parents) const;

  // Of a layer of either kind; `parents`, nearest first. See LayerExport.
  Outcome<std::unique_ptr<LayerExport>> BeginExport(const std::string& folder,
                                                    const std::vector<std::string>& parents) const;

  // Fine when there is none. 0x80070020 while the layer, or a sandbox over it, is
  // prepared, or while it is being read.
  Status Destroy(const std::string& folder);

 private:
  Status SaveChanges(const LockedLayer& layer) const;
  Status CheckNotUsed(const std::string& folder) const;
  Outcome<platform::UniqueFd> HoldUnused(const std::string& folder) const;
  Outcome<platform::UniqueFd> HoldReplaceable(const std::string& folder) const;

  const Volumes volumes_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_LAYER_SERVICE_H_
