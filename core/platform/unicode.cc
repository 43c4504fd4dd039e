#include "core/platform/unicode.h"

#include <cstddef>
#include <cstdint>

#include "core/platform/ascii.h"

namespace hcs::platform {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t code_point;
  size_t length;  // Units consumed, at least 1.
  bool valid;
};

bool IsContinuation(uint8_t byte, uint8_t low = 0x80, uint8_t high = 0xBF) {
  return byte >= low && byte <= high;
}

// Unicode's table 3-7: what a lead byte promises, and the narrower range that its
// second byte must keep to (no overlong forms, no surrogates, no more than U+10FFFF).
struct Lead {
  size_t length;
  uint8_t second_low = 0x80;
  uint8_t second_high = 0xBF;
};

Lead ClassifyLead(uint8_t byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2};
  if (byte == 0xE0) return {3, 0xA0};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3};
  if (byte == 0xF0) return {4, 0x90};
  if (byte >= 0xF1 && byte <= 0xF3) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

Decoded DecodeUtf8(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1, true};
  const Lead lead = ClassifyLead(byte(0));
  if (lead.length == 0) return {kReplacement, 1, false};
  char32_t code_point = byte(0) & (0x7Fu >> lead.length);
  for (size_t i = 1; i < lead.length; ++i) {
    const bool fits =
        i < text.size() && (i == 1 ? IsContinuation(byte(1), lead.second_low, lead.second_high)
                                   : IsContinuation(byte(i)));
    if (!fits) return {kReplacement, i, false};
    code_point = code_point << 6 | (byte(i) & 0x3Fu);
  }
  return {code_point, lead.length, true};
}

Decoded DecodeUtf16(std::u16string_view text) {
  const char16_t unit = text[0];
  if (unit < 0xD800 || unit > 0xDFFF) return {unit, 1, true};
  const bool paired = unit <= 0xDBFF && text.size() > 1 && text[1] >= 0xDC00 && text[1] <= 0xDFFF;
  if (!paired) return {kReplacement, 1, false};
  return {0x10000 + ((unit - 0xD800u) << 10) + (text[1] - 0xDC00u), 2, true};
}

void AppendUtf8(char32_t code_point, std::string* text) {
  const auto append = [text](char32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) return append(code_point);
  if (code_point < 0x800) {
    append(0xC0 | code_point >> 6);
  } else if (code_point < 0x10000) {
    append(0xE0 | code_point >> 12);
    append(0x80 | (code_point >> 6 & 0x3F));
  } else {
    append(0xF0 | code_point >> 18);
    append(0x80 | (code_point >> 12 & 0x3F));
    append(0x80 | (code_point >> 6 & 0x3F));
  }
  append(0x80 | (code_point & 0x3F));
}

void AppendUtf16(char32_t code_point, std::u16string* text) {
  if (code_point < 0x10000) return text->push_back(static_cast<char16_t>(code_point));
  const char32_t offset = code_point - 0x10000;
  text->push_back(static_cast<char16_t>(0xD800 + (offset >> 10)));
  text->push_back(static_cast<char16_t>(0xDC00 + (offset & 0x3FF)));
}

// Calls append(code point) for each character; true if all of them were valid.
template <typename View, typename Decode, typename Append>
bool Transcode(View text, Decode decode, Append append) {
  bool valid = true;
  while (!text.empty()) {
    const Decoded next = decode(text);
    valid &= next.valid;
    append(next.code_point);
    text.remove_prefix(next.length);
  }
  return valid;
}

bool TranscodeToUtf8(std::u16string_view text, std::string* result) {
  result->reserve(text.size());
  return Transcode(text, DecodeUtf16, [result](char32_t c) { AppendUtf8(c, result); });
}

bool TranscodeToUtf16(std::string_view text, std::u16string* result) {
  result->reserve(text.size());
  const std::string_view ascii = text.substr(0, AsciiPrefix(text));
  result->assign(ascii.begin(), ascii.end());
  text.remove_prefix(ascii.size());
  return Transcode(text, DecodeUtf8, [result](char32_t c) { AppendUtf16(c, result); });
}

}  // namespace

std::string Utf16ToUtf8(std::u16string_view text) {
  std::string result;
  TranscodeToUtf8(text, &result);
  return result;
}

std::u16string Utf8ToUtf16(std::string_view text) {
  std::u16string result;
  TranscodeToUtf16(text, &result);
  return result;
}

std::optional<std::string> Utf16ToUtf8Strict(std::u16string_view text) {
  std::string result;
  if (!TranscodeToUtf8(text, &result)) return std::nullopt;
  return result;
}

std::optional<std::u16string> Utf8ToUtf16Strict(std::string_view text) {
  std::u16string result;
  if (!TranscodeToUtf16(text, &result)) return std::nullopt;
  return result;
}

bool IsValidUtf8(std::string_view text) {
  return Transcode(text.substr(AsciiPrefix(text)), DecodeUtf8, [](char32_t) {});
}

bool IsValidUtf16(std::u16string_view text) {
  return Transcode(text, DecodeUtf16, [](char32_t) {});
}

}  // namespace hcs::platform
