// Small operations on descriptors that the worker's streams need.

#ifndef HCS_CORE_EMULATOR_WORKER_DESCRIPTORS_H_
#define HCS_CORE_EMULATOR_WORKER_DESCRIPTORS_H_

#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

void SetNonBlocking(int fd, bool non_blocking);

struct Pipe {
  platform::UniqueFd reader;
  platform::UniqueFd writer;
};

// Close-on-exec, blocking, as large as the machine allows up to 1 MiB. 0, or an errno
// value.
int OpenPipe(Pipe* pipe);

// The same end of the same pipe, as an open file of its own: its holder's
// O_NONBLOCK is not ours. Blocking.
platform::UniqueFd ReopenPipe(int fd);

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_DESCRIPTORS_H_
