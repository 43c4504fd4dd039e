// bsdtar and GNU tar beside our tar reader and writer: what they write we read, and what we
// write they read.

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <map>

#include "core/layer/compression/sha256.h"
#include "tests/unit/layer_every_kind.h"
#include "tests/unit/layer_tar_archive.h"
#include "tests/unit/layer_tar_tool.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::layer {
namespace {

namespace fs = std::filesystem;

// mtree's spelling of bytes: "\303\244".
std::string Unescaped(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 3)), nullptr, 8));
      i += 3;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

// What bsdtar says of each member of an archive: by its name, mtree's keywords.
std::map<std::string, std::map<std::string, std::string>> ListByBsdtar(const fs::path& folder) {
  RunIn(folder,
        "bsdtar -cf listing --format=mtree "
        "--options='mtree:!all,type,size,time,mode,link,sha256' @our.tar");
  std::istringstream listing(ReadWholeFile(folder / "listing"));
  std::map<std::string, std::map<std::string, std::string>> members;
  for (std::string line; std::getline(listing, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string name;
    words >> name;
    auto& keywords = members[Unescaped(name).substr(2)];
    for (std::string word; words >> word;) {
      const size_t equals = word.find('=');
      keywords[word.substr(0, equals)] = Unescaped(word.substr(equals + 1));
    }
  }
  return members;
}

// bsdtar's mtree has nanoseconds without the zeros that stand before them.
std::string MtreeTime(UnixTime time) {
  return std::to_string(time.seconds) + "." + std::to_string(time.nanoseconds);
}

std::string DigestOf(const std::string& bytes) {
  Sha256 digest;
  digest.Update(bytes);
  return digest.Digest().substr(std::string("sha256:").size());
}

// 2016, with a fraction; later than the creation, which libarchive writes only then. Of a time
// before 1970, it would read the fraction forwards.
constexpr int64_t kLastWrite = 131'000'000'100'000'333;

std::string OurTar() {
  std::vector<LayerItem> items = EveryKindOfItem();
  for (LayerItem& item : items) {
    if (item.entry.kind == LayerEntry::Kind::kFile)
      item.entry.basic_info.LastWriteTime = kLastWrite;
  }
  const WrittenTar tar = WriteWindowsTar(items, 1000, /*with_extras=*/false);
  REQUIRE(tar.error.ok());
  return tar.bytes;
}

TEST_CASE("bsdtar says of a Windows layer's tar what we say of it") {
  const TemporaryFolder temporary;
  const std::string tar = OurTar();
  WriteWholeFile(temporary.path() / "our.tar", tar);
  auto theirs = ListByBsdtar(temporary.path());
  const ReadArchive ours = ReadTar(tar, tar.size());
  CHECK(theirs.size() == ours.members.size());
  for (const auto& [entry, content] : ours.members) {
    INFO(entry.name);
    REQUIRE(theirs.contains(entry.name));
    auto& keywords = theirs[entry.name];
    CHECK(keywords["time"] == MtreeTime(entry.modified));
    if (entry.type == TarType::kSymbolicLink) {
      CHECK(keywords["type"] == "link");
      CHECK(keywords["link"] == entry.link_name);
    } else {
      CHECK(keywords["type"] == (entry.type == TarType::kDirectory ? "dir" : "file"));
    }
    if (entry.type != TarType::kFile) continue;
    CHECK(keywords["size"] == std::to_string(entry.size));
    CHECK(keywords["sha256digest"] == DigestOf(content));
  }
}

TEST_CASE("bsdtar packs a Windows layer's tar again without loss of what it knows") {
  const TemporaryFolder temporary;
  const std::string tar = OurTar();
  WriteWholeFile(temporary.path() / "our.tar", tar);
  RunIn(temporary.path(), "bsdtar --format=pax -cf again.tar @our.tar");
  const ReadArchive ours = ReadTar(tar, tar.size());
  const ReadArchive theirs = ReadTar(ReadWholeFile(temporary.path() / "again.tar"), 10'000);
  INFO(theirs.error);
  REQUIRE(theirs.error.ok());
  REQUIRE(theirs.members.size() == ours.members.size());
  for (size_t i = 0; i < ours.members.size(); ++i) {
    const TarEntry& our = ours.members[i].entry;
    const TarEntry& their = theirs.members[i].entry;
    INFO(our.name);
    CHECK(their.name == our.name);
    CHECK(their.type == our.type);
    CHECK(their.link_name == our.link_name);
    CHECK(theirs.members[i].content == ours.members[i].content);
    CHECK(their.modified == our.modified);
    CHECK(their.accessed == our.accessed);
    CHECK(their.changed == our.changed);
    CHECK(RecordOf(their.records, "LIBARCHIVE.creationtime") ==
          RecordOf(our.records, "LIBARCHIVE.creationtime"));
  }
}

TEST_CASE("bsdtar unpacks a Windows layer's tar") {
  const TemporaryFolder temporary;
  WriteWholeFile(temporary.path() / "our.tar", OurTar());
  fs::create_directory(temporary.path() / "layer");
  RunIn(temporary.path() / "layer", "bsdtar -xf ../our.tar");
  const fs::path files = temporary.path() / "layer/Files";
  CHECK(ReadWholeFile(files / "data.txt") == "12345");
  CHECK(ReadWholeFile(files / "data.txt:Zone.Identifier") == "zone");
  CHECK(ReadWholeFile(files / "\u00C4\u4E16\u754C.txt") == std::string(600, 'u'));
  CHECK(fs::read_symlink(files / "relative") == "../x");
  CHECK(fs::read_symlink(files / "junction") == "C:/d");
  CHECK(fs::equivalent(files / "Sub/link", files / "data.txt"));
  CHECK(fs::exists(files / "elsewhere/.wh.gone"));
  struct stat status;
  REQUIRE(stat((files / "data.txt").c_str(), &status) == 0);
  const UnixTime written = ToUnixTime(kLastWrite);
  CHECK(status.st_mtim.tv_sec == written.seconds);
  CHECK(status.st_mtim.tv_nsec == written.nanoseconds);
}

// A tree with all that a tar of Linux has, and this project's own sources.
void MakeTree(const fs::path& tree) {
  fs::create_directories(tree / "empty folder");
  const fs::path deep = tree / std::string(120, 'd') / std::string(120, 'e');
  fs::create_directories(deep);
  WriteWholeFile(deep / std::string(90, 'f'), "a long name");
  WriteWholeFile(tree / "large", std::string(1'234'567, 'l'));
  WriteWholeFile(tree / "block", std::string(512, 'b'));
  WriteWholeFile(tree / "empty", "");
  WriteWholeFile(tree / "\u00FC \u65E5\u672C", "a name of another script");
  fs::create_hard_link(tree / "block", tree / "hard link");
  fs::create_symlink("large", tree / "link");
  fs::create_symlink(std::string(150, 't'), tree / "dangling link");
  REQUIRE(mkfifo((tree / "pipe").c_str(), 0640) == 0);
  fs::permissions(tree / "block", fs::perms::owner_all | fs::perms::set_uid);
  fs::copy(fs::path(HCSD_SOURCE_FOLDER) / "core/layer", tree / "sources",
           fs::copy_options::recursive);
}

TarType TypeOf(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return TarType::kDirectory;
  if (S_ISLNK(status.st_mode)) return TarType::kSymbolicLink;
  if (S_ISFIFO(status.st_mode)) return TarType::kFifo;
  return TarType::kFile;
}

void CheckMember(const fs::path& file, const Member& member, bool whole_seconds) {
  const TarEntry& entry = member.entry;
  INFO(entry.name);
  struct stat status;
  REQUIRE(lstat(file.c_str(), &status) == 0);
  CHECK((entry.mode & 07777) == (status.st_mode & 07777));
  CHECK(entry.uid == status.st_uid);
  CHECK(entry.modified.seconds == status.st_mtim.tv_sec);
  if (!whole_seconds) CHECK(entry.modified.nanoseconds == status.st_mtim.tv_nsec);
  // Which of the two names is the link is the program's choice.
  if (entry.type == TarType::kHardLink) {
    CHECK(fs::equivalent(file, file.parent_path().parent_path() / entry.link_name));
    return;
  }
  CHECK(entry.type == TypeOf(status));
  if (entry.type == TarType::kSymbolicLink) CHECK(entry.link_name == fs::read_symlink(file));
  if (entry.type == TarType::kFile) CHECK(member.content == ReadWholeFile(file));
}

TEST_CASE("what bsdtar and GNU tar write is read as the tree that it is of") {
  const TemporaryFolder temporary;
  const fs::path tree = temporary.path() / "tree";
  MakeTree(tree);
  std::map<fs::path, int> expected = {{"tree", 1}};
  for (const fs::directory_entry& item : fs::recursive_directory_iterator(tree)) {
    expected[item.path().lexically_relative(temporary.path())] = 1;
  }
  struct Tool {
    std::string command;
    bool whole_seconds;
  };
  const Tool tools[] = {{"bsdtar --format=pax", false},
                        {"bsdtar --format=rpax", true},
                        {"bsdtar --format=gnutar", true},
                        {"tar --format=posix", false},
                        {"tar --format=gnu", true}};
  for (const Tool& tool : tools) {
    INFO(tool.command);
    RunIn(temporary.path(), tool.command + " -cf tree.tar tree");
    const ReadArchive archive = ReadTar(ReadWholeFile(temporary.path() / "tree.tar"), 100'000);
    INFO(archive.error);
    REQUIRE(archive.error.ok());
    std::map<fs::path, int> members;
    for (const Member& member : archive.members) {
      ++members[member.entry.name];
      CheckMember(temporary.path() / member.entry.name, member, tool.whole_seconds);
    }
    CHECK(members == expected);
  }
}

TEST_CASE("ustar archives of bsdtar and GNU tar are read") {
  const TemporaryFolder temporary;
  const fs::path tree = temporary.path() / "tree";
  fs::create_directories(tree / std::string(90, 'd'));
  // In ustar's prefix.
  WriteWholeFile(tree / std::string(90, 'd') / std::string(90, 'f'), "content");
  for (const std::string tool : {"bsdtar", "tar"}) {
    INFO(tool);
    RunIn(temporary.path(), tool + " --format=ustar -cf tree.tar tree");
    const ReadArchive archive = ReadTar(ReadWholeFile(temporary.path() / "tree.tar"), 333);
    INFO(archive.error);
    REQUIRE(archive.error.ok());
    REQUIRE(archive.members.size() == 3);
    for (const Member& member : archive.members) {
      CheckMember(temporary.path() / member.entry.name, member, true);
    }
  }
}

TEST_CASE("sparse files of bsdtar and GNU tar are refused in words") {
  const TemporaryFolder temporary;
  WriteWholeFile(temporary.path() / "sparse", "begin");
  fs::resize_file(temporary.path() / "sparse", 10'000'000);
  for (const std::string command : {"tar --format=gnu -S", "tar --format=posix -S"}) {
    INFO(command);
    RunIn(temporary.path(), command + " -cf sparse.tar sparse");
    const ReadArchive archive = ReadTar(ReadWholeFile(temporary.path() / "sparse.tar"), 1000);
    CHECK(archive.error.code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(archive.error.message()).find("sparse") != std::string::npos);
  }
}

}  // namespace
}  // namespace hcs::layer
