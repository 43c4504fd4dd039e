// Reading what the host answers with.

#ifndef HCS_CORE_RUNTIME_HOST_DOCUMENTS_H_
#define HCS_CORE_RUNTIME_HOST_DOCUMENTS_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "hcs/v1/compute_system.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::runtime {

// From the answer to HcsGetServiceProperties "Basic": {"Properties":
// [{"SupportedSchemaVersions": [{"Major": 1, "Minor": 0}]}]}. Empty when the
// document has another shape.
std::vector<v1::SchemaVersion> SupportedSchemaVersions(std::string_view document);

// The answer to HcsGetComputeSystemProperties for the system `id`.
// UNEXPECTED_VALUE when the document has another shape.
absl::StatusOr<v1::ContainerProperties> ContainerPropertiesFrom(std::string_view id,
                                                                std::string_view document);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_HOST_DOCUMENTS_H_
