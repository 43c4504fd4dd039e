#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <sstream>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/transport_folder_reader.h"
#include "core/layer/transport_folder_writer.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::layer {
namespace {

namespace fs = std::filesystem;
using Entries = std::vector<WholeEntry>;

std::unique_ptr<TransportFolderWriter> Create(const fs::path& folder,
                                              const std::vector<fs::path>& parents = {}) {
  auto writer = TransportFolderWriter::Create(folder, parents);
  INFO(writer.status());
  REQUIRE(writer.ok());
  return *std::move(writer);
}

Entries Read(const fs::path& folder) {
  auto reader = TransportFolderReader::Open(folder);
  INFO(reader.status());
  REQUIRE(reader.ok());
  auto entries = ReadAll(reader->get());
  INFO(entries.status());
  REQUIRE(entries.ok());
  return *std::move(entries);
}

void WriteFolder(const Entries& entries, const fs::path& folder,
                 const std::vector<fs::path>& parents = {}) {
  auto writer = Create(folder, parents);
  const absl::Status written = WriteAll(entries, writer.get());
  INFO(written);
  REQUIRE(written.ok());
  REQUIRE(writer->Commit().ok());
}

std::string Content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

// A plain entry as it comes back: created and accessed when it was written last.
WholeEntry Plain(WholeEntry whole) {
  abi::FILE_BASIC_INFO& info = whole.entry.basic_info;
  info.CreationTime = info.LastAccessTime = info.LastWriteTime;
  if ((info.FileAttributes & kAttributeDirectory) == 0) info.FileAttributes = kAttributeNormal;
  return whole;
}

const WholeEntry& Find(const Entries& entries, const std::string& name) {
  const auto found = std::ranges::find_if(
      entries, [&name](const WholeEntry& whole) { return whole.entry.name == name; });
  INFO(name);
  REQUIRE(found != entries.end());
  return *found;
}

TEST_CASE("A layer survives the way through a transport folder", "[layer]") {
  const TemporaryFolder temporary;
  const Entries written = {
      MakeRemoved("Files\\gone"),
      MakeRemoved("Files\\Windows\\gone too.txt"),
      MakeDirectory("Files"),
      MakeFile("Files\\#empty", "", 0),
      MakeFile("Files\\Windows of another name", RichStream("content"), 4096 + 7, 0x200 | 0x20),
      MakeDirectory("Files\\bin", 0x2),
      MakeFile("Files\\bin\\tool.exe", std::string(300000, 'x')),
      MakeFile("Files\\bin\\who?*\"<>|", "characters that Win32 forbids"),
      MakeFile("Files\\bin\\\u65e5\u672c \U0001F600", "a name of another script"),
      MakeFile("Files\\junction", "", 0, kAttributeDirectory | kAttributeReparsePoint),
      MakeDirectory("Hives"),
      MakeFile("Hives\\System_Delta", "registry"),
      MakeDirectory("UtilityVM"),
      MakeDirectory("UtilityVM\\Files"),
      MakeDirectory("UtilityVM\\Files\\EFI"),
      MakeFile("UtilityVM\\Files\\EFI\\boot", "boot"),
  };
  std::mt19937 random(12);
  for (int round = 0; round < 10; ++round) {
    const fs::path folder = temporary.path() / std::to_string(round);
    auto writer = Create(folder);
    REQUIRE(WriteAll(written, writer.get(), [&random] { return 1 + random() % 5000; }).ok());
    REQUIRE(writer->Commit().ok());
    Entries expected = written;
    // Files and Hives take System_Delta's times.
    const abi::FILE_BASIC_INFO delta = Find(written, "Hives\\System_Delta").entry.basic_info;
    for (WholeEntry& whole : expected) {
      const std::string& name = whole.entry.name;
      if (name == "Files" || name == "Hives") {
        whole.entry.basic_info = delta;
        whole.entry.basic_info.FileAttributes = kAttributeDirectory;
      }
      const bool plain = name == "Files" || name.starts_with("Hives") || name.starts_with("Util");
      if (plain) whole = Plain(whole);
    }
    CHECK(Read(folder) == expected);
  }
}

TEST_CASE("A transport folder is laid out as the host expects it", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  WholeEntry file = MakeFile("Files\\dir\\file", "abc");
  file.entry.basic_info.FileAttributes = 0x04030201;
  WriteFolder({MakeDirectory("Files\\dir", 0x100), file, MakeRemoved("Files\\x\\y"),
               MakeRemoved("Files\\z"), MakeFile("Hives\\SAM_Delta", "hive")},
              folder);
  CHECK(Content(folder / "tombstones.txt") == "\xEF\xBB\xBFVersion 1.0\n\\x\\y\n\\z\n");
  CHECK(Content(folder / "Files/dir/file") == "\x01\x02\x03\x04" + DataStream("abc"));
  CHECK(fs::is_directory(folder / "Files/dir"));
  CHECK(Content(folder / "Files/dir.$wcidirs$") == std::string("\x10\x01\0\0", 4));
  CHECK(Content(folder / "Hives/SAM_Delta") == "hive");
  struct stat status;
  REQUIRE(stat((folder / "Files/dir/file").c_str(), &status) == 0);
  CHECK(ToFileTime({status.st_mtim.tv_sec, static_cast<uint32_t>(status.st_mtim.tv_nsec)}) ==
        file.entry.basic_info.LastWriteTime);
}

TEST_CASE("A junction has no folder that something could land in", "[layer]") {
  const TemporaryFolder temporary;
  auto writer = Create(temporary.path() / "layer");
  REQUIRE(writer->Add(MakeDirectory("Files\\junction", kAttributeReparsePoint).entry).ok());
  CHECK_FALSE(fs::exists(temporary.path() / "layer/Files/junction"));
  CHECK(writer->Add(MakeFile("Files\\junction\\x", "").entry).message() ==
        "'Files\\junction\\x': must come after its folder, which must be no reparse point");
}

TEST_CASE("A time is kept that the file system has not", "[layer]") {
  const TemporaryFolder temporary;
  WholeEntry file = MakeFile("Files\\old", "x");
  file.entry.basic_info.LastWriteTime = 1;  // 1601.
  file.entry.basic_info.CreationTime = -5;
  file.entry.basic_info.ChangeTime = INT64_MAX;
  WriteFolder({file}, temporary.path() / "layer");
  CHECK(Find(Read(temporary.path() / "layer"), "Files\\old") == file);
}

TEST_CASE("The recycle bin is passed over", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  WriteFolder({MakeDirectory("Files\\$recycle.bin"), MakeFile("Files\\$recycle.bin\\x", "x"),
               MakeFile("Files\\a", "a")},
              folder);
  const Entries entries = Read(folder);
  REQUIRE(entries.size() == 2);
  CHECK(entries[1].entry.name == "Files\\a");
}

TEST_CASE("A plain sparse file is a sparse file", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  const int64_t terabyte = int64_t{1} << 40;
  std::string stream;
  AppendBackupStreamHeader({.attributes = kStreamSparse}, &stream);
  AppendBackupStreamHeader(
      {.id = BackupStreamId::kSparseBlock, .size = 3, .sparse_offset = 1 << 20}, &stream);
  stream += "abc";
  AppendBackupStreamHeader(
      {.id = BackupStreamId::kSparseBlock, .sparse_offset = static_cast<uint64_t>(terabyte)},
      &stream);
  AppendBackupStreamHeader({.id = BackupStreamId::kAlternateData, .size = 5, .name = u":a:$DATA"},
                           &stream);
  stream += "other";
  WriteFolder({MakeFile("Hives\\big", stream, terabyte)}, folder);
  struct stat status;
  REQUIRE(stat((folder / "Hives/big").c_str(), &status) == 0);
  CHECK(status.st_size == terabyte);
  CHECK(status.st_blocks < 100);
  std::ifstream file(folder / "Hives/big", std::ios::binary);
  file.seekg(1 << 20);
  char content[3];
  file.read(content, 3);
  CHECK(std::string(content, 3) == "abc");
}

TEST_CASE("A writer that is not committed leaves nothing", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  {
    auto writer = Create(folder);
    REQUIRE(WriteAll({MakeDirectory("Files\\d"), MakeFile("Files\\d\\f", "x")}, writer.get()).ok());
    CHECK(fs::exists(folder / "Files/d/f"));
  }
  CHECK_FALSE(fs::exists(folder));
  fs::create_directory(folder);
  CHECK(TransportFolderWriter::Create(folder).status().code() == absl::StatusCode::kAlreadyExists);
  CHECK(fs::exists(folder));
}

TEST_CASE("A utility VM begins as its parent's", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path parent = temporary.path() / "parent";
  const fs::path folder = temporary.path() / "layer";
  const std::string boot = "UtilityVM\\Files\\EFI\\Microsoft\\Boot";
  WriteFolder(
      {MakeDirectory("UtilityVM"), MakeDirectory("UtilityVM\\Files"),
       MakeDirectory("UtilityVM\\Files\\EFI"), MakeDirectory("UtilityVM\\Files\\EFI\\Microsoft"),
       MakeDirectory(boot), MakeFile(boot + "\\BCD", "configuration"),
       MakeFile(boot + "\\bootmgr", "manager"), MakeFile("UtilityVM\\Files\\kept", "kept"),
       MakeFile("UtilityVM\\Files\\changed", "old"),
       MakeFile("UtilityVM\\Files\\removed", "removed")},
      parent);
  WriteFolder(
      {MakeDirectory("UtilityVM"), MakeDirectory("UtilityVM\\Files"),
       MakeFile("UtilityVM\\Files\\changed", "new"), MakeRemoved("UtilityVM\\Files\\removed"),
       MakeFile("UtilityVM\\Files\\EFI\\added", "added"),
       MakeLink("UtilityVM\\Files\\link", "UtilityVM\\Files\\kept")},
      folder, {parent});
  const fs::path files = folder / "UtilityVM/Files";
  CHECK(Content(files / "changed") == "new");
  CHECK(Content(parent / "UtilityVM/Files/changed") == "old");
  CHECK_FALSE(fs::exists(files / "removed"));
  CHECK(fs::exists(parent / "UtilityVM/Files/removed"));
  CHECK(Content(files / "EFI/added") == "added");
  CHECK(fs::hard_link_count(files / "kept") == 3);
  CHECK(fs::equivalent(files / "link", files / "kept"));
  CHECK(fs::equivalent(files / "kept", parent / "UtilityVM/Files/kept"));
  CHECK(fs::hard_link_count(files / "EFI/Microsoft/Boot/BCD") == 1);
  CHECK(Content(files / "EFI/Microsoft/Boot/BCD") == "configuration");
  CHECK(fs::hard_link_count(files / "EFI/Microsoft/Boot/bootmgr") == 2);
  const Entries cloned = Read(folder);
  const Entries original = Read(parent);
  for (const std::string& name : {boot, boot + "\\BCD", boot + "\\bootmgr"}) {
    CHECK(Find(cloned, name) == Find(original, name));
  }
}

TEST_CASE("Hard links below Files wait until the layer is there", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path parent = temporary.path() / "parent";
  fs::create_directories(parent / "Files/old");
  std::ofstream(parent / "Files/old/file") << "x";
  auto writer = Create(temporary.path() / "layer", {parent});
  REQUIRE(WriteAll({MakeFile("Files\\a", "a"), MakeLink("Files\\b", "Files\\A"),
                    MakeLink("Files\\c", "Files\\b"), MakeLink("Files\\d", "Files\\old\\file")},
                   writer.get())
              .ok());
  REQUIRE(writer->links().size() == 3);
  CHECK(writer->links()[0].parent == -1);
  CHECK(writer->links()[1].target == "Files\\b");
  CHECK(writer->links()[2].name == "Files\\d");
  CHECK(writer->links()[2].parent == 0);
}

TEST_CASE("Entries are copied from one folder to another", "[layer]") {
  const TemporaryFolder temporary;
  const Entries entries = {MakeRemoved("Files\\x"), MakeDirectory("Files\\d"),
                           MakeFile("Files\\d\\f", RichStream(std::string(200000, 'c')), 204096)};
  WriteFolder(entries, temporary.path() / "1");
  auto reader = TransportFolderReader::Open(temporary.path() / "1");
  REQUIRE(reader.ok());
  auto writer = Create(temporary.path() / "2");
  REQUIRE(CopyEntries(reader->get(), writer.get()).ok());
  REQUIRE(writer->Commit().ok());
  Entries copied = Read(temporary.path() / "2");
  std::erase_if(copied, [](const WholeEntry& whole) { return whole.entry.name == "Files"; });
  CHECK(copied == entries);
}

TEST_CASE("What is removed may be added after that, once", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  auto writer = Create(folder);
  REQUIRE(
      WriteAll({MakeRemoved("Files\\d"), MakeDirectory("Files\\D"), MakeFile("Files\\D\\f", "new")},
               writer.get())
          .ok());
  CHECK(writer->Add(MakeRemoved("Files\\d").entry).message() ==
        "'Files\\d': must not be removed twice, or after it was added");
  writer = Create(temporary.path() / "other");
  const Entries entries = {MakeRemoved("Files\\d"), MakeDirectory("Files\\d"),
                           MakeFile("Files\\d\\f", "new")};
  REQUIRE(WriteAll(entries, writer.get()).ok());
  REQUIRE(writer->Commit().ok());
  Entries read = Read(temporary.path() / "other");
  std::erase_if(read, [](const WholeEntry& whole) { return whole.entry.name == "Files"; });
  CHECK(read == entries);
}

TEST_CASE("Names that differ in case alone are two where case counts", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  const Entries entries = {MakeRemoved("Files\\X"),     MakeRemoved("Files\\x"),
                           MakeDirectory("Files\\D"),   MakeFile("Files\\D\\f", "1"),
                           MakeDirectory("Files\\d"),   MakeFile("Files\\d\\F", "2"),
                           MakeFile("Files\\d\\f", "3")};
  CHECK(WriteAll(entries, Create(temporary.path() / "ignored").get()).message() ==
        "'Files\\x': must not be removed twice, or after it was added");
  auto writer = TransportFolderWriter::Create(folder, {}, NameCase::kCounts);
  REQUIRE(writer.ok());
  REQUIRE(WriteAll(entries, writer->get()).ok());
  CHECK((*writer)->Add(MakeFile("Files\\d\\g\\h", "").entry).code() ==
        absl::StatusCode::kInvalidArgument);
  writer = TransportFolderWriter::Create(temporary.path() / "again", {}, NameCase::kCounts);
  REQUIRE(WriteAll(entries, writer->get()).ok());
  CHECK((*writer)->Add(MakeFile("Files\\d\\f", "").entry).message() ==
        "'Files\\d\\f': must not be there twice");
  writer = TransportFolderWriter::Create(temporary.path() / "whole", {}, NameCase::kCounts);
  REQUIRE(WriteAll(entries, writer->get()).ok());
  REQUIRE((*writer)->Commit().ok());
  CHECK_FALSE(TransportFolderReader::Open(temporary.path() / "whole").ok());
  auto reader = TransportFolderReader::Open(temporary.path() / "whole", NameCase::kCounts);
  REQUIRE(reader.ok());
  auto read = ReadAll(reader->get());
  INFO(read.status());
  REQUIRE(read.ok());
  std::erase_if(*read, [](const WholeEntry& whole) { return whole.entry.name == "Files"; });
  CHECK(*read == entries);
}

}  // namespace
}  // namespace hcs::layer
