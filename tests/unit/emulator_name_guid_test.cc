#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstring>
#include <string>

#include "core/emulator/layers/name_guid.h"
#include "core/emulator/layers/sha1.h"

namespace hcs::emulator::test {
namespace {

std::string HexOf(const std::array<uint8_t, 20>& digest) {
  std::string text;
  for (const uint8_t byte : digest) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", byte);
    text += digits.data();
  }
  return text;
}

bool Same(const abi::GUID& one, const abi::GUID& other) {
  return std::memcmp(&one, &other, sizeof(one)) == 0;
}

TEST_CASE("SHA-1 gives what FIPS 180-4's examples say") {
  CHECK(HexOf(Sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(HexOf(Sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  // Longer than a block leaves room for the length.
  CHECK(HexOf(Sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(HexOf(Sha1(std::string(1'000'000, 'a'))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("a name has one GUID, of version 5, and another name another") {
  const std::u16string name = GENERATE(u"", u"4", u"base", u"\u00e9\U0001F600");
  const abi::GUID guid = GuidOfName(name);
  CHECK(Same(guid, GuidOfName(name)));
  CHECK((guid.Data3 >> 12) == 5);
  CHECK((guid.Data4[0] & 0xC0) == 0x80);
  CHECK_FALSE(Same(guid, GuidOfName(name + u"x")));
  CHECK_FALSE(Same(GuidOfName(u"Base"), GuidOfName(u"base")));
  // The high half of a unit counts.
  CHECK_FALSE(Same(GuidOfName(u"\u0141"), GuidOfName(u"\u0241")));
}

}  // namespace
}  // namespace hcs::emulator::test
