// INVALID_ARGUMENT that names the field and the rule it breaks.

#ifndef HCS_CORE_DOCUMENT_INVALID_FIELD_H_
#define HCS_CORE_DOCUMENT_INVALID_FIELD_H_

#include <string_view>

#include "absl/status/status.h"

namespace hcs::document {

inline constexpr char kBadRequestTypeUrl[] = "type.googleapis.com/google.rpc.BadRequest";

// A status with the message "FIELD: RULE" and a google.rpc.BadRequest as its
// payload, under the type URL that google.protobuf.Any would give it. `field` is
// a path such as "config.Layers[2].ID"; `rule` says what it must be, and what it
// is: "must be a string, is a number". Bytes of either that are not UTF-8 are
// replaced, since the answer has to be sent.
absl::Status InvalidField(std::string_view field, std::string_view rule);

// `status` with its fields inside of `prefix`: "Layers[2].ID" becomes
// "config.Layers[2].ID". A status without a BadRequest is returned as it is.
absl::Status InvalidFieldWithin(std::string_view prefix, const absl::Status& status);

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_INVALID_FIELD_H_
