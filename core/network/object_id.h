// Ids of HNS' objects: GUIDs.

#ifndef HCS_CORE_NETWORK_OBJECT_ID_H_
#define HCS_CORE_NETWORK_OBJECT_ID_H_

#include <optional>
#include <string>
#include <string_view>

namespace hcs::network {

// The GUID that `text` is, in lower case and without braces, by which two can be compared;
// nullopt for what is none: not "4f5a...-....-....-....-............", with or without
// braces, in any case.
std::optional<std::string> ParseObjectId(std::string_view text);

// What an object of this id is known by: as ParseObjectId gives it, or, if it is no GUID, the
// text as it is.
std::string ObjectKey(const std::string& id);

// Whether both are the same GUID, or, if they are none, the same text.
bool SameObjectId(std::string_view one, std::string_view other);

}  // namespace hcs::network

#endif  // HCS_CORE_NETWORK_OBJECT_ID_H_
