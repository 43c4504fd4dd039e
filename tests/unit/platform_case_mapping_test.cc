#include <catch2/catch.hpp>

#include "core/platform/case_mapping.h"

namespace hcs::platform {
namespace {

TEST_CASE("names are compared without regard to case, in every script") {
  CHECK(ToUpperUtf8("Windows\\System32") == "WINDOWS\\SYSTEM32");
  CHECK(ToUpperUtf8("straße_äöüÿ") == "STRAßE_ÄÖÜŸ");
  CHECK(ToUpperUtf8("ἀθήνα") == "ἈΘΉΝΑ");
  CHECK(ToUpperUtf8("москва") == "МОСКВА");
  CHECK(ToUpperUtf8("ａ１字") == "Ａ１字");
}

TEST_CASE("what has no upper case that leads back stays as it is") {
  // Dotless i, long s, micro sign, final sigma; digraphs of two cases; no first plane.
  CHECK(ToUpperUtf8("ıſµς") == "ıſµς");
  CHECK(ToUpperUtf8("\U00010428") == "\U00010428");
}

TEST_CASE("upper case is a unit of its own, for every unit") {
  for (uint32_t unit = 0; unit <= 0xFFFF; ++unit) {
    const char16_t upper = ToUpper(static_cast<char16_t>(unit));
    if (ToUpper(upper) != upper) FAIL("U+" << std::hex << unit);
    if (unit >= 0xD800 && unit <= 0xDFFF && upper != unit) FAIL("U+" << std::hex << unit);
  }
}

}  // namespace
}  // namespace hcs::platform
