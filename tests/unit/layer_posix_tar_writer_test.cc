#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/layer_posix_tar_archive.h"

namespace hcs::layer {
namespace {

using Id = BackupStreamId;
using Kind = LayerEntry::Kind;

// The names of a written tar's members.
std::vector<std::string> WrittenNames(const std::vector<PosixItem>& items) {
  const WrittenTar tar = WritePosixTar(items, 7, false);
  INFO(tar.error);
  CHECK(tar.error.ok());
  std::vector<std::string> names;
  for (const Member& member : ReadTar(tar.bytes, 1000).members) names.push_back(member.entry.name);
  return names;
}

PosixItem Item(std::string name, uint32_t attributes, std::string stream, int64_t size = 0) {
  const LayerItem item = FileItem(std::move(name), attributes, size, std::move(stream));
  return {item.entry, {}, item.stream};
}

PosixItem Removed(std::string name) {
  PosixItem item;
  item.entry.kind = Kind::kRemoved;
  item.entry.name = std::move(name);
  return item;
}

PosixItem LinkItem(std::string name, std::string target) {
  PosixItem item;
  item.entry.kind = Kind::kLink;
  item.entry.name = std::move(name);
  item.entry.link_target = std::move(target);
  return item;
}

TEST_CASE("removals that come first make opaque directories too") {
  const PosixItem folder = Item("Files\\d", kAttributeDirectory, Attributes(0, 0, 040755));
  CHECK(WrittenNames({Removed("Files\\d"), Removed("Files\\x"), folder}) ==
        std::vector<std::string>{".wh.d", ".wh.x", "d", "d/.wh..wh..opq"});
  CHECK(WrittenNames({Removed("Files\\x"), Removed("Files\\d"), folder}) ==
        std::vector<std::string>{".wh.x", "d", "d/.wh..wh..opq"});
  CHECK(WrittenNames({Removed("Files\\f"), Item("Files\\f", 0, "")}) ==
        std::vector<std::string>{".wh.f", "f"});
  CHECK(WrittenNames({Removed("Files\\f")}) == std::vector<std::string>{".wh.f"});
}

TEST_CASE("what only Windows has is kept in the tar") {
  const std::string others =
      BuildEaData({{0, "$LXMOD", Number(0100640)}, {0, "KERNEL", "1"}}).value();
  const std::string needed =
      BuildEaData({{kEaNeeded, "NEEDED", "1"}, {0, "$LXUID", Number(7)}}).value();
  const std::vector<PosixItem> items = {
      Item("Files\\hidden", kAttributeHidden,
           Stream(Id::kSecurityData, "sd") + Stream(Id::kEaData, others) +
               Stream(Id::kObjectId, std::string(64, 'o')) + Stream(Id::kData, "abc"),
           3),
      Item("Files\\needed", kAttributeNormal, Stream(Id::kEaData, needed)),
      Item("Files\\cloud", kAttributeReparsePoint, Reparse(0x9000001A, "tag")),
      Item("Files\\windows link", kAttributeReparsePoint,
           Stream(Id::kReparseData,
                  BuildReparseBuffer(ReparseLink{kSymbolicLinkTag, u"x", u"x", true}).value())),
  };
  const WrittenTar tar = WritePosixTar(items, 100, false);
  INFO(tar.error);
  REQUIRE(tar.error.ok());
  const ReadArchive archive = ReadTar(tar.bytes, 1000);
  CHECK(archive.members[0].entry.mode == 0640);
  CHECK(RecordOf(archive.members[0].entry.records, "MSWINDOWS.fileattr") == "2");
  CHECK(archive.members[1].entry.uid == 7);
  const ReadPosixLayer layer = ReadPosixTar(tar.bytes, 1000);
  REQUIRE(layer.error.ok());
  const auto stream = [&](size_t i) { return layer.items[i].stream; };
  CHECK(stream(0) == Stream(Id::kSecurityData, "sd") +
                         Attributes(0, 0, 0100640, {{0, "KERNEL", "1"}}) +
                         Stream(Id::kObjectId, std::string(64, 'o')) + Stream(Id::kData, "abc"));
  CHECK(layer.items[0].entry.basic_info.FileAttributes == kAttributeHidden);
  CHECK(stream(1) == items[1].stream);
  CHECK(stream(2) == Attributes(0, 0, 0100644) + items[2].stream);
  CHECK(layer.items[2].entry.basic_info.FileAttributes == kAttributeReparsePoint);
  CHECK(stream(3) == Attributes(0, 0, 0100644) + items[3].stream);
}

TEST_CASE("what no tar of Linux can say is left out or refused, as promised") {
  const std::string socket = Attributes(0, 0, 0140755) + Reparse(kLinuxSocketTag);
  CHECK(WrittenNames({Item("Files\\s", kAttributeReparsePoint, socket),
                      LinkItem("Files\\t", "Files\\s"),
                      Item("Files\\f", kAttributeArchive | kAttributeSparseFile, "")}) ==
        std::vector<std::string>{"f"});
  const auto refused = [](const std::vector<PosixItem>& items, const std::string& rule) {
    const WrittenTar tar = WritePosixTar(items, 9, false);
    const bool whole = ReadTar(tar.bytes, 1000).error.ok();
    return Contains(std::string(tar.error.message()), rule) &&
           Contains(std::string(tar.error.message()), "'") && !whole;
  };
  const auto file = [](const std::string& stream, int64_t size = 0, uint32_t attributes = 0) {
    return std::vector<PosixItem>{Item("Files\\f", attributes, stream, size)};
  };
  CHECK(refused(file(Stream(Id::kAlternateData, "a", u":a:$DATA")), "has an alternate stream"));
  CHECK(refused(file(Attributes(0, 0, 0120777)), "$LXMOD must be of the type"));
  CHECK(refused(file(Attributes(0, 0, 0100644, {{0, "$LXDEV", Number(1) + Number(1)}})),
                "must have the extended attribute $LXDEV if it is a device"));
  CHECK(refused(file(Attributes(0, 0, 020644) + Reparse(kLinuxCharacterDeviceTag)),
                "must have the extended attribute $LXDEV if it is a device"));
  CHECK(refused(file(Stream(Id::kEaData, BuildEaData({{0, "$LXUID", "1"}}).value())),
                "$LXUID must have 4 bytes"));
  CHECK(refused(file(Attributes(0, 0, 010644) + Reparse(kLinuxFifoTag) + Stream(Id::kData, "x"), 1),
                "have no content"));
  CHECK(refused(file(Stream(Id::kData, "abc"), 2), "has more content than its size, 2"));
  CHECK(refused(file(Stream(Id::kData, "abc"), 4), "has less content than its size, 4"));
  CHECK(refused({LinkItem("Files\\l", "Files\\elsewhere")}, "must come after what it is"));
  CHECK(refused({Item("Files\\.wh.x", 0, "")}, "a tar keeps for removals"));
  CHECK(refused({Item("Files\\a:b", 0, "")}, "must have no ':'"));
  CHECK(refused({Item("Files\\a*", 0, "")}, "is not the name of a Linux file"));
  CHECK(refused({Item("Files\\a\uF02Fb", 0, "")}, "is not the name of a Linux file"));
  CHECK(refused({Item("Hives", kAttributeDirectory, "")}, "must be in Files"));
  CHECK(refused({Item("files\\x", 0, "")}, "must be in Files"));
  CHECK(refused({Removed("Files")}, "since it is the root"));
  CHECK(refused({Item("Files\\d\\f", 0, "")}, "must come after its folder"));
}

TEST_CASE("what a member has besides comes back with it") {
  Member member = File("./usr//./x", "1");
  member.entry.user = "root";
  member.entry.group = "wheel";
  member.entry.mode = 0100644;
  member.entry.modified = {1'700'000'000, 123'456'789};
  member.entry.accessed = UnixTime{1'700'000'001, 1};
  member.entry.changed = UnixTime{1'700'000'002, 2};
  member.entry.records = {{"LIBARCHIVE.creationtime", "1600000000.000000001"},
                          {"SCHILY.acl.access", "user::rw-"},
                          {"SCHILY.xattr.user.a", "1"},
                          {"VENDOR.key", "kept"}};
  const ReadPosixLayer layer = ReadPosixTar(WriteTar({member}), 1000);
  REQUIRE(layer.error.ok());
  const ReadArchive again = ReadTar(WritePosixTar(layer.items, 100, true).bytes, 1000);
  Member expected = member;
  expected.entry.name = "usr/x";
  REQUIRE(again.members.size() == 1);
  CHECK(again.members[0] == expected);
  CHECK(layer.items[1].entry.basic_info.CreationTime == *ToFileTime({1'600'000'000, 0}));
  // What was changed meanwhile goes before it.
  std::vector<PosixItem> changed = layer.items;
  changed[1].entry.basic_info.LastWriteTime += 10'000'000;
  changed[1].stream =
      Attributes(5, 0, 0100600, {{0, "LX.USER.B", "lxea2"}}) + Stream(Id::kData, "1");
  const ReadArchive newer = ReadTar(WritePosixTar(changed, 100, true).bytes, 1000);
  REQUIRE(newer.members.size() == 1);
  const TarEntry& entry = newer.members[0].entry;
  CHECK(entry.modified == UnixTime{1'700'000'001, 123'456'700});
  CHECK(entry.mode == 0600);
  CHECK(entry.uid == 5);
  CHECK_FALSE(RecordOf(entry.records, "SCHILY.xattr.user.a"));
  CHECK(RecordOf(entry.records, "SCHILY.xattr.user.b") == "2");
  CHECK(RecordOf(entry.records, "VENDOR.key") == "kept");
}

}  // namespace
}  // namespace hcs::layer
