#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "core/runtime/page_token.h"
#include "tests/unit/runtime_invalid_field.h"

namespace hcs::runtime {
namespace {

TEST_CASE("the rule of page_size") {
  CHECK(PageSize(0).value() == 100);
  CHECK(PageSize(1).value() == 1);
  CHECK(PageSize(1000).value() == 1000);
  for (const int32_t bad :
       {-1, 1001, std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::min()}) {
    CHECK(FieldOf(PageSize(bad).status()) == "page_size");
  }
}

TEST_CASE("a token gives the id back, whatever it holds") {
  for (const std::string& id :
       {std::string("a"), std::string("web 1"), std::string("日本"), std::string(255, 'x'),
        std::string("\xff\xfe\xfd\xfb\xef"), std::string("a\0b", 3), std::string("4294967295")}) {
    const std::string token = EncodePageToken("containers", id);
    INFO(token);
    CHECK(DecodePageToken("containers", token).value() == id);
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-_") == token.npos);
  }
}

TEST_CASE("no token is the beginning") { CHECK(DecodePageToken("containers", "").value() == ""); }

TEST_CASE("foreign tokens are refused") {
  const std::string token = EncodePageToken("containers", "web-1");
  CHECK(FieldOf(DecodePageToken("processes", token).status()) == "page_token");
  for (const std::string& foreign :
       {std::string("a"), std::string("web-1"), std::string("!!!"), std::string("AAAAAAAAAAAA"),
        token + "AAAA", token.substr(0, token.size() - 4), "B" + token.substr(1),
        std::string(100000, 'A'), std::string("\0\0", 2)}) {
    INFO(foreign.substr(0, 100));
    CHECK(FieldOf(DecodePageToken("containers", foreign).status()) == "page_token");
  }
}

}  // namespace
}  // namespace hcs::runtime
