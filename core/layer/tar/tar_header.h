// The 512 bytes before each member of a tar archive. Private to this folder.

#ifndef HCS_CORE_LAYER_TAR_TAR_HEADER_H_
#define HCS_CORE_LAYER_TAR_TAR_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

inline constexpr size_t kTarBlockBytes = 512;

// What a block says, before PAX and GNU's long names have their say.
struct TarHeader {
  char type = '0';  // Also what is no TarType: 'x', 'g', 'L', 'K', and unknown ones.
  TarEntry fields;
};

// What the archive's end is made of.
bool IsZeroBlock(std::string_view block);

// `block` has kTarBlockBytes. It reads V7, ustar, PAX and GNU headers, octal and base-256
// numbers. INVALID_ARGUMENT, with the field and the rule; the checksum comes first.
absl::StatusOr<TarHeader> ParseTarHeader(std::string_view block);

// Appends a ustar block. What does not fit its field is cut off, or 0: a PAX record has it
// then.
void AppendTarHeader(const TarEntry& fields, char type, std::string* bytes);

// What the fields hold.
inline constexpr size_t kNameField = 100;
inline constexpr size_t kOwnerField = 31;              // Without its NUL.
inline constexpr uint64_t kMaxOctal7 = 07777777;       // Of mode, owners and devices.
inline constexpr uint64_t kMaxOctal11 = 077777777777;  // Of size and time.

// Bytes up to the next block.
constexpr size_t PaddingOf(uint64_t size) {
  return static_cast<size_t>((kTarBlockBytes - size % kTarBlockBytes) % kTarBlockBytes);
}

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TAR_TAR_HEADER_H_
