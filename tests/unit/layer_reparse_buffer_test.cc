#include <catch2/catch.hpp>
#include <random>

#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/reparse_buffer.h"

namespace hcs::layer {
namespace {

std::string Problem(std::string_view bytes) {
  return std::string(ParseReparseBuffer(bytes).status().message());
}

std::string Bytes(uint32_t tag, std::initializer_list<uint16_t> words) {
  std::string bytes;
  AppendLittleEndian(tag, &bytes);
  AppendLittleEndian(static_cast<uint16_t>(2 * words.size()), &bytes);
  AppendLittleEndian<uint16_t>(0, &bytes);
  for (const uint16_t word : words) AppendLittleEndian(word, &bytes);
  return bytes;
}

TEST_CASE("A symbolic link is laid out as Windows does it", "[layer]") {
  const ReparseLink link{.substitute_name = u"ab", .print_name = u"c", .relative = true};
  const std::string bytes = Bytes(kSymbolicLinkTag, {0, 4, 4, 2, 1, 0, 'a', 'b', 'c'});
  CHECK(BuildReparseBuffer(link).value() == bytes);
  CHECK(std::get<ReparseLink>(ParseReparseBuffer(bytes).value()) == link);
}

TEST_CASE("A junction's names end with NULs that are no part of them", "[layer]") {
  const ReparseLink link{.tag = kMountPointTag, .substitute_name = u"ab", .print_name = u"c"};
  const std::string bytes = Bytes(kMountPointTag, {0, 4, 6, 2, 'a', 'b', 0, 'c', 0});
  CHECK(BuildReparseBuffer(link).value() == bytes);
  CHECK(std::get<ReparseLink>(ParseReparseBuffer(bytes).value()) == link);
}

TEST_CASE("Names may stand in any order and leave gaps", "[layer]") {
  const auto point =
      ParseReparseBuffer(Bytes(kSymbolicLinkTag, {6, 4, 0, 2, 0, 0, 'p', 'x', 'x', 's', 't'}));
  CHECK(std::get<ReparseLink>(point.value()) ==
        ReparseLink{.substitute_name = u"st", .print_name = u"p"});
}

TEST_CASE("An unknown reparse point is kept as it is", "[layer]") {
  const RawReparse microsoft{0x80000017, "compressed by the system"};
  CHECK(std::get<RawReparse>(ParseReparseBuffer(BuildReparseBuffer(microsoft).value()).value()) ==
        microsoft);
  const RawReparse other{0x00000123, std::string(16, 'g') + "data"};
  const std::string bytes = BuildReparseBuffer(other).value();
  CHECK(LoadLittleEndian<uint16_t>(bytes, 4) == 4);  // The GUID is not counted.
  CHECK(std::get<RawReparse>(ParseReparseBuffer(bytes).value()) == other);
}

TEST_CASE("Links survive the way there and back", "[layer]") {
  std::mt19937 random(8);
  const auto name = [&random] {
    std::u16string text(random() % 2000, u'\0');
    for (char16_t& unit : text) unit = static_cast<char16_t>(random());
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    ReparseLink link{.substitute_name = name(), .print_name = name()};
    if (random() % 2 == 0) link.tag = kMountPointTag;
    if (link.tag == kSymbolicLinkTag) link.relative = random() % 2 == 0;
    CHECK(std::get<ReparseLink>(ParseReparseBuffer(BuildReparseBuffer(link).value()).value()) ==
          link);
  }
}

TEST_CASE("A reparse point that is cut is an error at every byte", "[layer]") {
  for (const uint32_t tag : {kSymbolicLinkTag, kMountPointTag}) {
    const std::string bytes =
        BuildReparseBuffer(ReparseLink{.tag = tag, .substitute_name = u"abc", .print_name = u"d"})
            .value();
    for (size_t length = 0; length < bytes.size(); ++length) {
      CHECK_FALSE(ParseReparseBuffer(std::string_view(bytes).substr(0, length)).ok());
    }
    CHECK_FALSE(ParseReparseBuffer(bytes + "x").ok());
  }
}

TEST_CASE("A broken reparse point is told by its place", "[layer]") {
  CHECK(Problem("1234567") == "reparse point, byte 7: the header is cut off");
  CHECK(Problem(Bytes(0, {})) == "reparse point, byte 0: the tag must not be 0");
  CHECK(Problem(Bytes(kMountPointTag, {0, 0, 0})) ==
        "reparse point, byte 14: a link's data is cut off");
  CHECK(Problem(Bytes(kMountPointTag, {0, 3, 0, 0, 'a', 'b'})) ==
        "reparse point, byte 8: a name's place and length must be even (UTF-16)");
  CHECK(Problem(Bytes(kMountPointTag, {0, 2, 2, 4, 'a', 'b'})) ==
        "reparse point, byte 12: a name must end within the 4 bytes of names, is 4 bytes at 2");
  CHECK(Problem(Bytes(kMountPointTag, {0xFFFE, 0xFFFE, 0, 0, 'a', 'b'})) ==
        "reparse point, byte 8: a name must end within the 4 bytes of names, is 65534 bytes at "
        "65534");
  CHECK(Problem(Bytes(0x123, {1, 2})) ==
        "reparse point, byte 4: the data must have the 20 bytes that it claims, has 4");
  CHECK(Problem(std::string(kMaxReparseBytes + 1, 'x')) ==
        "reparse point, byte 0: must have at most 16384 bytes, has 16385");
}

TEST_CASE("A reparse point that Windows would refuse is not built", "[layer]") {
  CHECK_FALSE(BuildReparseBuffer(ReparseLink{.substitute_name = std::u16string(8190, 'x')}).ok());
  CHECK_FALSE(BuildReparseBuffer(ReparseLink{.substitute_name = std::u16string(40000, 'x')}).ok());
  CHECK_FALSE(BuildReparseBuffer(ReparseLink{.tag = kMountPointTag, .relative = true}).ok());
  CHECK_FALSE(BuildReparseBuffer(ReparseLink{.tag = 5}).ok());
  CHECK_FALSE(BuildReparseBuffer(RawReparse{0, "x"}).ok());
  CHECK_FALSE(BuildReparseBuffer(RawReparse{kSymbolicLinkTag, "x"}).ok());
  CHECK_FALSE(BuildReparseBuffer(RawReparse{0x123, "no GUID"}).ok());
  CHECK_FALSE(BuildReparseBuffer(RawReparse{0x80000017, std::string(kMaxReparseBytes, 'x')}).ok());
}

}  // namespace
}  // namespace hcs::layer
