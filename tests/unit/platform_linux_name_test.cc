#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <string>

#include "core/platform/device_name.h"
#include "core/platform/linux_name.h"
#include "core/platform/unicode.h"

namespace hcs::platform {
namespace {

TEST_CASE("names that both systems have stay as they are") {
  for (const std::string name :
       {"a", "busybox", ".hidden", "a b", "\u65e5\u672c", "\U0001F600",
        "NetLock_F\u0151tan\u00fas\u00edtv\u00e1ny.crt", "trailing.", "auxiliary"}) {
    CHECK(WindowsNameOf(name) == name);
    CHECK(LinuxNameOf(name) == name);
  }
}

TEST_CASE("what Windows forbids is in the area for private use") {
  CHECK(WindowsNameOf("a:b") == "a\uF03Ab");
  CHECK(WindowsNameOf("\\") == "\uF05C");
  CHECK(WindowsNameOf("\"*<>?|\x01\x1F") == "\uF022\uF02A\uF03C\uF03E\uF03F\uF07C\uF001\uF01F");
  CHECK(WindowsNameOf("...") == "\uF02E..");
  CHECK(WindowsNameOf(" ") == "\uF020");
  CHECK(WindowsNameOf("aux.h") == "\uF061ux.h");
  CHECK(WindowsNameOf("Con") == "\uF043on");
  CHECK(WindowsNameOf("caf\xE9") == "caf\uF0E9");
  // A truncated sequence, and one of our own kind.
  CHECK(WindowsNameOf("\xE4\xB8") == "\uF0E4\uF0B8");
  CHECK(WindowsNameOf("\uF03A") == "\uF0EF\uF080\uF0BA");
}

TEST_CASE("any Linux name comes back, and no two become one") {
  std::mt19937 random(7);
  const std::string_view bytes(
      "a.: \xEF\x80\x81\xBA\xC3\xA4\x7F\xFF\\|\x01"
      "AUXCON",
      21);
  std::set<std::string> linux_names;
  std::set<std::string> windows_names;
  for (int round = 0; round < 20000; ++round) {
    std::string name;
    for (size_t size = 1 + random() % 5; size > 0; --size) name += bytes[random() % bytes.size()];
    if (name == "." || name == "..") continue;
    const std::string windows = WindowsNameOf(name);
    INFO(name);
    REQUIRE(LinuxNameOf(windows) == name);
    REQUIRE(IsValidUtf8(windows));
    REQUIRE_FALSE(IsDeviceName(windows));
    linux_names.insert(name);
    windows_names.insert(windows);
  }
  CHECK(linux_names.size() == windows_names.size());
  CHECK(linux_names.size() > 10000);
}

TEST_CASE("a Windows name that stands for no Linux name is none") {
  for (const std::string name : {"", ".", "..", "\uF02E", "\uF02E.", "a\uF02Fb", "a\uF000", "a:b",
                                 "\uF061b", "aux", "caf\xE9"}) {
    INFO(name);
    CHECK_FALSE(LinuxNameOf(name));
  }
}

}  // namespace
}  // namespace hcs::platform
