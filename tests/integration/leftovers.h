// What a daemon and its host leave on the machine.

#ifndef HCS_TESTS_INTEGRATION_LEFTOVERS_H_
#define HCS_TESTS_INTEGRATION_LEFTOVERS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace hcs::integration {

// The worker processes of the state folder: those that hold files of it open, the
// daemon itself left out.
std::vector<pid_t> WorkersOf(const std::string& state);

// Processes that have this text on their command line.
std::vector<pid_t> ProcessesWith(const std::string& text);

// Kills the workers that are left, and waits for their end.
void KillWorkersOf(const std::string& state);

// The folders of systems that the emulated host keeps there.
std::vector<std::string> SystemFoldersOf(const std::string& state);

// Open descriptors and threads of a process.
int DescriptorsOf(pid_t pid);
int ThreadsOf(pid_t pid);
// Resident memory that is its own, in KiB.
long ResidentKib(pid_t pid);

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_LEFTOVERS_H_
