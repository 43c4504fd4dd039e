#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "core/layer/compression/compressor.h"
#include "tests/unit/image_test_archive.h"

namespace hcs::image {
namespace {

using Catch::Matchers::Contains;

struct Spooled {
  TestFolder folder;
  std::unique_ptr<ArchiveSpool> spool;
  absl::Status status;

  explicit Spooled(const std::string& bytes, size_t piece = 1000,
                   const ArchiveLimits& limits = {}) {
    auto opened = ArchiveSpool::Open(folder.path(), limits);
    REQUIRE(opened.ok());
    spool = *std::move(opened);
    status = SpoolAll(spool.get(), bytes, piece);
  }
  explicit Spooled(const Members& members, const ArchiveLimits& limits = {})
      : Spooled(layer::WriteTar(members), 1000, limits) {}

  std::string Error() const { return std::string(status.message()); }
};

std::string ContentOf(const SpooledFile& file) {
  std::ifstream stream(file.path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

size_t FilesIn(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

TEST_CASE("an archive's files are spooled with their digests, however it comes") {
  const std::string large(300'000, 'x');
  const std::string tar = layer::WriteTar(
      {TestDirectory("d"), TestFile("./d//a", "alpha"), TestFile("b", large), TestFile("c", "")});
  for (const size_t piece : {size_t{1}, size_t{3}, size_t{511}, size_t{100'000}, tar.size()}) {
    const Spooled spooled(tar, piece);
    REQUIRE(spooled.status.ok());
    const auto a = spooled.spool->Find("d/a");
    REQUIRE(a.ok());
    CHECK(ContentOf(*a) == "alpha");
    CHECK(a->digest == DigestOf("alpha"));
    const auto b = spooled.spool->Find("b");
    REQUIRE(b.ok());
    CHECK(b->size == large.size());
    CHECK(b->digest == DigestOf(large));
    CHECK(spooled.spool->Find("c").ok());
    CHECK(absl::IsNotFound(spooled.spool->Find("d").status()));
  }
}

TEST_CASE("an archive may be compressed as a whole") {
  const std::string tar = layer::WriteTar({TestFile("a", std::string(100'000, 'y'))});
  for (const auto format : {layer::Compression::kGzip, layer::Compression::kZstd}) {
    layer::Compressor compressor(format);
    std::string bytes;
    compressor.Append(tar, &bytes);
    compressor.Finish(&bytes);
    const Spooled spooled(bytes, 7);
    REQUIRE(spooled.status.ok());
    CHECK(spooled.spool->Find("a")->size == 100'000);
    const Spooled truncated(bytes.substr(0, bytes.size() / 2));
    CHECK(absl::IsDataLoss(truncated.status));
  }
}

TEST_CASE("links lead to files of the archive alone") {
  const Spooled spooled(
      Members{TestLink(layer::TarType::kSymbolicLink, "two/layer.tar", "../one/layer.tar"),
              TestLink(layer::TarType::kHardLink, "three", "two/layer.tar"),
              TestLink(layer::TarType::kSymbolicLink, "dangling", "nowhere"),
              TestLink(layer::TarType::kSymbolicLink, "loop", "loop"),
              TestFile("one/layer.tar", "content")});
  REQUIRE(spooled.status.ok());
  for (const char* name : {"one/layer.tar", "two/layer.tar", "three"}) {
    const auto file = spooled.spool->Find(name);
    REQUIRE(file.ok());
    CHECK(ContentOf(*file) == "content");
  }
  CHECK(absl::IsNotFound(spooled.spool->Find("dangling").status()));
  CHECK(absl::IsInvalidArgument(spooled.spool->Find("loop").status()));
  for (const char* target : {"/etc/passwd", "../../etc/passwd", "..\\x"}) {
    const Spooled refused(
        Members{TestLink(layer::TarType::kSymbolicLink, "one/layer.tar", target)});
    INFO(target);
    CHECK(absl::IsInvalidArgument(refused.status));
  }
}

TEST_CASE("bad names are refused, naming them") {
  for (const char* name : {"/a", "../a", "a/../../b", "a/../b", "a\\b"}) {
    const Spooled spooled(Members{TestFile(name, "x")});
    INFO(name);
    CHECK(absl::IsInvalidArgument(spooled.status));
    CHECK_THAT(spooled.Error(), Contains("the archive's name '"));
  }
}

TEST_CASE("a file may be there twice if it is the same") {
  const Spooled same(Members{TestFile("a", "x"), TestFile("a", "x")});
  CHECK(same.status.ok());
  CHECK(FilesIn(same.folder.path()) == 1);
  const Spooled different(Members{TestFile("a", "x"), TestFile("a", "y")});
  CHECK_THAT(different.Error(), Contains("'a' is there twice, with different content"));
  const Spooled link(
      Members{TestFile("a", "x"), TestLink(layer::TarType::kSymbolicLink, "a", "b")});
  CHECK_THAT(link.Error(), Contains("'a' is there twice"));
}

TEST_CASE("a blob must have the digest that names it, and the size that is said of it") {
  const std::string digest = DigestOf("right");
  const Spooled wrong(Members{TestFile(BlobPath(digest), "wrong")});
  CHECK(absl::IsInvalidArgument(wrong.status));
  CHECK_THAT(wrong.Error(), Contains("another content than its name says"));
  const Spooled right(Members{TestFile(BlobPath(digest), "right")});
  REQUIRE(right.status.ok());
  CHECK(right.spool->FindBlob(digest, 5).ok());
  CHECK(absl::IsInvalidArgument(right.spool->FindBlob(digest, 6).status()));
  CHECK(absl::IsNotFound(right.spool->FindBlob(DigestOf("other"), std::nullopt).status()));
  const Spooled linked(
      Members{TestFile("x", "wrong"), TestLink(layer::TarType::kHardLink, BlobPath(digest), "x")});
  REQUIRE(linked.status.ok());
  CHECK(absl::IsInvalidArgument(linked.spool->FindBlob(digest, std::nullopt).status()));
}

TEST_CASE("limits hold") {
  const Members many{TestFile("a", "1"), TestFile("b", "2"), TestFile("c", "3")};
  CHECK(absl::IsResourceExhausted(Spooled(many, {.max_members = 2}).status));
  CHECK(Spooled(many, {.max_members = 3}).status.ok());
  CHECK(absl::IsResourceExhausted(Spooled(many, {.max_bytes = 2}).status));
  CHECK(Spooled(many, {.max_bytes = 3}).status.ok());
  const Members long_name{TestFile(std::string(40, 'n'), "")};
  CHECK(absl::IsInvalidArgument(Spooled(long_name, {.max_name_bytes = 39}).status));
}

TEST_CASE("what is no archive is refused, and goes on being so") {
  CHECK(absl::IsInvalidArgument(Spooled(std::string()).status));
  CHECK(absl::IsInvalidArgument(Spooled(std::string("ab")).status));
  CHECK(absl::IsInvalidArgument(Spooled(std::string(2000, 'x')).status));
  const std::string tar = layer::WriteTar({TestFile("a", std::string(5000, 'a'))});
  Spooled truncated(tar.substr(0, 3000));
  CHECK(absl::IsInvalidArgument(truncated.status));
  CHECK(truncated.spool->Write("more") == truncated.status);
  CHECK(truncated.spool->Finish() == truncated.status);
}

}  // namespace
}  // namespace hcs::image
