// The present, as the contract tells it.

#ifndef HCS_CORE_RUNTIME_TIMESTAMP_H_
#define HCS_CORE_RUNTIME_TIMESTAMP_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace hcs::runtime {

inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

inline google::protobuf::Timestamp Now() { return ToTimestamp(absl::Now()); }

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_TIMESTAMP_H_
