#include "core/emulator/network/mac_address.h"

#include <array>
#include <cstdio>

namespace hcs::emulator::hns {
namespace {

// Digits are 'x'; everything else stands for itself.
constexpr std::array<std::string_view, 5> kSpellings = {
    "xx-xx-xx-xx-xx-xx", "xx:xx:xx:xx:xx:xx", "xxxx.xxxx.xxxx", "xxxxxx-xxxxxx", "xxxxxxxxxxxx"};

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<uint64_t> ReadAs(std::string_view spelling, std::string_view text) {
  if (text.size() != spelling.size()) return std::nullopt;
  uint64_t number = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (spelling[i] != 'x') {
      if (text[i] != spelling[i]) return std::nullopt;
      continue;
    }
    const std::optional<unsigned> digit = HexDigit(text[i]);
    if (!digit) return std::nullopt;
    number = number << 4 | *digit;
  }
  return number;
}

}  // namespace

std::optional<MacAddress> MacAddress::Parse(std::string_view text) {
  for (const std::string_view spelling : kSpellings) {
    if (const auto number = ReadAs(spelling, text)) return MacAddress(*number);
  }
  return std::nullopt;
}

std::string MacAddress::Text() const {
  std::string text;
  for (int shift = 40; shift >= 0; shift -= 8) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02X",
                  static_cast<unsigned>(number_ >> shift & 0xFF));
    if (!text.empty()) text.push_back('-');
    text.append(digits.data());
  }
  return text;
}

}  // namespace hcs::emulator::hns
