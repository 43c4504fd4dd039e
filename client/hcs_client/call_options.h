// What a caller may say about one call.

#ifndef HCS_CLIENT_HCS_CLIENT_CALL_OPTIONS_H_
#define HCS_CLIENT_HCS_CLIENT_CALL_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace hcs::client {

struct CallOptions {
  // After this the call ends with DEADLINE_EXCEEDED; the host's work goes on. Streams
  // are ended by it as well.
  absl::Duration timeout = absl::InfiniteDuration();
  // Makes a mutation idempotent (see ContainerService); calls that change nothing
  // ignore it.
  std::string request_id;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_CALL_OPTIONS_H_
