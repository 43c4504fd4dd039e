// Text that is ASCII: it is the same in UTF-8 and UTF-16, which makes short work of most names.

#ifndef HCS_CORE_PLATFORM_ASCII_H_
#define HCS_CORE_PLATFORM_ASCII_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hcs::platform {

// How many bytes there are before the first that is not ASCII.
inline size_t AsciiPrefix(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t size = 0;
  for (uint64_t bytes = 0; size + sizeof(bytes) <= text.size(); size += sizeof(bytes)) {
    std::memcpy(&bytes, text.data() + size, sizeof(bytes));
    if ((bytes & kHighBits) != 0) break;
  }
  while (size < text.size() && static_cast<uint8_t>(text[size]) < 0x80) ++size;
  return size;
}

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_ASCII_H_
