#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/runtime/network_names.h"

namespace hcs::runtime {
namespace {

using Ids = std::vector<std::string>;

TEST_CASE("a name is found by what was last seen of it", "[runtime]") {
  NetworkNames names;
  CHECK(names.Find("web").empty());
  names.Set("1", "web");
  names.Set("2", "db");
  CHECK(names.Find("web") == Ids{"1"});
  names.Set("3", "web");
  CHECK(names.Find("web") == Ids{"1", "3"});
  names.Set("1", "old");
  CHECK(names.Find("web") == Ids{"3"});
  CHECK(names.Find("old") == Ids{"1"});
  names.Remove("3");
  names.Remove("3");
  CHECK(names.Find("web").empty());
}

TEST_CASE("what has no name is not found by one", "[runtime]") {
  NetworkNames names;
  names.Set("1", "");
  CHECK(names.Find("").empty());
  names.Set("2", "web");
  names.Set("2", "");
  CHECK(names.Find("web").empty());
}

TEST_CASE("a list replaces all that was known", "[runtime]") {
  NetworkNames names;
  names.Set("1", "web");
  names.Replace({{"2", "web"}, {"3", "db"}, {"4", ""}});
  CHECK(names.Find("web") == Ids{"2"});
  CHECK(names.Find("db") == Ids{"3"});
  names.Replace({});
  CHECK(names.Find("web").empty());
}

}  // namespace
}  // namespace hcs::runtime
