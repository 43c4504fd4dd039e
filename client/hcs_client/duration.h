// absl::Duration as the contract's message. Internal.

#ifndef HCS_CLIENT_HCS_CLIENT_DURATION_H_
#define HCS_CLIENT_HCS_CLIENT_DURATION_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"

namespace hcs::client {

// `duration` is finite.
inline google::protobuf::Duration ToProto(absl::Duration duration) {
  google::protobuf::Duration message;
  message.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  message.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return message;
}

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_DURATION_H_
