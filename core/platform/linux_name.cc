#include "core/platform/linux_name.h"

#include <cstddef>

#include "core/platform/device_name.h"
#include "core/platform/unicode.h"

namespace hcs::platform {
namespace {

constexpr size_t kMappedBytes = 3;
constexpr std::string_view kForbidden = "\"*:<>?|\\";

// U+F000 and the byte, in UTF-8.
void AppendMapped(char byte, std::string* name) {
  const auto value = static_cast<unsigned char>(byte);
  *name += '\xEF';
  *name += static_cast<char>(0x80 | value >> 6);
  *name += static_cast<char>(0x80 | (value & 0x3F));
}

// The byte that stands at the front of well-formed UTF-8, if one does.
std::optional<char> MappedAt(std::string_view text) {
  if (text.size() < kMappedBytes || text[0] != '\xEF') return std::nullopt;
  const auto high = static_cast<unsigned char>(text[1]);
  const auto low = static_cast<unsigned char>(text[2]);
  if (high < 0x80 || high > 0x83) return std::nullopt;
  return static_cast<char>((high & 0x3) << 6 | (low & 0x3F));
}

// Bytes of the character at the front; 0 when there is none.
size_t CharacterBytes(std::string_view text) {
  for (size_t size = 1; size <= 4 && size <= text.size(); ++size) {
    if (IsValidUtf8(text.substr(0, size))) return size;
  }
  return 0;
}

bool IsForbidden(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || kForbidden.find(byte) != std::string_view::npos;
}

bool IsRefusedWhole(std::string_view name) {
  return name.find_first_not_of(". ") == std::string_view::npos || IsDeviceName(name);
}

}  // namespace

std::string WindowsNameOf(std::string_view linux_component) {
  std::string name;
  for (std::string_view rest = linux_component; !rest.empty();) {
    const size_t size = CharacterBytes(rest);
    if (size == 0 || (size == 1 && IsForbidden(rest[0])) || MappedAt(rest.substr(0, size))) {
      AppendMapped(rest[0], &name);
      rest.remove_prefix(1);
    } else {
      name += rest.substr(0, size);
      rest.remove_prefix(size);
    }
  }
  if (!IsRefusedWhole(name)) return name;
  std::string taken;
  AppendMapped(name[0], &taken);
  return taken.append(name, 1);
}

std::optional<std::string> LinuxNameOf(std::string_view windows_component) {
  std::string name;
  for (std::string_view rest = windows_component; !rest.empty();) {
    const std::optional<char> mapped = MappedAt(rest);
    name += mapped.value_or(rest[0]);
    rest.remove_prefix(mapped ? kMappedBytes : 1);
  }
  if (name.empty() || name == "." || name == "..") return std::nullopt;
  if (name.find_first_of(std::string_view("/\0", 2)) != std::string::npos) return std::nullopt;
  // Another spelling would let two files become one.
  if (WindowsNameOf(name) != windows_component) return std::nullopt;
  return name;
}

}  // namespace hcs::platform
