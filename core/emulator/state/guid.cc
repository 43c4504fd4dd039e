#include "core/emulator/state/guid.h"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace hcs::emulator {

std::string NewGuidText() {
  std::array<uint8_t, 16> bytes{};
  while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
  }
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", bytes[i]);
    text.append(digits.data());
  }
  return text;
}

std::optional<std::string> ReadGuidText(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() == kForm.size() + 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, kForm.size());
  }
  if (text.size() != kForm.size()) return std::nullopt;
  std::string guid(text);
  for (size_t i = 0; i < kForm.size(); ++i) {
    char& c = guid[i];
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (kForm[i] == 'x' ? !digit : c != kForm[i]) return std::nullopt;
  }
  return guid;
}

}  // namespace hcs::emulator
