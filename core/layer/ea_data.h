// Extended attributes, as a backup stream's EA data has them: a list of
// FILE_FULL_EA_INFORMATION (ntifs.h, MS-FSCC 2.4.16).

#ifndef HCS_CORE_LAYER_EA_DATA_H_
#define HCS_CORE_LAYER_EA_DATA_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace hcs::layer {

// The flag of an attribute that a reader must understand.
inline constexpr uint8_t kEaNeeded = 0x80;

struct ExtendedAttribute {
  uint8_t flags = 0;
  std::string name;   // 1 to 255 bytes of the system's own code page, no NUL.
  std::string value;  // Any bytes, at most 65,535.

  friend bool operator==(const ExtendedAttribute&, const ExtendedAttribute&) = default;
};

// In their order; empty data is none. INVALID_ARGUMENT, with the byte and the rule: an
// entry that is cut off, overlaps the next, or breaks the limits above.
absl::StatusOr<std::vector<ExtendedAttribute>> ParseEaData(std::string_view bytes);

// What ParseEaData reads back; each entry but the last is padded to 4 bytes.
// INVALID_ARGUMENT, naming the attribute: a limit above.
absl::StatusOr<std::string> BuildEaData(const std::vector<ExtendedAttribute>& attributes);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_EA_DATA_H_
