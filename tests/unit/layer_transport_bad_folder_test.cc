// Transport folders that somebody else made, badly or to do harm.

#include <fcntl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/transport_folder_reader.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::layer {
namespace {

namespace fs = std::filesystem;

const std::string kFileWord("\x20\0\0\0", 4);
const std::string kDirectoryWord("\x10\0\0\0", 4);
const std::string kVersion = "\xEF\xBB\xBFVersion 1.0\n";

// A folder that a test fills as it likes. Names have '/'.
class BadFolder {
 public:
  BadFolder() { fs::create_directories(root() / "Files"); }

  fs::path root() const { return temporary_.path() / "layer"; }
  fs::path outside() const { return temporary_.path() / "outside"; }

  BadFolder& File(const std::string& name, const std::string& content) {
    fs::create_directories((root() / name).parent_path());
    std::ofstream(root() / name, std::ios::binary) << content;
    return *this;
  }
  BadFolder& Directory(const std::string& name) {
    fs::create_directories(root() / name);
    return *this;
  }
  BadFolder& WholeDirectory(const std::string& name) {
    return Directory(name).File(name + ".$wcidirs$", kDirectoryWord);
  }
  BadFolder& Link(const std::string& name, const fs::path& target) {
    fs::create_directories((root() / name).parent_path());
    fs::create_symlink(target, root() / name);
    return *this;
  }

  absl::StatusOr<std::vector<WholeEntry>> Read() const {
    auto reader = TransportFolderReader::Open(root());
    if (!reader.ok()) return reader.status();
    auto entries = ReadAll(reader->get());
    LayerEntry entry;
    if (!entries.ok()) CHECK((*reader)->Next(&entry).status() == entries.status());
    return entries;
  }

  // What is wrong with it; it must be said to be no layer, in these words.
  void IsRefused(const std::string& message) const {
    const absl::Status status = Read().status();
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(status.message()) == message);
  }

 private:
  TemporaryFolder temporary_;
};

TEST_CASE("Names of a transport folder that Windows takes for one are refused", "[layer]") {
  BadFolder()
      .File("Files/name", kFileWord)
      .File("Files/NAME", kFileWord)
      .IsRefused("'Files\\name': must not differ from another name in case alone");
  BadFolder()
      .File("Files/\u00E4", kFileWord)
      .File("Files/\u00C4", kFileWord)
      .IsRefused("'Files\\\u00E4': must not differ from another name in case alone");
  BadFolder()
      .WholeDirectory("Files/d")
      .File("Files/D", kFileWord)
      .IsRefused("'Files\\d': must not differ from another name in case alone");
  BadFolder()
      .File("Hives/sam_delta", "")
      .File("Hives/SAM_Delta", "")
      .IsRefused("'Hives\\sam_delta': must not differ from another name in case alone");
  BadFolder().Directory("files").IsRefused(
      "'files': must not differ from another name in case alone");
}

TEST_CASE("A link in a transport folder is refused wherever it is and leads", "[layer]") {
  for (const bool dangling : {false, true}) {
    for (const std::string name : {"Files/link", "Files/d/link", "Hives/link", "Hives/System_Delta",
                                   "UtilityVM", "UtilityVM/Files", "UtilityVM/Files/link"}) {
      BadFolder folder;
      folder.WholeDirectory("Files/d");
      fs::create_directory(folder.outside());
      std::ofstream(folder.outside() / "file") << "secret";
      folder.Link(name, dangling ? "nowhere" : folder.outside());
      INFO(name);
      std::string in_layer = name;
      for (char& c : in_layer) c = c == '/' ? '\\' : c;
      folder.IsRefused("'" + in_layer + "': must be a file or a directory");
    }
  }
}

TEST_CASE("What a folder's own parts are read by may be no link either", "[layer]") {
  BadFolder tombstones;
  std::ofstream(tombstones.outside()) << kVersion << "\\gone\n";
  tombstones.Link("tombstones.txt", tombstones.outside());
  CHECK_FALSE(tombstones.Read().ok());
  BadFolder metadata;
  std::ofstream(metadata.outside()) << kDirectoryWord;
  metadata.Directory("Files/d").Link("Files/d.$wcidirs$", metadata.outside());
  CHECK_FALSE(metadata.Read().ok());
  // It is the caller's own choice where the folder itself is.
  BadFolder good;
  good.File("Files/f", kFileWord);
  fs::create_directory_symlink(good.root(), good.outside());
  CHECK(TransportFolderReader::Open(good.outside()).ok());
}

TEST_CASE("A pipe in a transport folder is refused, and not waited for", "[layer]") {
  for (const std::string name : {"Files/pipe", "Hives/pipe", "tombstones.txt"}) {
    BadFolder folder;
    folder.Directory("Hives");
    REQUIRE(mkfifo((folder.root() / name).c_str(), 0600) == 0);
    INFO(name);
    CHECK(folder.Read().status().code() == absl::StatusCode::kInvalidArgument);
  }
}

TEST_CASE("A directory and its metadata need one another", "[layer]") {
  BadFolder().Directory("Files/d").IsRefused(
      "'Files\\d': must have its metadata beside it, in NAME.$wcidirs$");
  BadFolder()
      .File("Files/d.$wcidirs$", kDirectoryWord)
      .IsRefused("'Files\\d': has metadata of a directory, but is none");
  BadFolder()
      .Directory("Files/d")
      .File("Files/d.$wcidirs$", kFileWord)
      .IsRefused("'Files\\d': is a directory, but has a file's attributes");
  BadFolder()
      .File("Files/f", kDirectoryWord)
      .IsRefused("'Files\\f': has a directory's attributes, but is a file");
  BadFolder()
      .WholeDirectory("Files/d")
      .Directory("Files/e")
      .Directory("Files/e.$wcidirs$")
      .IsRefused("'Files\\e.$wcidirs$': must be a file");
  const std::string junction("\x10\x04\0\0", 4);
  BadFolder()
      .File("Files/j/inside", kFileWord)
      .File("Files/j.$wcidirs$", junction)
      .IsRefused("'Files\\j': is a reparse point, and so must have nothing in it");
}

