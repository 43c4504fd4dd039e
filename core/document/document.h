// The contract's document messages <-> the host's JSON, by descriptor.
//
// A field is declared once, in the proto, and its json_name is the host's own
// spelling. The rules, the same in both directions:
//
//   member names      exactly json_name, unless oddities.h says otherwise
//   integers          JSON numbers, 64 bits exactly, checked for their range
//   fields            with presence: left out when unset, written when set, zero
//                     or not; without: always written; repeated: left out when
//                     empty
//   null              the same as no member, but for google.protobuf.Value
//   Timestamp         RFC 3339, written in UTC with 7 fractional digits (the
//                     host's 100 ns); read with 0 to 9 and any offset
//   Struct, Value     any JSON; a double that is integral is written as an integer
//   map<string, T>    an object
//   other members     kept, as one JSON object, in the message's field
//                     `unknown_json`, and merged back on writing
//   tagged messages   see oddities.h: an object whose Type says which it is
//
// A number that a Struct or Value cannot hold exactly (an integer beyond 2^53)
// makes its member one of the kept ones, so that nothing is lost.

#ifndef HCS_CORE_DOCUMENT_DOCUMENT_H_
#define HCS_CORE_DOCUMENT_DOCUMENT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/document/json_syntax.h"
#include "core/document/oddities.h"
#include "google/protobuf/message.h"

namespace hcs::document {

// One JSON object, without white space. INVALID_ARGUMENT, with the field's path
// (see InvalidField): invalid UTF-8, unknown_json that is no object or repeats a
// field that is set, a number or time that JSON or the host cannot express.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message,
                                   const Oddities& oddities = HostOddities());

// Replaces `message`. INVALID_ARGUMENT as from ValidateJson, or with the path of
// the member that has the wrong type: "Layers[2].ID: must be a string, is a
// number". `message` is then unspecified.
absl::Status FromJson(std::string_view json, google::protobuf::Message* message,
                      const Oddities& oddities = HostOddities());

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_DOCUMENT_H_
