// Import from and export into transport folders, which every host has.

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/conformance/layer_content.h"
#include "tests/conformance/this_system.h"
#include "tests/conformance/transport_folder.h"

namespace hcs::conformance {
namespace {

namespace fs = std::filesystem;

Style EachStyle() { return GENERATE(Style::kHomeAndId, Style::kFullPath); }

Entry Plain(Entry entry) {
  entry.info.FileAttributes = 0x80;
  return entry;
}

// In the order in which a transport folder is read.
Entries FolderEntries() {
  return {Folder(uR"(\Files)"),
          Folder(uR"(\Files\folder)"),
          RichFile(uR"(\Files\folder\rich)"),
          File(uR"(\Files\plain)", "plain"),
          Folder(uR"(\Hives)"),
          Plain(File(uR"(\Hives\System_Base)", "hive")),
          Folder(uR"(\UtilityVM)"),
          Folder(uR"(\UtilityVM\Files)"),
          Plain(File(uR"(\UtilityVM\Files\vm)", "a machine's"))};
}

TEST_CASE("case 54: from a transport folder, into a transport folder: the same", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Entry junction = Folder(uR"(\Files\junction)");
  junction.info.FileAttributes |= 0x400;
  junction.stream = ReparseStream(0xA0000003, "where it leads");
  Entries entries = FolderEntries();
  entries.insert(entries.begin() + 3, junction);
  const TemporaryFolder from;
  WriteTransportFolder(from.path(), entries);
  Layer layer(style);
  REQUIRE(ImportFolder(&layer, from.path()) == abi::S_OK);
  const TemporaryFolder to;
  REQUIRE(ExportFolder(&layer, to.path()) == abi::S_OK);
  CHECK(ReadTransportFolder(to.path()) == entries);

  // The next one has something in it already.
  CHECK(ExportFolder(&layer, to.path()) == abi::ERROR_DIR_NOT_EMPTY);
  CHECK(ReadTransportFolder(to.path()) == entries);
  CHECK(ExportFolder(&layer, to.path() / "no" / "such") == abi::ERROR_PATH_NOT_FOUND);
}

TEST_CASE("case 54b: a transport folder's removals", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  REQUIRE(ImportAll(&base, FolderEntries()) == abi::S_OK);
  const Entries entries = {Removal(uR"(\Files\folder\rich)"),
                           Removal(uR"(\Files\plain)"),
                           Folder(uR"(\Files)"),
                           Folder(uR"(\Files\folder)"),
                           File(uR"(\Files\folder\new)", "new"),
                           Folder(uR"(\Hives)")};
  const TemporaryFolder from;
  WriteTransportFolder(from.path(), entries);
  Layer top(style);
  REQUIRE(ImportFolder(&top, from.path(), {&base}) == abi::S_OK);
  const TemporaryFolder to;
  REQUIRE(ExportFolder(&top, to.path(), {&base}) == abi::S_OK);
  // Files and Hives have no metadata: their times are those of the folders.
  CHECK(ReadTransportFolder(to.path()) == ReadTransportFolder(from.path()));
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&top, &base})) return;
  CHECK_FALSE(fs::exists(sandbox.InMount("plain")));
  CHECK_FALSE(fs::exists(sandbox.InMount("folder/rich")));
  CHECK(ReadFile(sandbox.InMount("folder/new")) == "new");
}

TEST_CASE("case 54c: the recycle bin is passed over", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Entries entries = FolderEntries();
  entries.insert(entries.begin() + 1,
                 {Folder(uR"(\Files\$Recycle.Bin)"), File(uR"(\Files\$Recycle.Bin\junk)", "junk")});
  const TemporaryFolder from;
  WriteTransportFolder(from.path(), entries);
  Layer layer(style);
  REQUIRE(ImportFolder(&layer, from.path()) == abi::S_OK);
  const TemporaryFolder to;
  REQUIRE(ExportFolder(&layer, to.path()) == abi::S_OK);
  CHECK(ReadTransportFolder(to.path()) == FolderEntries());
}

// Ways to make a transport folder none.
struct Damage {
  const char* what;
  void (*make)(const fs::path& root);
};