TEST_CASE("A name that would be a directory's metadata is refused", "[layer]") {
  BadFolder()
      .WholeDirectory("Files/d.$wcidirs$")
      .IsRefused("'Files\\d.$wcidirs$': must not end with '.$wcidirs$'");
  BadFolder()
      .File("Files/f.$WciDirs$", kFileWord)
      .IsRefused("'Files\\f.$WciDirs$': must not end with '.$wcidirs$'");
  // Elsewhere it is a name as any other.
  CHECK(BadFolder().File("Hives/f.$wcidirs$", "x").Read().ok());
}

TEST_CASE("Tombstones that are none are refused by their line", "[layer]") {
  const auto refused = [](const std::string& text, const std::string& message) {
    BadFolder().File("tombstones.txt", text).IsRefused("tombstones.txt, line " + message);
  };
  refused("", "1: must be 'Version 1.0', is ''");
  refused("\\gone\n", "1: must be 'Version 1.0', is '\\gone'");
  refused("Version 2.0\n", "1: must be 'Version 1.0', is 'Version 2.0'");
  refused(kVersion + "gone\n", "2: 'gone': must begin with '\\'");
  refused(kVersion + "\\a\n\\..\\x\n",
          "3: 'Files\\..\\x': must have no component of dots and spaces alone");
  refused(kVersion + "\\a/b\n", "2: 'Files\\a/b': must have no '/'");
  refused(kVersion + "\\C:\\x\n",
          "2: 'Files\\C:\\x': must have no ':' (a drive, or an alternate stream)");
  refused(kVersion + "\\\n", "2: 'Files\\': must be relative, with no empty component");
  refused(kVersion + "\\a\r\r\n", "2: '\\\\a\\r': must have no '\\r' but before its end");
  CHECK(BadFolder().File("tombstones.txt", kVersion + "\\a\r\n\n\\b").Read()->size() == 3);
  BadFolder()
      .File("tombstones.txt", kVersion + "\\a\n\\A\n")
      .IsRefused("'Files\\A': must not be removed twice");
  // What is there, too, hides what the parents have.
  CHECK(BadFolder()
            .File("tombstones.txt", kVersion + "\\F\n")
            .File("Files/f", kFileWord)
            .Read()
            ->size() == 3);
}

TEST_CASE("A file that is cut is refused, in its attributes or in its stream", "[layer]") {
  for (size_t size = 0; size < 4; ++size) {
    BadFolder()
        .File("Files/f", kFileWord.substr(0, size))
        .IsRefused("'Files\\f': must begin with 4 bytes of attributes");
  }
  const std::string stream = DataStream("content");
  for (size_t size = 1; size < stream.size(); ++size) {
    const absl::Status status =
        BadFolder().File("Files/f", kFileWord + stream.substr(0, size)).Read().status();
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(status.message()).find("'Files\\f': backup stream, byte ") == 0);
  }
}

TEST_CASE("What has no place in a transport folder is refused", "[layer]") {
  for (const std::string name : {"file", "Mutated Files", "UtilityVM/file", "UtilityVM/files/x"}) {
    INFO(name);
    const absl::Status status = BadFolder().File(name, kFileWord).Read().status();
    CHECK(std::string(status.message()).find("has no place in a transport folder") !=
          std::string::npos);
  }
  for (const std::string name : {"Hives", "UtilityVM"}) {
    BadFolder().File(name, "x").IsRefused("'" + name + "': must be a directory");
  }
  for (const std::string name : {"nul.txt", "COM1", "...", "a:b", "\xFF"}) {
    INFO(name);
    CHECK_FALSE(BadFolder().File("Files/" + name, kFileWord).Read().ok());
    CHECK_FALSE(BadFolder().File("Hives/" + name, "").Read().ok());
  }
}

TEST_CASE("Hives may be called anything, and are read as they are", "[layer]") {
  const auto entries = BadFolder()
                           .File("Hives/System_Delta", "regf")
                           .File("Hives/of another Windows", std::string(4, '\0'))
                           .Directory("Hives/folder")
                           .Read();
  REQUIRE(entries.ok());
  REQUIRE(entries->size() == 5);
  CHECK((*entries)[2].entry.name == "Hives\\System_Delta");
  CHECK((*entries)[2].stream == DataStream("regf"));
  CHECK((*entries)[3].entry.name == "Hives\\folder");
  CHECK((*entries)[4].stream == DataStream(std::string(4, '\0')));
}

TEST_CASE("Reading a transport folder changes nothing of it", "[layer]") {
  BadFolder folder;
  folder.File("Files/f", kFileWord + DataStream("x")).WholeDirectory("Files/d");
  // An access before the last write is what Linux would bring up to date.
  for (const std::string name : {"Files/f", "Files/d.$wcidirs$"}) {
    const timespec times[] = {{1'000'000'000, 0}, {1'100'000'000, 0}};
    REQUIRE(utimensat(AT_FDCWD, (folder.root() / name).c_str(), times, 0) == 0);
  }
  const auto first = folder.Read();
  const auto second = folder.Read();
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK(*first == *second);
  for (const WholeEntry& whole : *first) {
    if (whole.entry.name == "Files") continue;
    CHECK(whole.entry.basic_info.LastAccessTime == *ToFileTime({1'000'000'000, 0}));
  }
}

}  // namespace
}  // namespace hcs::layer
