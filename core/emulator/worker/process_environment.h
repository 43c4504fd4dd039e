// The variables that a container's process starts with.

#ifndef HCS_CORE_EMULATOR_WORKER_PROCESS_ENVIRONMENT_H_
#define HCS_CORE_EMULATOR_WORKER_PROCESS_ENVIRONMENT_H_

#include <string>
#include <vector>

#include "core/emulator/documents/process_document.h"

namespace hcs::emulator::worker {

// "NAME=value": PATH, HOME, COMPUTERNAME, HOSTNAME and, with a console, TERM; then
// what the document says, which wins. Nothing of the worker's own or the daemon's.
std::vector<std::string> ProcessEnvironment(const ProcessDocument& document,
                                            const std::string& host_name, const std::string& home);

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_PROCESS_ENVIRONMENT_H_
