#include <catch2/catch.hpp>
#include <random>

#include "core/layer/ea_data.h"

namespace hcs::layer {
namespace {

using Attributes = std::vector<ExtendedAttribute>;

std::string Problem(std::string_view bytes) {
  return std::string(ParseEaData(bytes).status().message());
}

TEST_CASE("Extended attributes are laid out as Windows does it", "[layer]") {
  const Attributes attributes = {{0x80, "AB", "xyz"}, {0, "C", ""}};
  const std::string bytes(
      "\x10\0\0\0\x80\x02\x03\0AB\0xyz\0\0"
      "\0\0\0\0\0\x01\0\0C\0",
      26);
  CHECK(BuildEaData(attributes).value() == bytes);
  CHECK(ParseEaData(bytes).value() == attributes);
}

TEST_CASE("Extended attributes survive the way there and back", "[layer]") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    Attributes attributes(random() % 5);
    for (ExtendedAttribute& attribute : attributes) {
      attribute.flags = static_cast<uint8_t>(random());
      attribute.name.assign(1 + random() % 255, static_cast<char>(1 + random() % 255));
      attribute.value.assign(random() % (round == 0 ? 65536 : 300), static_cast<char>(random()));
    }
    CHECK(ParseEaData(BuildEaData(attributes).value()).value() == attributes);
  }
}

TEST_CASE("Extended attributes that are cut are an error, but between two", "[layer]") {
  const std::string bytes = BuildEaData({{0, "name", "value"}, {1, "other", "v"}}).value();
  const size_t last_begins = 20;
  for (size_t length = 1; length < bytes.size(); ++length) {
    const auto parsed = ParseEaData(std::string_view(bytes).substr(0, length));
    INFO(length);
    CHECK_FALSE(parsed.ok());
  }
  CHECK(Problem(bytes.substr(0, last_begins)) ==
        "extended attributes, byte 0: the next entry must begin within the list, not 20 bytes on");
}

TEST_CASE("A broken list of extended attributes is told by its place", "[layer]") {
  CHECK(Problem("short") == "extended attributes, byte 0: an entry is cut off");
  CHECK(Problem(std::string("\x04\0\0\0\0\x01\0\0C\0\0\0", 12)) ==
        "extended attributes, byte 0: the next entry must begin within the list, not 4 bytes on");
  CHECK(Problem(std::string("\0\0\0\0\0\0\0\0\0\0", 10)) ==
        "extended attributes, byte 5: a name must not be empty");
  CHECK(Problem(std::string("\0\0\0\0\0\x01\xFF\xFF"
                            "C\0",
                            10)) ==
        "extended attributes, byte 0: an entry of 65545 bytes must fit into the 10 it has");
  CHECK(Problem(std::string("\0\0\0\0\0\x01\0\0Cx", 10)) ==
        "extended attributes, byte 8: a name must end with its only NUL");
}

TEST_CASE("Extended attributes beyond Windows' limits are not built", "[layer]") {
  CHECK_FALSE(BuildEaData({{0, "", "v"}}).ok());
  CHECK_FALSE(BuildEaData({{0, std::string(256, 'n'), "v"}}).ok());
  CHECK_FALSE(BuildEaData({{0, std::string("a\0b", 3), "v"}}).ok());
  CHECK(BuildEaData({{0, "big", std::string(65536, 'v')}}).status().message() ==
        "extended attribute 'big': its value must have at most 65535 bytes");
}

}  // namespace
}  // namespace hcs::layer
