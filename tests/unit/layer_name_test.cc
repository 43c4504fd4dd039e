#include "core/layer/layer_name.h"

#include <catch2/catch.hpp>

namespace hcs::layer {
namespace {

std::string Problem(std::string_view name) { return std::string(CheckLayerName(name).message()); }

TEST_CASE("Names that a file system can hold are names of a layer", "[layer]") {
  for (const char* name :
       {"Files", "Files\\Windows\\win.ini", "Files\\..hidden", "Files\\a b.", "Files\\who?\\*<>|\"",
        "Files\\console", "Files\\com", "Files\\com10", "Files\\lpt.txt", "Files\\\x01",
        "Files\\...x", "Files\\größe\\\u65e5\u672c", "Hives\\System_Delta"}) {
    INFO(name);
    CHECK(Problem(name).empty());
  }
  CHECK(Problem("Files\\" + std::string(255, 'x')).empty());
}

TEST_CASE("Names that lead elsewhere are refused", "[layer]") {
  CHECK(Problem("") == "'': must be relative, with no empty component");
  CHECK(Problem("\\Files") == "'\\Files': must be relative, with no empty component");
  CHECK(Problem("Files\\\\a") == "'Files\\\\a': must be relative, with no empty component");
  CHECK(Problem("Files\\") == "'Files\\': must be relative, with no empty component");
  CHECK(Problem("Files\\a/b") == "'Files\\a/b': must have no '/'");
  CHECK(Problem("C:\\a") == "'C:\\a': must have no ':' (a drive, or an alternate stream)");
  for (const char* name : {"..", "Files\\..\\..\\x", "Files\\.", "Files\\.. ", "Files\\...", " "}) {
    CHECK_THAT(Problem(name), Catch::EndsWith("must have no component of dots and spaces alone"));
  }
  CHECK(Problem(std::string_view("Files\\a\0x", 9)) == R"('Files\\a\x00x': must have no NUL)");
}

TEST_CASE("Windows' devices are refused in every disguise", "[layer]") {
  for (const char* name : {"Files\\CON", "nul", "Files\\aux.txt\\x", "Files\\Prn .tar.gz", "com1",
                           "COM0.x", "Lpt9 ", "COM\u00B9", "lpt\u00B3.txt", "CONIN$", "conout$"}) {
    INFO(name);
    CHECK_THAT(Problem(name), Catch::EndsWith("must not name a device of Windows"));
  }
}

TEST_CASE("Names that cannot be carried are refused", "[layer]") {
  CHECK(Problem("Files\\\xED\xA0\x80") == "'Files\\\\\\xed\\xa0\\x80': must be valid UTF-8");
  CHECK(Problem("Files\\" + std::string(256, 'x')) ==
        "'Files\\" + std::string(194, 'x') + "...': must have no component of more than 255 bytes");
  std::string nested = "1";
  while (nested.size() < 2 * kMaxComponents - 1) nested += "\\x";
  CHECK(Problem(nested).empty());
  CHECK_THAT(Problem(nested + "\\x"), Catch::EndsWith("must not have more than 256 components"));
  std::string deep = "Files";
  while (deep.size() <= kMaxNameUnits) deep += "\\" + std::string(200, 'x');
  CHECK_THAT(Problem(deep), Catch::EndsWith("must not have more than 32767 UTF-16 units"));
  CHECK_THAT(Problem(std::string(1000000, 'x')), Catch::EndsWith("must not be so long"));
}

TEST_CASE("Names are taken apart", "[layer]") {
  CHECK(NameComponents("Files\\a\\b") == std::vector<std::string_view>{"Files", "a", "b"});
  CHECK(ParentName("Files\\a\\b") == "Files\\a");
  CHECK(ParentName("Files").empty());
  CHECK(IsBelow("files\\a", "Files"));
  CHECK_FALSE(IsBelow("Files", "Files"));
  CHECK_FALSE(IsBelow("Files\\", "Files"));
  CHECK_FALSE(IsBelow("FilesX\\a", "Files"));
  CHECK(UpperCaseName("Files\\Größe") == "FILES\\GRÖßE");
}

}  // namespace
}  // namespace hcs::layer
