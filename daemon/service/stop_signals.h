// The signals that stop the daemon, and the process' own settings.

#ifndef HCS_DAEMON_SERVICE_STOP_SIGNALS_H_
#define HCS_DAEMON_SERVICE_STOP_SIGNALS_H_

#include <optional>

#include "core/platform/unique_fd.h"

namespace hcs::service {

// Made before any thread is started: from then on SIGTERM and SIGINT come here
// alone, in all threads, and SIGHUP and SIGPIPE are ignored.
class StopSignals {
 public:
  StopSignals();

  // The number of the next SIGTERM or SIGINT; nullopt once cancelled.
  std::optional<int> Wait();

  // From any thread: no Wait() waits any more.
  void Cancel();

 private:
  platform::UniqueFd signals_;
  platform::UniqueFd cancelled_;
};

// As many descriptors as the system allows this process; containers need a few
// each.
void RaiseDescriptorLimit();

}  // namespace hcs::service

#endif  // HCS_DAEMON_SERVICE_STOP_SIGNALS_H_
