#include "core/host/guid.h"

#include "absl/strings/str_format.h"

namespace hcs::host {

std::string GuidText(const abi::GUID& guid) {
  const uint8_t* const rest = guid.Data4;
  return absl::StrFormat("%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", guid.Data1, guid.Data2,
                         guid.Data3, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5], rest[6],
                         rest[7]);
}

}  // namespace hcs::host
