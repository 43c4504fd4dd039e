#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/layer_posix_tar_archive.h"

namespace hcs::layer {
namespace {

using Id = BackupStreamId;
using Kind = LayerEntry::Kind;

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

TEST_CASE("members of every kind come back from a layer's entries") {
  const std::vector<Member> members = EveryKind();
  const std::string bytes = WriteTar(members);
  for (const size_t piece : {size_t{1}, size_t{13}, size_t{100'000}}) {
    const ReadPosixLayer layer = ReadPosixTar(bytes, piece);
    INFO(layer.error);
    REQUIRE(layer.error.ok());
    for (const bool with_members : {false, true}) {
      const WrittenTar again = WritePosixTar(layer.items, piece, with_members);
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
  CHECK(Message({Folder("/")}).empty());  // The root itself, as umoci names it.
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
