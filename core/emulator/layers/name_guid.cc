#include "core/emulator/layers/name_guid.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "core/emulator/layers/sha1.h"

namespace hcs::emulator {
namespace {

// 0f5d7c52-6a0e-4b0c-9d38-1c7be0a1f3d4, drawn once.
constexpr std::string_view kNamespace(
    "\x0f\x5d\x7c\x52\x6a\x0e\x4b\x0c\x9d\x38\x1c\x7b\xe0\xa1\xf3\xd4", 16);

}  // namespace

abi::GUID GuidOfName(std::u16string_view name) {
  std::string bytes(kNamespace);
  for (const char16_t unit : name) {
    bytes.push_back(static_cast<char>(unit & 0xFF));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  auto hash = Sha1(bytes);
  hash[6] = static_cast<uint8_t>((hash[6] & 0x0F) | 0x50);
  hash[8] = static_cast<uint8_t>((hash[8] & 0x3F) | 0x80);
  abi::GUID guid{};
  guid.Data1 = static_cast<uint32_t>(hash[0]) << 24 | hash[1] << 16 | hash[2] << 8 | hash[3];
  guid.Data2 = static_cast<uint16_t>(hash[4] << 8 | hash[5]);
  guid.Data3 = static_cast<uint16_t>(hash[6] << 8 | hash[7]);
  std::copy_n(hash.begin() + 8, std::size(guid.Data4), std::begin(guid.Data4));
  return guid;
}

}  // namespace hcs::emulator
