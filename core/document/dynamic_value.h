// google.protobuf.Value and Struct <-> any JSON.

#ifndef HCS_CORE_DOCUMENT_DYNAMIC_VALUE_H_
#define HCS_CORE_DOCUMENT_DYNAMIC_VALUE_H_

#include <nlohmann/json_fwd.hpp>

#include "absl/status/statusor.h"
#include "core/document/json_path.h"
#include "google/protobuf/struct.pb.h"

namespace hcs::document {

// Whether a Value can hold `json` without loss: its numbers are doubles, which
// not every 64-bit integer is.
bool FitsValue(const nlohmann::json& json);

// `json` must fit; ReadStruct's must be an object.
void ReadValue(const nlohmann::json& json, google::protobuf::Value* value);
void ReadStruct(const nlohmann::json& json, google::protobuf::Struct* object);

// INVALID_ARGUMENT: invalid UTF-8, a number that is not finite, a Value without
// a kind, or deeper than kMaxDocumentDepth.
absl::StatusOr<nlohmann::json> WriteValue(const google::protobuf::Value& value,
                                          const JsonPath& path);
absl::StatusOr<nlohmann::json> WriteStruct(const google::protobuf::Struct& object,
                                           const JsonPath& path);

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_DYNAMIC_VALUE_H_
