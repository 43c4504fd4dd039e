// Starting a worker process.

#ifndef HCS_CORE_EMULATOR_LIBRARY_WORKER_LAUNCHER_H_
#define HCS_CORE_EMULATOR_LIBRARY_WORKER_LAUNCHER_H_

#include <string>

#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

// Starts `worker_path` and returns this side of its first connection. The worker
// leaves this process' tree at once: nobody has to reap it, and it lives on when this
// process ends. `id` is for those who read the process list; `log_fd` is its stderr.
Outcome<platform::UniqueFd> LaunchWorker(const std::string& worker_path, const std::string& id,
                                         int log_fd);

// True once the process `pid` has ended or does not exist; false after `timeout_ms`.
bool AwaitProcessEnd(int pid, int timeout_ms);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_WORKER_LAUNCHER_H_
