// What hcs-worker does with --limits.

#ifndef HCS_CORE_EMULATOR_WORKER_LIMITS_MODE_H_
#define HCS_CORE_EMULATOR_WORKER_LIMITS_MODE_H_

#include <string>

namespace hcs::emulator::worker {

// Makes a scope of that name and removes it. Prints its kind, then, line by line, which limits it
// could not hold a container to, by their names in schema 1. The program's exit code: 0, or 1
// with the reason as standard error.
int TellLimits(const std::string& scope_name);

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_LIMITS_MODE_H_
