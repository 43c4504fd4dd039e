// Where the host's documents are odd: the named exceptions to the codec's rules.

#ifndef HCS_CORE_DOCUMENT_ODDITIES_H_
#define HCS_CORE_DOCUMENT_ODDITIES_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace hcs::document {

struct Oddities {
  // Fields (by full name) of a message type whose fields are all uint32, that
  // are written as an array of them in the order of their field numbers. Read as
  // such, or as an object.
  absl::flat_hash_set<std::string> fields_as_arrays;
  // Messages (by full name) whose member names are read without regard to case.
  // The exact spelling goes before another; written is always the exact one.
  absl::flat_hash_set<std::string> messages_of_any_case;
  // Messages (by full name) whose members are kept in unknown_json, as they came, when
  // they have another type than their field.
  absl::flat_hash_set<std::string> messages_of_any_type;
  // Messages (by full name) that are one oneof of messages and unknown_json: written as
  // the object of the field that is set, with one member more, which is named here and
  // holds the field's JSON name. Read by that member, without regard to the case of its
  // value. What is not of a declared kind is unknown_json, whole.
  absl::flat_hash_map<std::string, std::string> tagged_messages;
};

// Those of HCS and HNS.
const Oddities& HostOddities();

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_ODDITIES_H_
