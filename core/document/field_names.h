// What the reader and the writer both know of a document message's fields.

#ifndef HCS_CORE_DOCUMENT_FIELD_NAMES_H_
#define HCS_CORE_DOCUMENT_FIELD_NAMES_H_

#include "google/protobuf/descriptor.h"

namespace hcs::document {

// The field that keeps, as one JSON object, the members that the message does
// not declare. Null for a message that has none.
inline const google::protobuf::FieldDescriptor* UnknownJsonField(
    const google::protobuf::Descriptor& type) {
  return type.FindFieldByName("unknown_json");
}

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_FIELD_NAMES_H_
