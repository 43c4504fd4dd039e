#include "core/layer/backup_stream/linux_file.h"

#include <cstddef>

namespace hcs::layer {
namespace {

constexpr std::string_view kPrefix = "LX.";
constexpr std::string_view kDigits = "0123456789ABCDEF";

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
constexpr char kCaseBit = 'a' - 'A';

}  // namespace

std::string LinuxAttributeName(std::string_view name) {
  std::string result(kPrefix);
  for (const char c : name) {
    if (IsUpper(c) || c == '%') {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', kDigits[byte >> 4], kDigits[byte & 0xF]};
    } else {
      result += static_cast<char>(IsLower(c) ? c - kCaseBit : c);
    }
  }
  return result;
}

std::optional<std::string> LinuxAttributeOf(std::string_view windows_name) {
  if (!windows_name.starts_with(kPrefix)) return std::nullopt;
  std::string name;
  for (size_t i = kPrefix.size(); i < windows_name.size(); ++i) {
    const char c = windows_name[i];
    if (c != '%') {
      name += static_cast<char>(IsUpper(c) ? c + kCaseBit : c);
      continue;
    }
    if (windows_name.size() - i < 3) return std::nullopt;
    const size_t high = kDigits.find(windows_name[i + 1]);
    const size_t low = kDigits.find(windows_name[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    name += static_cast<char>(high << 4 | low);
    i += 2;
  }
  // Another spelling would let two attributes become one.
  if (name.empty() || LinuxAttributeName(name) != windows_name) return std::nullopt;
  return name;
}

}  // namespace hcs::layer
