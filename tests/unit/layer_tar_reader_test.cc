#include <catch2/catch.hpp>
#include <string>

#include "core/layer/tar/pax_records.h"
#include "core/layer/tar/pax_time.h"
#include "tests/unit/layer_tar_archive.h"

namespace hcs::layer {
namespace {

std::string Pax(const std::vector<PaxRecord>& records, char type = 'x') {
  std::string body;
  for (const PaxRecord& record : records) AppendPaxRecord(record.key, record.value, &body);
  return RawMember(type, "pax", body);
}

// The error's text, which does not depend on how the archive arrives.
std::string Message(const std::string& archive, const TarLimits& limits = {}) {
  std::string message(ReadTar(archive, archive.size() + 1, limits).error.message());
  CHECK(ReadTar(archive, 7, limits).error.message() == message);
  return message;
}

bool Contains(const std::string& text, const std::string& part) {
  INFO(text << " should contain " << part);
  return text.find(part) != std::string::npos;
}

TEST_CASE("what is written is read back, however it is cut") {
  const std::vector<Member> members = EveryMember();
  const std::string bytes = WriteTar(members);
  for (const size_t piece :
       {size_t{1}, size_t{7}, size_t{511}, size_t{512}, size_t{513}, size_t{1000}, bytes.size()}) {
    const ReadArchive archive = ReadTar(bytes, piece);
    INFO(archive.error);
    CHECK(archive.error.ok());
    CHECK((archive.members == members));
    CHECK(WriteTar(archive.members) == bytes);
  }
}

TEST_CASE("an archive that is cut anywhere is an error") {
  const std::string bytes = WriteTar(EveryMember());
  for (size_t size = 0; size < bytes.size(); ++size) {
    const absl::Status error = ReadTar(bytes.substr(0, size), 100).error;
    if (error.code() != absl::StatusCode::kInvalidArgument) FAIL("cut at " << size);
    if (error.message().find("truncated") == std::string::npos) FAIL(error);
  }
  CHECK(ReadTar(bytes, 100).error.ok());
}

TEST_CASE("a missing end is let pass where it may be missing, and only there") {
  const std::string bytes = RawMember('0', "a", "x");
  CHECK(Contains(Message(bytes), "must end with two blocks of zeros"));
  CHECK(Message(bytes, {.end_may_be_missing = true}).empty());
  // Nor padding; but not a part of it.
  CHECK(Message(bytes.substr(0, 513), {.end_may_be_missing = true}).empty());
  CHECK(Contains(Message(bytes.substr(0, 513)), "in the middle"));
  CHECK(Contains(Message(bytes.substr(0, 512), {.end_may_be_missing = true}), "in the middle"));
  CHECK(Contains(Message(bytes.substr(0, 700), {.end_may_be_missing = true}), "in the middle"));
}

TEST_CASE("no flipped bit of a header passes unseen") {
  const std::string bytes = RawMember('0', "name", "") + TarEnd();
  for (size_t bit = 0; bit < 8 * kTarBlockBytes; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const ReadArchive archive = ReadTar(flipped, flipped.size());
    // A space for a zero before the checksum's digits, and what follows them, change nothing.
    const bool same = archive.members == ReadTar(bytes, bytes.size()).members;
    const bool in_checksum = bit / 8 >= 148 && bit / 8 < 156;
    if (archive.error.ok() && !(same && in_checksum)) FAIL("bit " << bit);
  }
}

TEST_CASE("GNU's long names and base-256 numbers are read") {
  const std::string name(5000, 'n');
  const std::string target(200, 't');
  std::string block = RawMember('2', "short", "");
  block = WithField(block, 124, std::string("\x80\0\0\0\0\0\0\0\0\0\0\0", 12));
  block = WithField(block, 108, std::string("\x80\0\0\x01\0\0\0\0", 8));
  block =
      WithField(block, 136, std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE", 12));
  const ReadArchive archive =
      ReadTar(RawMember('L', "././@LongLink", name + '\0') +
                  RawMember('K', "././@LongLink", target + '\0') + block + TarEnd(),
              1000);
  INFO(archive.error);
  REQUIRE(archive.members.size() == 1);
  CHECK(archive.members[0].entry.name == name);
  CHECK(archive.members[0].entry.link_name == target);
  CHECK(archive.members[0].entry.uid == uint64_t{1} << 32);
  CHECK(archive.members[0].entry.modified == UnixTime{-2, 0});
}

TEST_CASE("ustar's prefix, V7's directories and names with './' are read") {
  std::string prefixed = RawMember('0', "name", "");
  prefixed = WithField(prefixed, 345, "some/folder");
  std::string v7 = RawMember('0', "old/", "");
  v7 = WithField(v7, 257, std::string(8, '\0'));
  v7 = WithField(v7, 156, std::string(1, '\0'));
  const ReadArchive archive = ReadTar(prefixed + v7 + RawMember('5', "./", "") + TarEnd(), 333);
  INFO(archive.error);
  REQUIRE(archive.members.size() == 3);
  CHECK(archive.members[0].entry.name == "some/folder/name");
  CHECK(archive.members[1].entry.type == TarType::kDirectory);
  CHECK(archive.members[1].entry.name == "old");
  CHECK(archive.members[2].entry.name == ".");
}

TEST_CASE("global records hold until an entry's own replaces or takes them back") {
  const std::string bytes = Pax({{"V.a", "1"}, {"V.b", "2"}, {"uid", "7"}}, 'g') +
                            RawMember('0', "one", "") + Pax({{"V.a", "3"}, {"V.b", ""}}) +
                            RawMember('0', "two", "") + Pax({{"V.a", ""}}, 'g') +
                            RawMember('0', "three", "") + TarEnd();
  const ReadArchive archive = ReadTar(bytes, bytes.size());
  REQUIRE(archive.error.ok());
  REQUIRE(archive.members.size() == 3);
  CHECK((archive.members[0].entry.records == std::vector<PaxRecord>{{"V.a", "1"}, {"V.b", "2"}}));
  CHECK((archive.members[1].entry.records == std::vector<PaxRecord>{{"V.a", "3"}}));
  CHECK((archive.members[2].entry.records == std::vector<PaxRecord>{{"V.b", "2"}}));
  CHECK(archive.members[2].entry.uid == 7);
}

TEST_CASE("what is malformed is refused with its place, its name and the rule") {
  const std::string file = RawMember('0', "some file", "");
  CHECK(Message(RawMember('0', "ok", "x") + WithField(file, 124, "9") + TarEnd()) ==
        "tar entry 2, at byte 1024: its size must be an octal number");
  CHECK(Contains(Message(file.substr(0, 500) + "x" + file.substr(501) + TarEnd()),
                 "its checksum must be"));
  CHECK(Contains(Message(Pax({{"path", "the name"}, {"size", "99999999999999999999"}}) + file),
                 "PAX record size must be a decimal number that fits 63 bits"));
  CHECK(Contains(Message(Pax({{"size", "-1"}}) + file), "PAX record size must be"));
  CHECK(Contains(Message(Pax({{"size", "9223372036854775807"}}) + file), "its size, 92"));
  CHECK(Contains(Message(WithField(file, 124, std::string(12, '\xFF'))), "must not be negative"));
  CHECK(Contains(Message(WithField(file, 124, "\x80" + std::string(11, '\xFF'))),
                 "must fit 63 bits"));
  CHECK(Contains(Message(Pax({{"mtime", "1.x"}}) + file), "mtime must be decimal seconds"));
  CHECK(Contains(Message(Pax({{"path", std::string("a\0b", 3)}}) + file), "must have no NUL"));
  CHECK(
      Contains(Message(Pax({{"V.a", "1"}}) + Pax({{"V.a", "1"}}) + file), "two extended headers"));
  CHECK(Contains(Message(Pax({{"V.a", "1"}}) + TarEnd()), "between its extended and its own"));
  CHECK(Contains(Message(std::string(512, '\0') + file + TarEnd()), "single block of zeros"));
  CHECK(Contains(Message(WithField(file, 0, std::string(9, '\0'))), "its name must not be empty"));
  CHECK(Contains(Message(RawMember('1', "link", "") + TarEnd()), "target must not be empty"));
  CHECK(Contains(Message(RawMember('1', "link", "content")), "a hard link must have no content"));
  CHECK(Contains(Message(RawMember('Z', "odd", "")), "its type, byte 90"));
  CHECK(Contains(Message(RawMember('M', "part", "")), "multi-volume"));
  CHECK(Contains(Message(RawMember('0', "dir/", "x")), "must not end with '/'"));
}

TEST_CASE("sparse files are refused, whatever size they claim") {
  const std::string file = RawMember('0', "f", "");
  CHECK(Contains(Message(RawMember('S', "sparse", "")), "GNU's type S"));
  CHECK(Contains(Message(Pax({{"GNU.sparse.realsize", "1099511627776"}}) + file),
                 "GNU.sparse.realsize is a sparse file's"));
  // 1 TiB that is not there is a truncated archive; nothing was allocated for it.
  CHECK(Contains(Message(Pax({{"size", "1099511627776"}}) + file), "truncated in the middle"));
}

TEST_CASE("PAX records with bad lengths are refused") {
  for (const char* body : {"9 a=b\n", "5 a=b\n", "7 a=b\n", "6 a=b", "x", "6 a=bc", "3 \n",
                           "4294967296 a=b\n", "99999999999999999999999 a=b\n", "0 a=b\n",
                           "-6 a=b\n", "6 aab\n", "5 =b\n", "6\ta=b\n", "6"}) {
    INFO(body);
    CHECK(Contains(Message(RawMember('x', "pax", body) + RawMember('0', "f", "") + TarEnd()),
                   "PAX record at byte 0"));
  }
  const absl::Status second = ParsePaxRecords("6 a=b\n6 a:b\n").status();
  CHECK(second.message() == "PAX record at byte 6 must have a key and '='");
}

TEST_CASE("limits stop what would take memory") {
  const std::string file = RawMember('0', "f", "") + TarEnd();
  CHECK(Contains(
      Message(Pax({{"V.a", std::string(2000, 'x')}}) + file, {.max_extension_bytes = 1000}),
      "more than the limit of 1000"));
  CHECK(Contains(
      Message(RawMember('L', "l", std::string(2000, 'x')) + file, {.max_name_bytes = 1000}),
      "more than the limit of 1001"));
  CHECK(Contains(Message(Pax({{"path", std::string(2000, 'x')}}) + file, {.max_name_bytes = 1000}),
                 "has more than 1000 bytes"));
  CHECK(Contains(Message(Pax({{"V.a", "1"}, {"V.b", "1"}}) + file, {.max_records = 1}),
                 "more than 1 records"));
  CHECK(Contains(Message(Pax({{"V.a", "1"}}, 'g') + Pax({{"V.b", "1"}}) + file, {.max_records = 1}),
                 "more than 1 PAX records"));
  CHECK(Contains(
      Message(Pax({{"V.a", std::string(200, 'x')}}, 'g') + file, {.max_global_bytes = 100}),
      "more than 100 bytes"));
}

TEST_CASE("PAX times keep every nanosecond, before 1970 too") {
  const UnixTime times[] = {{0, 0},
                            {1, 500'000'000},
                            {-1, 999'999'900},
                            {-2, 500'000'000},
                            {-1, 0},
                            {-11'644'473'600, 100},
                            {1'700'000'000, 123'456'700},
                            {INT64_MAX, 999'999'999},
                            {INT64_MIN + 1, 0}};
  for (const UnixTime& time : times) CHECK(ParsePaxTime(FormatPaxTime(time)) == time);
  CHECK(FormatPaxTime({-2, 500'000'000}) == "-1.5");
  CHECK(FormatPaxTime({-1, 500'000'000}) == "-0.5");
  CHECK(ParsePaxTime("1.0000000009") == UnixTime{1, 0});
  CHECK(ParsePaxTime("-1.0000000001") == UnixTime{-2, 999'999'999});
  CHECK(ParsePaxTime("5.") == UnixTime{5, 0});
  for (const char* text :
       {"", "-", ".5", "1e5", "+1", " 1", "1.5 ", "1.-5", "9223372036854775808"}) {
    CHECK_FALSE(ParsePaxTime(text).has_value());
  }
}

TEST_CASE("the writer refuses what no reader would give back") {
  TarWriter writer;
  std::string bytes;
  const auto refused = [&](const TarEntry& entry) {
    const bool invalid = writer.Begin(entry, &bytes).code() == absl::StatusCode::kInvalidArgument;
    return invalid && bytes.empty();
  };
  CHECK(refused({.name = ""}));
  CHECK(refused({.name = std::string("a\0b", 3)}));
  CHECK(refused({.name = "a/"}));
  CHECK(refused({.type = TarType::kHardLink, .name = "a"}));
  CHECK(refused({.name = "a", .link_name = "b"}));
  CHECK(refused({.type = TarType::kDirectory, .name = "a", .size = 1}));
  CHECK(refused({.name = "a", .records = {{"path", "b"}}}));
  CHECK(refused({.name = "a", .records = {{"V=a", "b"}}}));
  CHECK(refused({.name = "a", .records = {{"V.a", "b"}, {"V.a", "c"}}}));
  CHECK(refused({.name = "a", .records = {{"comment", ""}}}));
  REQUIRE(writer.Begin({.name = "a", .size = 3}, &bytes).ok());
  CHECK(writer.Write("1234", &bytes).code() == absl::StatusCode::kOutOfRange);
  CHECK(writer.Write("12", &bytes).ok());
  CHECK(writer.Begin({.name = "b"}, &bytes).message() == "tar entry 'a' lacks 1 bytes of content");
  CHECK(writer.Finish(&bytes).code() == absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace hcs::layer
