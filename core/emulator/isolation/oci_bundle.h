// The configuration from which an OCI runtime makes a container whose first process is
// the system's worker (OCI runtime specification 1.0, config.md).

#ifndef HCS_CORE_EMULATOR_ISOLATION_OCI_BUNDLE_H_
#define HCS_CORE_EMULATOR_ISOLATION_OCI_BUNDLE_H_

#include <string>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/isolation/container_files.h"

namespace hcs::emulator {

struct BundleOptions {
  std::string host_name;
  ContainerFiles files;
  // The first process: its descriptor 3 is the program, which is not in the container.
  std::vector<std::string> arguments;  // Beginning with argv[1].
  std::vector<std::string> environment;
  std::string cgroups_path;
};

// What the container's own host name is: the document's or, cut to the kernel's 64 bytes,
// the id. 0x80070057 when HostName is longer.
Outcome<std::string> ContainerHostName(const SystemDocument& document, const std::string& id);

// The content of config.json: own process, mount, host name and IPC namespaces, /proc
// and a minimal /dev, no device but the harmless ones.
Json BundleConfiguration(const BundleOptions& options);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_ISOLATION_OCI_BUNDLE_H_
