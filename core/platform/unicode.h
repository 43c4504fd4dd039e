// UTF-8 and UTF-16, the two encodings on either side of the C table.

#ifndef HCS_CORE_PLATFORM_UNICODE_H_
#define HCS_CORE_PLATFORM_UNICODE_H_

#include <optional>
#include <string>
#include <string_view>

namespace hcs::platform {

// Both are lossless for valid text, NUL characters included. A lone surrogate
// becomes U+FFFD; so does each maximal invalid sequence of bytes (Unicode's
// "substitution of maximal subparts", which is what Windows and the web do).
std::string Utf16ToUtf8(std::u16string_view text);
std::u16string Utf8ToUtf16(std::string_view text);

// The same, but nullopt for text that is not valid.
std::optional<std::string> Utf16ToUtf8Strict(std::u16string_view text);
std::optional<std::u16string> Utf8ToUtf16Strict(std::string_view text);

// Well-formed as Unicode defines it: no overlong forms, no surrogates, nothing
// above U+10FFFF.
bool IsValidUtf8(std::string_view text);
bool IsValidUtf16(std::u16string_view text);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_UNICODE_H_
