// Running an OCI runtime (runc) as a child process.

#ifndef HCS_CORE_EMULATOR_ISOLATION_OCI_RUNTIME_H_
#define HCS_CORE_EMULATOR_ISOLATION_OCI_RUNTIME_H_

#include <string>

#include "core/emulator/isolation/container_files.h"
#include "core/emulator/outcome.h"
#include "core/emulator/state/systems_folder.h"

namespace hcs::emulator {

struct ContainerLaunch {
  std::string runtime;      // The runtime's program.
  std::string worker_path;  // The first process' program; static.
  std::string worker_mode;  // Its first argument,
  std::string id;           // and its second: for those who read the process list.
  std::string host_name;
  ContainerFiles files;
  int stdin_fd = -1;
  int log_fd = -1;
};

// The path of the first runc in the usual folders of programs, or empty.
std::string FindRuntime();

// Creates and starts a container whose bundle and runtime state are in the reserved
// folder, and returns the process id that the machine knows its first process by. The
// runtime has ended by then. An error has the runtime's own words. Blocks for as long as
// the runtime takes: tens of milliseconds.
Outcome<int> StartContainer(const ContainerLaunch& launch, const ReservedSystem& reserved);

// The same, but waits for the first process to end, which it must do with status 0.
Status RunContainer(const ContainerLaunch& launch, const ReservedSystem& reserved);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_ISOLATION_OCI_RUNTIME_H_
