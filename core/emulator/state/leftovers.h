// Finding the processes that a dead worker left behind where no cgroup holds them
// together: by a variable in their environment, which children inherit.

#ifndef HCS_CORE_EMULATOR_STATE_LEFTOVERS_H_
#define HCS_CORE_EMULATOR_STATE_LEFTOVERS_H_

#include <chrono>
#include <string>
#include <string_view>

namespace hcs::emulator {

// "NAME=value", for the environment of a system's processes.
std::string LeftoverMark(std::string_view runtime_id);

// Kills the processes that have the mark, until there is none. A process that has
// cleared its environment is not found. False when one still lives after `timeout`.
bool KillMarkedLeftovers(std::string_view runtime_id, std::chrono::milliseconds timeout);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_STATE_LEFTOVERS_H_
