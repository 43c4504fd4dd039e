// One daemon per state folder.

#ifndef HCS_DAEMON_SERVICE_STATE_LOCK_H_
#define HCS_DAEMON_SERVICE_STATE_LOCK_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/platform/unique_fd.h"

namespace hcs::service {

// Makes the folder (0711, so that sockets in it can be reached) and locks
// "hcsd.lock" in it until the descriptor is closed; the file holds the process
// id. ALREADY_EXISTS: another daemon has it, and which.
absl::StatusOr<platform::UniqueFd> LockState(const std::string& folder);

}  // namespace hcs::service

#endif  // HCS_DAEMON_SERVICE_STATE_LOCK_H_
