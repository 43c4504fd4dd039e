// The ends that a container can come to.

#ifndef HCS_CLIENT_HCSCTL_CONTAINER_REMOVAL_H_
#define HCS_CLIENT_HCSCTL_CONTAINER_REMOVAL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/hcs_client/client.h"

namespace hcs::ctl {

// Asks the container to shut down, and terminates it if it has not within `patience`, or
// cannot (it was never started, or is paused). OK if it has stopped before.
absl::Status StopContainer(const client::Client& client, const std::string& id,
                           absl::Duration patience);

// Terminates the container, unless it has stopped, and waits for its end.
absl::Status TerminateContainer(const client::Client& client, const std::string& id);

// Terminates the container, removes the sandbox that was made for it (kSandboxLabel), and makes
// the daemon forget it. OK if there is none any more.
absl::Status RemoveContainer(const client::Client& client, const std::string& id);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_CONTAINER_REMOVAL_H_
