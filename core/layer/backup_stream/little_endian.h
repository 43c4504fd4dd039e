// Little-endian integers in bytes, as every structure of a Windows layer has them.

#ifndef HCS_CORE_LAYER_BACKUP_STREAM_LITTLE_ENDIAN_H_
#define HCS_CORE_LAYER_BACKUP_STREAM_LITTLE_ENDIAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hcs::layer {

// The unsigned integer at `offset`, which must be sizeof(T) before the end, or more.
template <typename T>
T LoadLittleEndian(std::string_view bytes, size_t offset) {
  T value = 0;
  for (size_t i = sizeof(T); i-- > 0;) {
    value = static_cast<T>(value << (i + 1 < sizeof(T) ? 8 : 0) |
                           static_cast<uint8_t>(bytes[offset + i]));
  }
  return value;
}

template <typename T>
void AppendLittleEndian(T value, std::string* bytes) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    bytes->push_back(static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xFF));
  }
}

// Of an even number of bytes.
inline std::u16string LoadUtf16(std::string_view bytes) {
  std::u16string text(bytes.size() / 2, u'\0');
  for (size_t i = 0; i < text.size(); ++i) text[i] = LoadLittleEndian<uint16_t>(bytes, 2 * i);
  return text;
}

inline void AppendUtf16(std::u16string_view text, std::string* bytes) {
  for (const char16_t unit : text) AppendLittleEndian<uint16_t>(unit, bytes);
}

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_BACKUP_STREAM_LITTLE_ENDIAN_H_
