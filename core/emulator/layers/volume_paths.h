// Windows' paths in documents and layer functions, and the folders of this machine
// that they mean. Whoever resolves a VolumePath, a layer's Path or a mapped
// directory's HostPath uses this.
//
//   C:\a\b, \\?\C:\a\b      /a/b; any drive is the root
//   /a/b                    itself
//   \\?\Volume{GUID}\a      a in the volume: STATE/volumes/{GUID} is a symbolic link to
//                           the folder where its tree is seen, for as long as its
//                           sandbox is active. GUID is in lower case there.
//
// In a document, schema 1's VolumePath (or LayerFolderPath) and schema 2's
// Container.Storage.Path name the sandbox: FolderOfSandbox gives the container's root.

#ifndef HCS_CORE_EMULATOR_LAYERS_VOLUME_PATHS_H_
#define HCS_CORE_EMULATOR_LAYERS_VOLUME_PATHS_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

// The volumes of the prepared and activated sandboxes: STATE/volumes. Thread-safe,
// and safe among processes that share the state folder.
class Volumes {
 public:
  explicit Volumes(const std::string& state_folder) : folder_(state_folder + "/volumes") {}

  // Makes `guid` (lower case, no braces) mean `target`, an absolute path.
  Status Link(const std::string& guid, const std::string& target) const;
  void Unlink(const std::string& guid) const;

  // The targets of all links; some may be of sandboxes that have gone.
  std::vector<std::string> Targets() const;

  // The path of this machine for `path`, which must be absolute and without "." and
  // ".." components: otherwise 0x80070057. A volume that is not there is 0x80070003.
  // Nothing else need exist.
  Outcome<std::string> Resolve(std::string_view path) const;

  // The folder in which a container's root is seen, parents and sandbox as one tree.
  // `path` is the sandbox's volume path, or its layer folder. 0x80070003 when there is
  // no such volume or folder; VMCOMPUTE_INVALID_LAYER when it is not prepared.
  Outcome<std::string> FolderOfSandbox(std::string_view path) const;

 private:
  const std::string folder_;
};

// "\\?\Volume{GUID}\", as GetLayerMountPath says it.
std::string VolumePathOf(const std::string& guid);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_VOLUME_PATHS_H_
