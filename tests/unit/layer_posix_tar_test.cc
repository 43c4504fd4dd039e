#include <catch2/catch.hpp>
#include <string>

#include "core/layer/backup_stream/linux_file.h"
#include "core/layer/ea_data.h"
#include "core/layer/reparse_buffer.h"
#include "tests/unit/layer_posix_tar_archive.h"
#include "tests/unit/layer_tar_archive.h"
#include "tests/unit/layer_windows_tar_archive.h"

namespace hcs::layer {
namespace {

using Id = BackupStreamId;
using Kind = LayerEntry::Kind;

bool Contains(const std::string& text, const std::string& part) {
  INFO(text << " should contain " << part);
  return text.find(part) != std::string::npos;
}

Member Of(TarType type, std::string name, uint32_t mode = 0644, std::string content = "") {
  Member member;
  member.entry.type = type;
  member.entry.name = std::move(name);
  member.entry.mode = mode;
  member.entry.size = content.size();
  member.entry.modified = {1'700'000'000, 0};
  member.content = std::move(content);
  return member;
}

Member File(std::string name, std::string content = "") {
  return Of(TarType::kFile, std::move(name), 0644, std::move(content));
}

Member Folder(std::string name, uint32_t mode = 0755) {
  return Of(TarType::kDirectory, std::move(name), mode);
}

Member Link(TarType type, std::string name, std::string target) {
  Member member = Of(type, std::move(name), 0777);
  member.entry.link_name = std::move(target);
  return member;
}

Member Device(TarType type, std::string name, uint64_t major, uint64_t minor) {
  Member member = Of(type, std::move(name), 0600);
  member.entry.device_major = major;
  member.entry.device_minor = minor;
  return member;
}

// Members of every kind, as our writer has them.
std::vector<Member> EveryKind() {
  std::vector<Member> members = {
      Folder("."),
      Folder("bin", 01777),
      Of(TarType::kFile, "bin/busybox", 04755, std::string(1000, 'b')),
      Link(TarType::kHardLink, "bin/sh", "bin/busybox"),
      Link(TarType::kSymbolicLink, "bin/ls", "/bin/busybox"),
      Link(TarType::kSymbolicLink, "bin/bytes", "caf\xE9/../.."),
      Folder("dev"),
      Device(TarType::kCharacterDevice, "dev/null", 1, 3),
      Device(TarType::kBlockDevice, "dev/sda", 8, 1'000'000),
      Of(TarType::kFifo, "dev/pipe", 0600),
      Folder("etc"),
      File("etc/.wh.gone"),
      File("etc/Name", "upper"),
      File("etc/aux.h", "device"),
      File("etc/name", "lower"),
      File("etc/na:me \"x\"\\y"),
      File("etc/latin\xE9"),
      File("etc/..."),
      Folder("var"),
      File("var/.wh..wh..opq"),
      File("var/new", "x"),
      File("usr/share/deep", "in folders that are the parents'"),
  };
  Member& busybox = members[2];
  busybox.entry.uid = 1000;
  busybox.entry.gid = 4'000'000'000;
  busybox.entry.modified = {1'600'000'000, 123'456'700};
  busybox.entry.records = {{"SCHILY.xattr.security.capability", std::string("\1\0\0\2\0 \0\0", 8)},
                           {"SCHILY.xattr.user.Case%", ""}};
  members[3].entry.mode = busybox.entry.mode;
  members[3].entry.uid = busybox.entry.uid;
  members[3].entry.gid = busybox.entry.gid;
  members[3].entry.modified = busybox.entry.modified;
  members[1].entry.modified = {-5, 500'000'000};
  for (Member& member : members) {
    if (member.entry.name.find(".wh.") != std::string::npos) member.entry.mode = 0644;
  }
  return members;
}

ReadPosixLayer ReadAll(const std::vector<Member>& members) {
  const std::string bytes = WriteTar(members);
  ReadPosixLayer layer = ReadPosixTar(bytes, bytes.size() + 1);
  INFO(layer.error);
  CHECK(layer.error.ok());
  return layer;
}

const PosixItem& Find(const ReadPosixLayer& layer, const std::string& name) {
  for (const PosixItem& item : layer.items) {
    if (item.entry.name == name && item.entry.kind != Kind::kRemoved) return item;
  }
  FAIL("no " << name);
  return layer.items.front();
}

std::vector<std::string> Names(const ReadPosixLayer& layer) {
  std::vector<std::string> names;
  for (const PosixItem& item : layer.items) {
    const char* mark = item.entry.kind == Kind::kRemoved            ? "-"
                       : IsImplicitDirectory(item.entry)            ? "?"
                       : item.entry.basic_info.FileAttributes == 16 ? "/"
                                                                    : "+";
    names.push_back(mark + item.entry.name);
  }
  return names;
}

std::string Number(uint32_t number) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xFF);
  return bytes;
}

std::string Attributes(uint32_t user, uint32_t group, uint32_t mode,
                       std::vector<ExtendedAttribute> more = {}) {
  std::vector<ExtendedAttribute> attributes = {
      {0, "$LXUID", Number(user)}, {0, "$LXGID", Number(group)}, {0, "$LXMOD", Number(mode)}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return Stream(Id::kEaData, BuildEaData(attributes).value());
}

std::string Reparse(uint32_t tag, const std::string& data = "") {
  return Stream(Id::kReparseData, BuildReparseBuffer(RawReparse{tag, data}).value());
}

TEST_CASE("members of every kind come back from a layer's entries") {
  const std::vector<Member> members = EveryKind();
  const std::string bytes = WriteTar(members);
  for (const size_t piece : {size_t{1}, size_t{13}, size_t{100'000}}) {
    const ReadPosixLayer layer = ReadPosixTar(bytes, piece);
    INFO(layer.error);
    REQUIRE(layer.error.ok());
    for (const bool with_members : {false, true}) {
      const WrittenPosixTar again = WritePosixTar(layer.items, piece, with_members);
      INFO(again.error);
      REQUIRE(again.error.ok());
      const ReadArchive archive = ReadTar(again.bytes, 1000);
      REQUIRE(archive.error.ok());
      REQUIRE(archive.members.size() == members.size());
      for (size_t i = 0; i < members.size(); ++i) {
        INFO(members[i].entry.name);
        CHECK(archive.members[i] == members[i]);
      }
      CHECK(again.bytes == bytes);
    }
  }
}

TEST_CASE("files of Linux are entries as WSL keeps them") {
  const ReadPosixLayer layer = ReadAll(EveryKind());
  CHECK(Find(layer, "Files").stream == Attributes(0, 0, 040755));
  CHECK(Find(layer, "Files").entry.basic_info.FileAttributes == kAttributeDirectory);
  CHECK(Find(layer, "Files\\bin").stream == Attributes(0, 0, 041777));
  const PosixItem& busybox = Find(layer, "Files\\bin\\busybox");
  CHECK(busybox.stream ==
        Attributes(1000, 4'000'000'000, 0104755,
                   {{0, "LX.SECURITY.CAPABILITY", std::string("lxea\1\0\0\2\0 \0\0", 12)},
                    {0, "LX.USER.%43ASE%25", "lxea"}}) +
            Stream(Id::kData, std::string(1000, 'b')));
  CHECK(busybox.entry.size == 1000);
  CHECK(busybox.entry.basic_info.FileAttributes == kAttributeNormal);
  CHECK(busybox.entry.basic_info.LastWriteTime == *ToFileTime({1'600'000'000, 123'456'700}));
  CHECK(busybox.entry.basic_info.CreationTime == busybox.entry.basic_info.LastWriteTime);
  const PosixItem& link = Find(layer, "Files\\bin\\ls");
  CHECK(link.stream == Attributes(0, 0, 0120777) + Reparse(0xA000001D, Number(2) + "/bin/busybox"));
  CHECK(link.entry.basic_info.FileAttributes == kAttributeReparsePoint);
  CHECK(Find(layer, "Files\\dev\\null").stream ==
        Attributes(0, 0, 020600, {{0, "$LXDEV", Number(1) + Number(3)}}) + Reparse(0x80000025));
  CHECK(Find(layer, "Files\\dev\\sda").stream ==
        Attributes(0, 0, 060600, {{0, "$LXDEV", Number(8) + Number(1'000'000)}}) +
            Reparse(0x80000026));
  CHECK(Find(layer, "Files\\dev\\pipe").stream == Attributes(0, 0, 010600) + Reparse(0x80000024));
  const PosixItem& hard_link = Find(layer, "Files\\bin\\sh");
  CHECK(hard_link.entry.kind == Kind::kLink);
  CHECK(hard_link.entry.link_target == "Files\\bin\\busybox");
  CHECK(hard_link.stream.empty());
}

TEST_CASE("the entries of a Linux layer are in the order that a host needs") {
  CHECK(Names(ReadAll(EveryKind())) ==
        std::vector<std::string>{"/Files",
                                 "/Files\\bin",
                                 "+Files\\bin\\busybox",
                                 "+Files\\bin\\sh",
                                 "+Files\\bin\\ls",
                                 "+Files\\bin\\bytes",
                                 "/Files\\dev",
                                 "+Files\\dev\\null",
                                 "+Files\\dev\\sda",
                                 "+Files\\dev\\pipe",
                                 "/Files\\etc",
                                 "-Files\\etc\\gone",
                                 "+Files\\etc\\Name",
                                 "+Files\\etc\\\uF061ux.h",
                                 "+Files\\etc\\name",
                                 "+Files\\etc\\na\uF03Ame \uF022x\uF022\uF05Cy",
                                 "+Files\\etc\\latin\uF0E9",
                                 "+Files\\etc\\\uF02E..",
                                 "-Files\\var",
                                 "/Files\\var",
                                 "+Files\\var\\new",
                                 "?Files\\usr",
                                 "?Files\\usr\\share",
                                 "+Files\\usr\\share\\deep"});
}

TEST_CASE("a directory that the tar leaves out is the parents', in owner and mode") {
  const ReadPosixLayer layer = ReadAll({File("a/b/c")});
  const PosixItem& folder = Find(layer, "Files\\a\\b");
  CHECK(IsImplicitDirectory(folder.entry));
  CHECK(folder.stream == Attributes(0, 0, 040755));
  CHECK(ReadTar(WritePosixTar(layer.items, 100, false).bytes, 1000).members.size() == 1);
  // A directory of 1970 is none.
  Member old = Folder("old");
  old.entry.modified = {};
  CHECK_FALSE(IsImplicitDirectory(ReadAll({old}).items[0].entry));
}

TEST_CASE("opaque directories are removed and added") {
  CHECK(Names(ReadAll({Folder("d"), File("d/.wh..wh..opq"), Folder("d/e")})) ==
        std::vector<std::string>{"-Files\\d", "/Files\\d", "/Files\\d\\e"});
  // In a directory that is the parents', and with a removal of its own.
  CHECK(Names(ReadAll({File("d/e/.wh..wh..opq"), File("d/e/x")})) ==
        std::vector<std::string>{"?Files\\d", "-Files\\d\\e", "?Files\\d\\e", "+Files\\d\\e\\x"});
  CHECK(Names(ReadAll({File(".wh.d"), Folder("d"), File("d/.wh..wh..opq")})) ==
        std::vector<std::string>{"-Files\\d", "/Files\\d"});
  CHECK(Names(ReadAll({File(".wh.d"), File("d/x")})) ==
        std::vector<std::string>{"-Files\\d", "?Files\\d", "+Files\\d\\x"});
  CHECK(Names(ReadAll({File(".wh.f"), File("f")})) ==
        std::vector<std::string>{"-Files\\f", "+Files\\f"});
}

// The names of a written tar's members.
std::vector<std::string> WrittenNames(const std::vector<PosixItem>& items) {
  const WrittenPosixTar tar = WritePosixTar(items, 7, false);
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
        std::vector<std::string>{"f"});
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
  const WrittenPosixTar tar = WritePosixTar(items, 100, false);
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
    const WrittenPosixTar tar = WritePosixTar(items, 9, false);
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
  const ReadPosixLayer layer = ReadAll({member});
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

std::string Message(const std::vector<Member>& members, bool has_parents = true) {
  const std::string bytes = WriteTar(members);
  const ReadPosixLayer layer = ReadPosixTar(bytes, bytes.size() + 1, {.has_parents = has_parents});
  return std::string(layer.error.message());
}

TEST_CASE("names that lead elsewhere are refused") {
  for (const char* name : {"../x", "a/../../x", "a/..", ".."}) {
    CHECK(Contains(Message({File(name)}), "must not have a '..'"));
  }
  CHECK(Contains(Message({File("/etc/passwd")}), "must not be absolute"));
  CHECK(Contains(Message({Folder("/")}), "must not be absolute"));
  CHECK(Contains(Message({Link(TarType::kHardLink, "l", "../x")}), "must not have a '..'"));
  CHECK(Contains(Message({Link(TarType::kHardLink, "l", "/x")}), "must not be absolute"));
  CHECK(Contains(Message({File(std::string(256, 'x'))}), "more than 255 bytes"));
  CHECK(Contains(Message({File(std::string(100, ':'))}), "more than 255 bytes"));
  // Where a symbolic link leads is the container's matter.
  CHECK(Message({Link(TarType::kSymbolicLink, "l", "../../../etc")}).empty());
}

TEST_CASE("entries that do not fit one another in a Linux layer are refused") {
  const auto refused = [](const std::vector<Member>& members, const std::string& rule,
                          bool has_parents = true) {
    return Contains(Message(members, has_parents), rule);
  };
  CHECK(Message({File("a"), File("A")}).empty());
  CHECK(refused({File("a"), File("./a")}, "must not be there twice"));
  CHECK(refused({Folder("a"), Folder("a")}, "must not be there twice"));
  CHECK(refused({File("a/b"), Folder("a")}, "must not be there twice"));
  CHECK(refused({File("a"), File(".wh.a")}, "must not be removed after it was added"));
  CHECK(refused({File(".wh.a"), File(".wh.a")}, "must not be removed twice"));
  CHECK(refused({File("a"), File("a/x")}, "must be in a directory"));
  CHECK(refused({Link(TarType::kSymbolicLink, "a", "/"), File("a/x")}, "must be in a directory"));
  CHECK(refused({File("a"), Folder(".")}, "must be the first"));
  CHECK(refused({Folder("d"), File("d/x"), File("d/.wh..wh..opq")}, "must be right after"));
  CHECK(refused({File(".wh..wh..opq")}, "must not make the root directory opaque"));
  CHECK(refused({File(".wh..wh.plnk")}, "AUFS"));
  CHECK(refused({File(".wh.")}, "must name what it removes"));
  CHECK(refused({File(".wh...")}, "must name what it removes"));
  CHECK(refused({File(".wh.d/x")}, "must not be below"));
  CHECK(refused({File(".wh.a", "x")}, "must be an empty file"));
  CHECK(refused({Folder(".wh.a")}, "must be an empty file"));
  CHECK(refused({Folder("d"), Link(TarType::kSymbolicLink, "d/.wh..wh..opq", "x")},
                "must be an empty file"));
  CHECK(refused({Folder("d"), Link(TarType::kHardLink, "l", "d")}, "to a file"));
  CHECK(refused({Link(TarType::kHardLink, "l", "x")}, "must come after what", false));
  CHECK(Message({Link(TarType::kHardLink, "l", "x")}).empty());
  CHECK(refused({Link(TarType::kHardLink, "l", ".wh.x")}, "no removal's"));
}

TEST_CASE("members that no Linux host should apply are refused") {
  Member member = File("f");
  member.entry.uid = uint64_t{1} << 32;
  CHECK(Contains(Message({member}), "its uid, 4294967296, must fit 32 bits"));
  member = File("f");
  member.entry.modified = {INT64_MAX / 4, 0};
  CHECK(Contains(Message({member}), "mtime"));
  member = File("f");
  member.entry.records = {{"SCHILY.xattr.trusted.overlay.opaque", "y"}};
  CHECK(Contains(Message({member}), "must not be overlayfs' own"));
  member.entry.records = {{"SCHILY.xattr.user.big", std::string(65536, 'x')}};
  CHECK(Contains(Message({member}), "at most 65535 bytes"));
  member.entry.records = {{"HCSD.stream.2", "AAAA"}};
  CHECK(Contains(Message({member}), "extended attributes, byte 0"));
  CHECK(Contains(Message({Device(TarType::kCharacterDevice, "c", 0, 0)}), "device 0,0"));
  CHECK(Message({Device(TarType::kBlockDevice, "b", 0, 0)}).empty());
}

TEST_CASE("a Linux layer's tar that is cut anywhere is an error") {
  const std::string bytes = WriteTar(EveryKind());
  for (size_t size = 0; size < bytes.size(); ++size) {
    if (ReadPosixTar(std::string_view(bytes).substr(0, size), 300).error.ok()) {
      FAIL("cut at " << size);
    }
  }
}

TEST_CASE("names of Linux' extended attributes come back") {
  for (const std::string name : {"security.capability", "user.A", "user.%41", "u\x01\xFF", "="}) {
    CHECK(LinuxAttributeOf(LinuxAttributeName(name)) == name);
  }
  for (const std::string name : {"LX.", "LX", "LX.a", "LX.%4", "LX.%61", "LX.%zz", "$LXMOD"}) {
    CHECK_FALSE(LinuxAttributeOf(name));
  }
}

}  // namespace
}  // namespace hcs::layer
