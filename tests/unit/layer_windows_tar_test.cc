#include <catch2/catch.hpp>
#include <string>

#include "core/layer/reparse_buffer.h"
#include "core/layer/windows_tar/link_target.h"
#include "tests/unit/layer_every_kind.h"
#include "tests/unit/layer_tar_archive.h"
#include "tests/unit/layer_windows_tar_archive.h"

namespace hcs::layer {
namespace {

using Id = BackupStreamId;

std::string Message(const std::string& tar, const LayerTarOptions& options = {}) {
  return std::string(ReadWindowsTar(tar, tar.size() + 1, options).error.message());
}

bool Contains(const std::string& text, const std::string& part) {
  INFO(text << " should contain " << part);
  return text.find(part) != std::string::npos;
}

Member File(std::string name, std::string content = "") {
  Member member;
  member.entry.name = std::move(name);
  member.entry.size = content.size();
  member.content = std::move(content);
  return member;
}

Member Folder(std::string name) {
  Member member;
  member.entry.type = TarType::kDirectory;
  member.entry.name = std::move(name);
  return member;
}

Member Link(TarType type, std::string name, std::string target) {
  Member member;
  member.entry.type = type;
  member.entry.name = std::move(name);
  member.entry.link_name = std::move(target);
  return member;
}

TEST_CASE("a layer with every kind of entry comes back from its tar") {
  const std::vector<LayerItem> items = EveryKindOfItem();
  for (const size_t piece : {size_t{1}, size_t{13}, size_t{100'000}}) {
    const WrittenTar tar = WriteWindowsTar(items, piece, /*with_extras=*/false);
    INFO(tar.error);
    REQUIRE(tar.error.ok());
    const ReadLayer layer = ReadWindowsTar(tar.bytes, piece);
    INFO(layer.error);
    REQUIRE(layer.error.ok());
    CHECK(SameItems(layer.items, items));
    for (size_t i = 0; i < std::min(items.size(), layer.items.size()); ++i) {
      CHECK(SameItems({layer.items[i]}, {items[i]}));
    }
    CHECK(WriteWindowsTar(layer.items, piece, /*with_extras=*/true).bytes == tar.bytes);
  }
}

TEST_CASE("the tar of a layer has the keys that other tools know") {
  const ReadArchive tar = ReadTar(WriteWindowsTar(EveryKindOfItem(), 1000, false).bytes, 1000);
  REQUIRE(tar.error.ok());
  const auto member = [&](std::string_view name) {
    for (const Member& candidate : tar.members) {
      if (candidate.entry.name == name) return candidate.entry;
    }
    FAIL("no " << name);
    return TarEntry();
  };
  const TarEntry data = member("Files/data.txt");
  CHECK(data.type == TarType::kFile);
  CHECK(RecordOf(data.records, "MSWINDOWS.fileattr") == "32");
  CHECK(RecordOf(data.records, "MSWINDOWS.rawsd") == "AQAEgCBvd25lcv8=");
  CHECK(RecordOf(data.records, "MSWINDOWS.xattr.B") == "AP8=");
  CHECK(RecordOf(data.records, "LIBARCHIVE.creationtime") == "1455526400.0000001");
  CHECK(data.accessed == UnixTime{1'455'526'400, 2'200});
  CHECK(member("Files/data.txt:Zone.Identifier").size == 4);
  const TarEntry junction = member("Files/junction");
  CHECK(junction.type == TarType::kSymbolicLink);
  CHECK(junction.link_name == "C:/d");
  CHECK(RecordOf(junction.records, "MSWINDOWS.mountpoint") == "1");
  CHECK_FALSE(RecordOf(junction.records, "HCSD.stream.8").has_value());
  CHECK(RecordOf(member("Files/volume").records, "HCSD.stream.8").has_value());
  CHECK(member("Files/elsewhere/.wh.gone").size == 0);
  CHECK(member("Files/Sub/link").type == TarType::kHardLink);
  CHECK(member("Files/Sub/link").link_name == "Files/data.txt");
}

TEST_CASE("a tar of another tool comes back with what Windows has no place for") {
  std::vector<Member> members = {Folder("Files"), File("Files/f", "content"), File("Files/.wh.g"),
                                 Link(TarType::kSymbolicLink, "Files/s", "dir\\file"),
                                 Link(TarType::kHardLink, "Files/h", "Files/f")};
  for (Member& member : members) {
    member.entry.mode = 040751;
    member.entry.uid = 1000;
    member.entry.group = "staff";
    member.entry.modified = {1'500'000'000, 100};
    member.entry.accessed = member.entry.changed = UnixTime{1'500'000'001, 0};
    member.entry.records = {{"LIBARCHIVE.creationtime", "1.5"},
                            {"MSWINDOWS.fileattr", "32"},
                            {"MSWINDOWS.unknown", "kept"},
                            {"SOMEBODY.else", std::string("\0\xFF", 2)}};
  }
  members[0].entry.records[1].value = "16";
  members[3].entry.records[1].value = "1024";
  const std::string bytes = WriteTar(members);
  const ReadLayer layer = ReadWindowsTar(bytes, 77);
  INFO(layer.error);
  REQUIRE(layer.items.size() == members.size());
  CHECK(layer.items[3].extras.link_name == "dir\\file");
  const WrittenTar again = WriteWindowsTar(layer.items, 77, /*with_extras=*/true);
  INFO(again.error);
  CHECK((ReadTar(again.bytes, 1000).members == members));
  CHECK(again.bytes == bytes);
}

TEST_CASE("a tar without Windows' keys gets what is usual") {
  Member file = File("Files/f", "x");
  file.entry.modified = {1'500'000'000, 0};
  const ReadLayer layer = ReadWindowsTar(
      WriteTar({Folder("Files"), file, Link(TarType::kSymbolicLink, "Files/s", "f")}), 1000);
  REQUIRE(layer.error.ok());
  CHECK(layer.items[0].entry.basic_info.FileAttributes == kAttributeDirectory);
  CHECK(layer.items[1].entry.basic_info.FileAttributes == kAttributeNormal);
  CHECK(layer.items[1].entry.basic_info.CreationTime == *ToFileTime({1'500'000'000, 0}));
  CHECK(layer.items[1].entry.basic_info.ChangeTime == *ToFileTime({1'500'000'000, 0}));
  CHECK(layer.items[2].entry.basic_info.FileAttributes == kAttributeReparsePoint);
}

TEST_CASE("names that lead elsewhere, or that Windows cannot have, are refused") {
  const auto refused = [](const std::string& name, const std::string& rule) {
    return Contains(Message(WriteTar({Folder("Files"), File(name)})), rule);
  };
  CHECK(refused("Files/../../etc/passwd", "dots and spaces alone"));
  CHECK(refused("../Files/x", "dots and spaces alone"));
  CHECK(refused("/Files/x", "must be relative"));
  CHECK(refused("Files//x", "no empty component"));
  CHECK(refused("C:/Files/x", "no ':'"));
  CHECK(refused("Files/a:b/x", "no ':'"));
  CHECK(refused("Files\\x", "no '\\'"));
  CHECK(refused("Files/NUL", "device"));
  CHECK(refused("Files/com1.txt", "device"));
  CHECK(refused("Files/\xFF", "valid UTF-8"));
  CHECK(refused("elsewhere", "must be in Files, Hives or UtilityVM"));
  CHECK(refused("Files/x:", "must have one ':' at most"));
  CHECK(refused("Files/x:y:$DATA", "must have one ':' at most"));
  CHECK(refused("Files/.wh.", "no empty component"));
  CHECK(refused("Files/.wh...", "dots and spaces alone"));
  CHECK(refused("Files/.wh..wh..opq", "opaque"));
  CHECK(refused("Files/.wh.a:b", "must not remove an alternate stream"));
}

TEST_CASE("entries that do not fit one another are refused") {
  const auto refused = [](const std::vector<Member>& members, const std::string& rule,
                          bool has_parents = true) {
    return Contains(Message(WriteTar(members), {.has_parents = has_parents}), rule);
  };
  CHECK(refused({File("Files/a"), File("Files/a")}, "must not be there twice"));
  CHECK(refused({File("Files/a"), File("Files/A")}, "must not be there twice"));
  CHECK(refused({File("Files/\u00E4"), File("Files/\u00C4")}, "must not be there twice"));
  CHECK(Message(WriteTar({File("Files/.wh.a"), File("Files/A")})).empty());
  CHECK(refused({File("Files/A"), File("Files/.wh.a")}, "must not be removed after it was added"));
  CHECK(refused({File("Files/d/x")}, "must come after its folder"));
  CHECK(refused({File("UtilityVM/x")}, "must come after its folder"));
  CHECK(refused({File("Files/a"), File("Files/a/x")}, "must be in a directory"));
  CHECK(refused({File("Files/a"), File("Files/b"), File("Files/a:s")}, "must follow its file"));
  CHECK(refused({File("Files/a"), File("Files/a:s"), File("Files/a:S")}, "there twice"));
  CHECK(refused({Link(TarType::kHardLink, "Files/l", "../../x")}, "dots and spaces alone"));
  CHECK(refused({Link(TarType::kHardLink, "Files/l", "Hives/x")}, "invalid hard link"));
  CHECK(refused({Folder("Files/d"), Link(TarType::kHardLink, "Files/l", "Files/d")}, "to a file"));
  CHECK(refused({Link(TarType::kHardLink, "Files/l", "Files/x")}, "must come after what", false));
  CHECK(Message(WriteTar({Link(TarType::kHardLink, "Files/l", "Files/x")})).empty());
  CHECK(refused({Link(TarType::kSymbolicLink, "Files/.wh.a", "x")}, "must be a file's"));
  CHECK(refused({File("Files/.wh.a", "x")}, "must have no content"));
  CHECK(refused({Link(TarType::kSymbolicLink, "Files/s", "\xFF")}, "valid UTF-8"));
  Member junction = Folder("Files/j");
  junction.entry.type = TarType::kSymbolicLink;
  junction.entry.link_name = "d";
  junction.entry.records = {{"MSWINDOWS.fileattr", "1040"}, {"MSWINDOWS.mountpoint", "1"}};
  CHECK(refused({junction}, "mount point must not be relative"));
  junction.entry.link_name = "C:/d";
  CHECK(refused({junction, File("Files/j/x")}, "must be in a directory"));
  Member fifo = File("Files/p");
  fifo.entry.type = TarType::kFifo;
  CHECK(refused({fifo}, "no device or FIFO"));
}

TEST_CASE("records that say nonsense are refused, by their key") {
  const auto refused = [](const std::string& key, const std::string& value,
                          const std::string& rule) {
    Member file = File("Files/f");
    file.entry.records = {{key, value}};
    const std::string message = Message(WriteTar({file}));
    return Contains(message, rule) && Contains(message, "'Files/f'");
  };
  CHECK(refused("MSWINDOWS.fileattr", "-1", "MSWINDOWS.fileattr must be a decimal"));
  CHECK(refused("MSWINDOWS.fileattr", "4294967296", "MSWINDOWS.fileattr must be a decimal"));
  CHECK(refused("MSWINDOWS.fileattr", "16", "says that it is a directory"));
  CHECK(refused("MSWINDOWS.rawsd", "?", "MSWINDOWS.rawsd must be base64"));
  CHECK(refused("MSWINDOWS.sd", "D:(A;;FA;;;BA)", "MSWINDOWS.sd without MSWINDOWS.rawsd"));
  CHECK(refused("MSWINDOWS.xattr.a", "?", "MSWINDOWS.xattr.a must be base64"));
  CHECK(refused("MSWINDOWS.mountpoint", "1", "must be on a symbolic link"));
  CHECK(refused("LIBARCHIVE.creationtime", "x", "must be decimal seconds"));
  CHECK(refused("LIBARCHIVE.creationtime", "99999999999999", "beyond the times of Windows"));
  CHECK(refused("HCSD.stream.1", "AA==", "must be of a metadata stream"));
  CHECK(refused("HCSD.stream.0", "AA==", "must be of a metadata stream"));
  CHECK(refused("HCSD.stream.8", "AA==", "reparse"));
}

TEST_CASE("holes of a sparse file are written as zeros") {
  const std::string blocks =
      Stream(Id::kData, "", {}, kStreamSparse) + Stream(Id::kSparseBlock, "abc", {}, 0, 70'000) +
      Stream(Id::kSparseBlock, "d", {}, 0, 200'000) + Stream(Id::kSparseBlock, "", {}, 0, 300'000);
  const LayerItem sparse = FileItem("Files\\sparse", kAttributeSparseFile, 300'000, blocks);
  const WrittenTar tar = WriteWindowsTar({sparse}, 1000, false);
  INFO(tar.error);
  const ReadArchive archive = ReadTar(tar.bytes, 1000);
  REQUIRE(archive.members.size() == 1);
  std::string content(300'000, '\0');
  content.replace(70'000, 3, "abc");
  content.replace(200'000, 1, "d");
  CHECK(archive.members[0].content == content);
}

TEST_CASE("a terabyte of hole goes through in pieces, until the sink has enough") {
  uint64_t bytes = 0;
  WindowsTarWriter writer([&](std::string_view piece) {
    bytes += piece.size();
    return bytes < 10'000'000 ? absl::OkStatus() : absl::ResourceExhaustedError("full");
  });
  LayerItem item = FileItem("Files\\sparse", kAttributeSparseFile, int64_t{1} << 40, "");
  REQUIRE(writer.Add(item.entry).ok());
  CHECK(writer.Commit().message() == "full");
  CHECK(bytes < 11'000'000);
}

TEST_CASE("metadata may come after a little content, not after much") {
  const auto late = [](size_t size) {
    return FileItem("Files\\f", kAttributeArchive, static_cast<int64_t>(size),
                    Stream(Id::kData, std::string(size, 'x')) + Stream(Id::kSecurityData, "sd"));
  };
  const WrittenTar little = WriteWindowsTar({late(1000)}, 100, false);
  INFO(little.error);
  const ReadLayer layer = ReadWindowsTar(little.bytes, 100);
  REQUIRE(layer.items.size() == 1);
  CHECK(layer.items[0].stream ==
        Stream(Id::kSecurityData, "sd") + Stream(Id::kData, std::string(1000, 'x')));
  CHECK(Contains(std::string(WriteWindowsTar({late(300'000)}, 5000, false).error.message()),
                 "has its stream 3 after more than"));
}

TEST_CASE("a backup stream that is no file's is refused, with the name") {
  const auto refused = [](uint32_t attributes, int64_t size, const std::string& stream,
                          const std::string& rule) {
    const WrittenTar tar =
        WriteWindowsTar({FileItem("Files\\f", attributes, size, stream)}, 9, false);
    const bool whole = ReadTar(tar.bytes, 1000).error.ok();
    return Contains(std::string(tar.error.message()), rule) &&
           Contains(std::string(tar.error.message()), "'Files") && !whole;
  };
  const std::string data = Stream(Id::kData, "abc");
  CHECK(refused(0, 2, data, "has more content than its size, 2"));
  CHECK(refused(0, 4, data, "has less content than its size, 4"));
  CHECK(refused(0, 3, data.substr(0, data.size() - 1), "backup stream, byte"));
  CHECK(refused(0, 3, data + data, "must not have two data streams"));
  CHECK(refused(kAttributeDirectory, 0, data, "since it is a directory"));
  CHECK(refused(0, 0, Stream(Id::kSecurityData, "a") + Stream(Id::kSecurityData, "b"),
                "has two streams 3"));
  CHECK(refused(0, 0, Stream(Id::kReparseData, "a"), "reparse"));
  CHECK(refused(0, 0, Stream(Id::kEaData, "a"), "xtended attribute"));
  CHECK(refused(0, 0, Stream(Id::kAlternateData, "a", u":a:b:$DATA"), "whose name is not"));
  CHECK(refused(0, 0, Stream(Id::kAlternateData, "a", u":a/b:$DATA"), "whose name is not"));
  CHECK(refused(0, 0, Stream(Id::kAlternateData, "a", u":a:$INDEX"), "whose name is not"));
  CHECK(refused(0, 9,
                Stream(Id::kData, "", {}, 8) + Stream(Id::kSparseBlock, "abc", {}, 0, 3) +
                    Stream(Id::kSparseBlock, "abc", {}, 0, 4),
                "in order"));
  CHECK(refused(0, 9,
                Stream(Id::kData, "", {}, 8) + Stream(Id::kSparseBlock, "abc", {}, 0, 1 << 30),
                "beyond its size"));
}

TEST_CASE("names that a tar cannot tell from removals are not written") {
  CHECK(Contains(
      std::string(WriteWindowsTar({FileItem("Files\\.wh.x", 0, 0, "")}, 1, false).error.message()),
      "which a tar keeps for removals"));
}

TEST_CASE("a Windows layer's tar that is cut anywhere is an error") {
  const std::string bytes = WriteWindowsTar(EveryKindOfItem(), 1000, false).bytes;
  for (size_t size = 0; size < bytes.size(); ++size) {
    if (ReadWindowsTar(std::string_view(bytes).substr(0, size), 300).error.ok()) {
      FAIL("cut at " << size);
    }
  }
}

TEST_CASE("links of Windows keep their targets") {
  for (const char* target : {"a", "../a b", "C:/x", "//server/share/x", "//?/C:/x"}) {
    const auto buffer = ReparseBufferOf({target, false});
    REQUIRE(buffer.ok());
    CHECK(LinkTargetOf(*buffer)->target == target);
  }
  const auto buffer = ReparseBufferOf({"//server/x", false});
  const auto point = ParseReparseBuffer(*buffer);
  CHECK(std::get<ReparseLink>(*point).substitute_name == u"\\??\\UNC\\server\\x");
  CHECK_FALSE(std::get<ReparseLink>(*point).relative);
}

}  // namespace
}  // namespace hcs::layer
