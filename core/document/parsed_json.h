// FromJson for those who have parsed the document already.

#ifndef HCS_CORE_DOCUMENT_PARSED_JSON_H_
#define HCS_CORE_DOCUMENT_PARSED_JSON_H_

#include <nlohmann/json_fwd.hpp>

#include "absl/status/status.h"
#include "core/document/oddities.h"
#include "google/protobuf/message.h"

namespace hcs::document {

// As FromJson, of a document that ValidateJson has passed, or of a part of one: paths in
// errors begin at `value`.
absl::Status FromParsedJson(nlohmann::json value, google::protobuf::Message* message,
                            const Oddities& oddities = HostOddities());

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_PARSED_JSON_H_
