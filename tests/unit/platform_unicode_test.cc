#include <catch2/catch.hpp>

#include "core/platform/unicode.h"

namespace hcs::platform {
namespace {

TEST_CASE("every character survives the way there and back") {
  std::u16string wide;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    wide.clear();
    if (c >= 0x10000) {
      wide = {static_cast<char16_t>(0xD7C0 + (c >> 10)),
              static_cast<char16_t>(0xDC00 + (c & 0x3FF))};
    } else {
      wide = {static_cast<char16_t>(c)};
    }
    const std::string narrow = Utf16ToUtf8(wide);
    if (!IsValidUtf8(narrow) || !IsValidUtf16(wide) || Utf8ToUtf16(narrow) != wide) {
      FAIL("U+" << std::hex << static_cast<uint32_t>(c));
    }
  }
}

TEST_CASE("known encodings") {
  CHECK(Utf16ToUtf8(u"a\u00E4\u20AC\U0001F600") == "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(Utf8ToUtf16("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") == u"a\u00E4\u20AC\U0001F600");
  CHECK(Utf8ToUtf16(std::string_view("a\0b", 3)) == std::u16string_view(u"a\0b", 3));
}

TEST_CASE("each maximal invalid sequence of bytes becomes one replacement character") {
  struct Case {
    const char* bytes;
    const char16_t* text;
  };
  const Case cases[] = {
      {"\x80", u"\uFFFD"},
      {"a\xFF\xFE"
       "b",
       u"a\uFFFD\uFFFDb"},
      {"\xC0\xAF", u"\uFFFD\uFFFD"},                      // Overlong.
      {"\xE0\x80\xAF", u"\uFFFD\uFFFD\uFFFD"},            // Overlong.
      {"\xED\xA0\x80", u"\uFFFD\uFFFD\uFFFD"},            // A surrogate.
      {"\xF4\x90\x80\x80", u"\uFFFD\uFFFD\uFFFD\uFFFD"},  // Above U+10FFFF.
      {"\xE2\x82", u"\uFFFD"},                            // Cut short.
      {"\xF0\x9F\x98"
       "a",
       u"\uFFFDa"},
      {"\xE2\x82\xC3\xA4", u"\uFFFD\u00E4"},
  };
  for (const Case& test : cases) {
    CHECK(Utf8ToUtf16(test.bytes) == test.text);
    CHECK_FALSE(IsValidUtf8(test.bytes));
    CHECK_FALSE(Utf8ToUtf16Strict(test.bytes).has_value());
  }
}

TEST_CASE("a lone surrogate becomes a replacement character") {
  const std::u16string lone[] = {{0xD800}, {0xDC00, 'a'}, {'a', 0xDBFF, 'b'}, {0xDC00, 0xD800}};
  const char* texts[] = {"\xEF\xBF\xBD",
                         "\xEF\xBF\xBD"
                         "a",
                         "a\xEF\xBF\xBD"
                         "b",
                         "\xEF\xBF\xBD\xEF\xBF\xBD"};
  for (size_t i = 0; i < std::size(lone); ++i) {
    CHECK(Utf16ToUtf8(lone[i]) == texts[i]);
    CHECK_FALSE(IsValidUtf16(lone[i]));
    CHECK_FALSE(Utf16ToUtf8Strict(lone[i]).has_value());
  }
  CHECK(Utf16ToUtf8Strict(u"ok").value() == "ok");
}

}  // namespace
}  // namespace hcs::platform
