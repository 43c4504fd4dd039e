#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "core/image/reference.h"

namespace hcs::image {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

std::string Whole(const std::string& text) {
  const auto reference = ParseReference(text);
  return reference.ok() ? reference->Text() : std::string(reference.status().message());
}

TEST_CASE("names are completed as docker completes them") {
  const std::pair<std::string, std::string> cases[] = {
      {"busybox", "docker.io/library/busybox:latest"},
      {"busybox:1.36", "docker.io/library/busybox:1.36"},
      {"someone/tool", "docker.io/someone/tool:latest"},
      {"docker.io/busybox", "docker.io/library/busybox:latest"},
      {"index.docker.io/library/busybox", "docker.io/library/busybox:latest"},
      {"localhost/x:1", "localhost/x:1"},
      {"localhost:5000/x", "localhost:5000/x:latest"},
      {"mcr.microsoft.com/windows/nanoserver:ltsc2022",
       "mcr.microsoft.com/windows/nanoserver:ltsc2022"},
      {"a__b/c---d.e_f:T", "docker.io/a__b/c---d.e_f:T"},
      {"busybox@" + kDigest, "docker.io/library/busybox@" + kDigest},
      {"busybox:1@" + kDigest, "docker.io/library/busybox:1@" + kDigest},
  };
  for (const auto& [text, whole] : cases) CHECK(Whole(text) == whole);
}

TEST_CASE("names are shown as people write them") {
  for (const std::string text : {"busybox:latest", "someone/tool:1", "localhost/library/x:1",
                                 "library/x/y:1", "quay.io/library/x:1"}) {
    const auto reference = ParseReference(text);
    REQUIRE(reference.ok());
    CHECK(reference->Familiar() == text);
    CHECK(ParseReference(reference->Familiar()).value() == *reference);
  }
}

TEST_CASE("what is no name is refused with its rule") {
  const std::pair<std::string, std::string> cases[] = {
      {"", "must not be empty"},
      {"Busybox", "each part of its path"},
      {"a//b", "each part of its path"},
      {"/a", "each part of its path"},
      {"a/", "each part of its path"},
      {"a..b/c", "its registry"},
      {"../../etc", "its registry"},
      {"a___b", "each part of its path"},
      {"-a", "each part of its path"},
      {"host:port/x", "its registry"},
      {"-bad.example/x", "its registry"},
      {"x:", "its tag"},
      {"x:.y", "its tag"},
      {"x:" + std::string(129, 't'), "its tag"},
      {"x:a b", "its tag"},
      {"x@sha256:123", "its digest"},
      {std::string(64, '0'), "an image's id"},
      {std::string(250, 'x') + "/y", "255"},
  };
  for (const auto& [text, rule] : cases) {
    const auto reference = ParseReference(text);
    INFO(text);
    REQUIRE(absl::IsInvalidArgument(reference.status()));
    CHECK_THAT(std::string(reference.status().message()), Catch::Matchers::Contains(rule));
  }
}

}  // namespace
}  // namespace hcs::image
