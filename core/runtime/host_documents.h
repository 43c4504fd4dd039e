// Documents of the host service that have no message of their own.

#ifndef HCS_CORE_RUNTIME_HOST_DOCUMENTS_H_
#define HCS_CORE_RUNTIME_HOST_DOCUMENTS_H_

#include <string_view>
#include <vector>

#include "hcs/v1/compute_system.pb.h"

namespace hcs::runtime {

// From the answer to HcsGetServiceProperties "Basic": {"Properties":
// [{"SupportedSchemaVersions": [{"Major": 1, "Minor": 0}]}]}. Empty when the
// document has another shape.
std::vector<v1::SchemaVersion> SupportedSchemaVersions(std::string_view document);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_HOST_DOCUMENTS_H_
