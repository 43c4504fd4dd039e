// The daemon's log.

#ifndef HCS_DAEMON_SERVICE_LOGGING_H_
#define HCS_DAEMON_SERVICE_LOGGING_H_

#include <string>

#include "absl/status/status.h"

namespace hcs::service {

// Makes spdlog's default logger write to standard error or, unless `file` is
// empty, append to that file; every line is flushed. `level` is one of the
// configuration's. gRPC's own messages go to it, too.
absl::Status StartLogging(const std::string& level, const std::string& file);

}  // namespace hcs::service

#endif  // HCS_DAEMON_SERVICE_LOGGING_H_
