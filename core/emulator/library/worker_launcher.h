// Starting a worker process.

#ifndef HCS_CORE_EMULATOR_LIBRARY_WORKER_LAUNCHER_H_
#define HCS_CORE_EMULATOR_LIBRARY_WORKER_LAUNCHER_H_

#include <string>

#include "core/emulator/isolation/oci_runtime.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Starts `worker_path` and returns this side of its first connection. The worker
// leaves this process' tree at once: nobody has to reap it, and it lives on when this
// process ends. `id` is for those who read the process list; `log_fd` is its stderr.
Outcome<platform::UniqueFd> LaunchWorker(const std::string& worker_path, const std::string& id,
                                         int log_fd);

// The same for the first process of a container with namespaces of its own.
// `launch.stdin_fd` and the worker's mode are filled in here.
struct ConfinedWorker {
  platform::UniqueFd connection;
  int process_id = 0;
};
Outcome<ConfinedWorker> LaunchConfinedWorker(ContainerLaunch launch,
                                             const ReservedSystem& reserved);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_WORKER_LAUNCHER_H_
