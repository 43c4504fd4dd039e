// The contract's rules for single fields. An error is INVALID_ARGUMENT with a
// google.rpc.BadRequest that names `field`, as document::InvalidField makes it.

#ifndef HCS_CORE_RUNTIME_VALIDATION_H_
#define HCS_CORE_RUNTIME_VALIDATION_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/map.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

// As CreateContainerRequest.id says.
absl::Status CheckContainerId(std::string_view field, std::string_view id);

// As CreateContainerRequest.labels says.
absl::Status CheckLabels(std::string_view field,
                         const google::protobuf::Map<std::string, std::string>& labels);

// As ConsoleSize says.
absl::Status CheckConsoleSize(std::string_view field, const v1::ConsoleSize& size);

// As ProcessSignal says.
absl::Status CheckSignal(std::string_view field, const v1::ProcessSignal& signal);

// At most kLongestRequestId bytes; empty is none.
inline constexpr size_t kLongestRequestId = 128;
absl::Status CheckRequestId(std::string_view field, std::string_view request_id);

// How long to wait: not negative, and as google.protobuf.Duration says.
absl::StatusOr<absl::Duration> TimeoutFrom(std::string_view field,
                                           const google::protobuf::Duration& timeout);

// As WatchContainerStatisticsRequest.interval says; null is not set.
absl::StatusOr<absl::Duration> IntervalFrom(std::string_view field,
                                            const google::protobuf::Duration* interval);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_VALIDATION_H_
