#include <catch2/catch.hpp>
#include <string>

#include "core/document/json_syntax.h"

namespace hcs::document {
namespace {

std::string Problem(std::string_view text, const JsonLimits& limits = {}) {
  const absl::Status status = ValidateJson(text, limits);
  if (status.ok()) return {};
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

std::string Nested(int depth) {
  return std::string(static_cast<size_t>(depth), '[') +
         std::string(static_cast<size_t>(depth), ']');
}

TEST_CASE("JSON of any kind is valid", "[document]") {
  for (const char* text :
       {"{}", "[]", "null", "1", "-1.5e3", "\"x\"", " { \"a\" : [ true , false , null ] } ",
        "\"\\u0000\\ud83d\\ude00\"", "18446744073709551616"}) {
    INFO(text);
    CHECK(Problem(text).empty());
  }
}

TEST_CASE("What is not JSON is told with its place", "[document]") {
  CHECK_THAT(Problem("{\n  \"a\": 1,\n}"), Catch::StartsWith("document: must be JSON: line 3, "));
  CHECK_THAT(Problem(""), Catch::Contains("line 1, column 1") && Catch::Contains("end of input"));
  CHECK_THAT(Problem("{"), Catch::Contains("line 1, column 2"));
  CHECK_THAT(Problem("1e999"), Catch::Contains("number overflow"));
  for (const char* text : {"{} x", "{'a':1}", "[1,]", "NaN", "// c\n1", "\"\t\"", "\"\\ud83d\"",
                           "01", "{\"a\" 1}", "\xEF\xBB\xBF", "nul"}) {
    INFO(text);
    CHECK_THAT(Problem(text), Catch::StartsWith("document: must be JSON: "));
  }
}

TEST_CASE("Strings of JSON must be UTF-8", "[document]") {
  for (const char* text :
       {"\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\xc0\x80\"", "{\"\xff\":1}"}) {
    CHECK_THAT(Problem(text), Catch::Contains("UTF-8"));
  }
}

TEST_CASE("A NUL ends no document early", "[document]") {
  CHECK(Problem(std::string_view("{}\0}", 4)) ==
        "document: must be JSON: a NUL character (byte 3)");
}

TEST_CASE("Depth is limited", "[document]") {
  CHECK(Problem(Nested(kMaxDocumentDepth)).empty());
  CHECK(Problem(Nested(kMaxDocumentDepth + 1)) ==
        "document: must not be deeper than 64 objects and arrays");
  CHECK(Problem("[[],[],[[]]]", {.depth = 3}).empty());
  CHECK_FALSE(Problem("[[],[],[[]]]", {.depth = 2}).empty());
  CHECK_FALSE(Problem(std::string(1000000, '[')).empty());
}

TEST_CASE("Size is limited", "[document]") {
  const std::string text = "\"" + std::string(kMaxDocumentBytes - 2, 'x') + "\"";
  CHECK(Problem(text).empty());
  CHECK(Problem(text + " ") == "document: must not be longer than 16777216 bytes, is 16777217");
}

TEST_CASE("The field that holds the document is named", "[document]") {
  CHECK_THAT(std::string(ValidateJson("{", {}, "raw_document").message()),
             Catch::StartsWith("raw_document: must be JSON: "));
}

}  // namespace
}  // namespace hcs::document