std::vector<Damage> EachDamage() {
  return {
      {"tombstones without a first line",
       [](const fs::path& root) { WriteFile(root / "tombstones.txt", "\\a\n"); }},
      {"a tombstone that leads out",
       [](const fs::path& root) {
         WriteFile(root / "tombstones.txt", "Version 1.0\n\\..\\..\\a\n");
       }},
      {"a removal that is no name",
       [](const fs::path& root) { WriteFile(root / "tombstones.txt", "Version 1.0\na\n"); }},
      {"a folder without metadata",
       [](const fs::path& root) { fs::create_directory(root / "Files" / "bare"); }},
      {"metadata without a folder",
       [](const fs::path& root) {
         fs::rename(root / "Files" / "folder", root / "Files" / "other");
       }},
      {"a file that is too short",
       [](const fs::path& root) { WriteFile(root / "Files" / "short", "abc"); }},
      {"a stream that is cut off",
       [](const fs::path& root) { fs::resize_file(root / "Files" / "plain", 26); }},
      {"a file with a folder's attributes",
       [](const fs::path& root) {
         WriteFile(root / "Files" / "x", {"\x10\0\0\0", 4});
       }},
      {"something else at the top", [](const fs::path& root) { WriteFile(root / "other", "x"); }},
      {"something else in UtilityVM",
       [](const fs::path& root) { WriteFile(root / "UtilityVM" / "x", "x"); }},
      {"names of one folder that differ in case alone",
       [](const fs::path& root) {
         fs::copy_file(root / "Files" / "plain", root / "Files" / "PLAIN");
       }},
      {"a link out of it",
       [](const fs::path& root) { fs::create_symlink("/etc/hostname", root / "Files" / "link"); }},
      {"a link for the metadata of a folder",
       [](const fs::path& root) {
         fs::create_directory(root / "Files" / "led");
         fs::create_symlink("folder.$wcidirs$", root / "Files" / "led.$wcidirs$");
       }},
  };
}

TEST_CASE("case 54d: what is no transport folder is refused, and leaves no layer", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  const TemporaryFolder from;
  WriteTransportFolder(from.path(), FolderEntries());
  const Damage damage = GENERATE(from_range(EachDamage()));
  CAPTURE(damage.what);
  damage.make(from.path());
  Layer layer(style);
  const Code code = ImportFolder(&layer, from.path());
  CAPTURE(code);
  CHECK(code.IsOneOf(
      {abi::ERROR_INVALID_DATA, abi::ERROR_INVALID_PARAMETER, abi::ERROR_ALREADY_EXISTS}));
  CHECK_FALSE(layer.Exists());
}

TEST_CASE("case 54e: a folder or a parent that is not there", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  const TemporaryFolder from;
  WriteTransportFolder(from.path(), FolderEntries());
  Layer layer(style);
  Layer missing(style);
  CHECK(ImportFolder(&layer, from.path() / "nowhere") == abi::ERROR_PATH_NOT_FOUND);
  CHECK(ImportFolder(&layer, from.path(), {&missing}) == abi::ERROR_PATH_NOT_FOUND);
  CHECK_FALSE(layer.Exists());
  const TemporaryFolder to;
  CHECK(ExportFolder(&missing, to.path()) == abi::ERROR_PATH_NOT_FOUND);
  CHECK(fs::is_empty(to.path()));
}

TEST_CASE("case 55: hard links that the caller made in the layer's folder are files of it",
          "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer layer(style);
  REQUIRE(ImportAll(&layer, FolderEntries()) == abi::S_OK);
  const fs::path files = HostUnderTest::Current().Openable(layer.path()) / "Files";
  fs::create_hard_link(files / "folder" / "rich", files / "linked");
  const Entries exported = ExportAll(&layer);
  CHECK(exported.size() == FolderEntries().size() + 1);
  Entry linked = Named(exported, uR"(\Files\linked)");
  CHECK(linked.size == 1 << 20);
  linked.name = uR"(\Files\folder\rich)";
  CHECK(linked == Named(exported, uR"(\Files\folder\rich)"));
}

}  // namespace
}  // namespace hcs::conformance
