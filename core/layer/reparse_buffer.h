// A reparse point, as a backup stream's reparse data has it: REPARSE_DATA_BUFFER
// (ntifs.h, MS-FSCC 2.1.2).

#ifndef HCS_CORE_LAYER_REPARSE_BUFFER_H_
#define HCS_CORE_LAYER_REPARSE_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"

namespace hcs::layer {

inline constexpr uint32_t kMountPointTag = 0xA0000003;
inline constexpr uint32_t kSymbolicLinkTag = 0xA000000C;
// Tags with this bit are Microsoft's own; others have a GUID before their data.
inline constexpr uint32_t kMicrosoftTagBit = 0x80000000;
// The largest whole buffer that Windows takes (MAXIMUM_REPARSE_DATA_BUFFER_SIZE).
inline constexpr size_t kMaxReparseBytes = 16 * 1024;

// A symbolic link; or a mount point, that is a junction or a volume's place.
struct ReparseLink {
  uint32_t tag = kSymbolicLinkTag;  // That, or kMountPointTag.
  // Where it leads, as the file system follows it ("\??\C:\target"), and as it is
  // shown to people; UTF-16 as it is, valid or not.
  std::u16string substitute_name;
  std::u16string print_name;
  // Of a symbolic link alone: the name is relative to the link's folder.
  bool relative = false;

  friend bool operator==(const ReparseLink&, const ReparseLink&) = default;
};

// Any other reparse point: `data` is all that follows the length field and the 2
// reserved bytes; a GUID first, if the tag is not Microsoft's.
struct RawReparse {
  uint32_t tag = 0;
  std::string data;

  friend bool operator==(const RawReparse&, const RawReparse&) = default;
};

using ReparsePoint = std::variant<ReparseLink, RawReparse>;

// INVALID_ARGUMENT, with the byte and the rule: a buffer that is cut off or has bytes
// to spare, that is larger than Windows allows, names that are odd or out of bounds,
// or tag 0.
absl::StatusOr<ReparsePoint> ParseReparseBuffer(std::string_view bytes);

// What ParseReparseBuffer reads back, laid out as Windows does it (of mount points,
// each name ends with a NUL). INVALID_ARGUMENT: larger than Windows allows, a relative
// mount point, a RawReparse with a link's tag or without its GUID.
absl::StatusOr<std::string> BuildReparseBuffer(const ReparsePoint& point);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_REPARSE_BUFFER_H_
