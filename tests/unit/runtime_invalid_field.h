// What the runtime's tests ask of an error that names a field.

#ifndef HCS_TESTS_UNIT_RUNTIME_INVALID_FIELD_H_
#define HCS_TESTS_UNIT_RUNTIME_INVALID_FIELD_H_

#include <string>

#include "absl/status/status.h"
#include "core/document/invalid_field.h"
#include "google/rpc/error_details.pb.h"

namespace hcs::runtime {

// The field that an INVALID_ARGUMENT's google.rpc.BadRequest names; what is wrong
// with the status, in brackets, when it is no such thing.
inline std::string FieldOf(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kInvalidArgument) return "(" + status.ToString() + ")";
  const auto payload = status.GetPayload(document::kBadRequestTypeUrl);
  google::rpc::BadRequest request;
  if (!payload || !request.ParseFromString(std::string(*payload))) return "(no BadRequest)";
  if (request.field_violations_size() != 1) return "(not one violation)";
  return request.field_violations(0).field();
}

}  // namespace hcs::runtime

#endif  // HCS_TESTS_UNIT_RUNTIME_INVALID_FIELD_H_
