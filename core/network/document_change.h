// Changing a document that the host keeps: HNS' update takes the whole of it.

#ifndef HCS_CORE_NETWORK_DOCUMENT_CHANGE_H_
#define HCS_CORE_NETWORK_DOCUMENT_CHANGE_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace hcs::network {

struct DocumentChange {
  // A JSON object: members that take the place of the document's of the same name.
  std::string members;
  // Names of members that go.
  std::vector<std::string> removed;
};

// What of `changes` is to be changed: what is set; or, when `mask` has paths, the fields
// that they name. Of those, lists that are not set become empty ones, and others go. Errors are
// INVALID_ARGUMENT and name a field of `changes`, or update_mask.
absl::StatusOr<DocumentChange> ChangeTo(const google::protobuf::Message& changes,
                                        const google::protobuf::FieldMask& mask);

// Names are compared without regard to case; those of the change are kept. The document's
// member ID stays as it is: an object does not change its id. Both must be objects.
void ApplyChange(const DocumentChange& change, nlohmann::json& document);

// The same, of a text that is an object.
std::string Changed(std::string_view document, const DocumentChange& change);

// INVALID_ARGUMENT, naming `field`, for what is not a JSON object within the limits.
absl::Status CheckObject(std::string_view field, std::string_view text);

}  // namespace hcs::network

#endif  // HCS_CORE_NETWORK_DOCUMENT_CHANGE_H_
