// Which of the machine's folders a container with a root of its own sees, and where.

#ifndef HCS_CORE_EMULATOR_ISOLATION_CONTAINER_FILES_H_
#define HCS_CORE_EMULATOR_ISOLATION_CONTAINER_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/emulator/documents/system_document.h"
#include "core/emulator/layers/volume_paths.h"
#include "core/emulator/outcome.h"
#include "core/emulator/state/container_remains.h"

namespace hcs::emulator {

struct MappedPath {
  std::string source;       // On the machine, absolute.
  std::string destination;  // In the container, absolute: "/data/in".
  bool read_only = false;
  bool is_file = false;
};

struct ContainerFiles {
  std::string root;  // On the machine, absolute.
  std::vector<MappedPath> mapped;
};

// What the document's storage and mapped directories are on this machine. The root is
// where the tree of the sandbox is seen that the document names, or a plain folder that
// is no layer. 0x80070003 for a folder that is not there, VMCOMPUTE_INVALID_LAYER for a
// sandbox that is not prepared, 0x80070057 for a path that cannot be one; all name the
// field. The document must have a root_path.
Outcome<ContainerFiles> FindContainerFiles(const SystemDocument& document, const Volumes& volumes);

// Makes what is missing in the root for something to be mounted on: the system's own
// folders, and `files.mapped`. Keeps a record in the state folder `folder`, for
// RemoveMountPoints.
Status MakeMountPoints(const ContainerFiles& files, int folder);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_ISOLATION_CONTAINER_FILES_H_
