// Cases 39 to 41, and what else import and export must hold to. Each is run in both calling
// styles.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/conformance/layer_content.h"

namespace hcs::conformance {
namespace {

namespace fs = std::filesystem;

Style EachStyle() { return GENERATE(Style::kHomeAndId, Style::kFullPath); }

// Of a base layer: two files and a folder of two.
Entries BaseEntries() {
  return {Folder(uR"(\Files)"),
          File(uR"(\Files\kept.txt)", "kept"),
          RichFile(uR"(\Files\gone.txt)"),
          Folder(uR"(\Files\folder)"),
          RichFile(uR"(\Files\folder\changed.txt)"),
          File(uR"(\Files\folder\other.txt)", "other")};
}

TEST_CASE("case 39: import, then export, every stream type: byte for byte the same", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Entry empty = File(uR"(\Files\empty)", "");
  Entry without_stream = empty;
  without_stream.name = uR"(\Files\without stream)";
  without_stream.stream.clear();
  Entry junction = Folder(uR"(\Files\junction)");
  junction.info.FileAttributes |= 0x400;
  junction.stream = ReparseStream(0xA0000003, "where it leads, in its way");
  Entry old = File(uR"(\Files\old)", "from before 1970");
  old.info = {1, 0, 1, 0, 0x2020, 0};
  Entry folder = Folder(uR"(\Files\folder)");
  folder.stream = RichFile(uR"(\Files\folder)").stream;
  folder.stream = folder.stream.substr(0, 20 + 15);  // Its security alone.
  // By a transport folder, what is not below Files has its content and times alone.
  Entry hive = File(uR"(\Hives\System_Base)", "hive");
  Entry machine = RichFile(uR"(\UtilityVM\Files\vm)");
  if (!HasLayerStreams()) machine = File(machine.name, "a machine's");
  hive.info.FileAttributes = machine.info.FileAttributes = 0x80;
  const Entries entries = {Folder(uR"(\Files)"),
                           empty,
                           without_stream,
                           folder,
                           RichFile(uR"(\Files\folder\rich)"),
                           junction,
                           old,
                           File(uR"(\Files\large)", std::string(3 << 20, 'l')),
                           Folder(uR"(\Hives)"),
                           hive,
                           Folder(uR"(\UtilityVM)"),
                           Folder(uR"(\UtilityVM\Files)"),
                           machine};
  Layer layer(style);
  REQUIRE(ImportAll(&layer, entries) == abi::S_OK);
  CHECK(layer.Exists());
  CHECK(Comparable(ExportAll(&layer)) == Comparable(entries));

  // In whatever pieces the stream comes.
  if (!NeedsLayerStreams()) return;
  Layer again(style);
  Import import(&again, {});
  const size_t piece = GENERATE(1, 19, 4097);
  for (const Entry& entry : entries) {
    REQUIRE(import.Add(entry, entry.size > (2 << 20) ? 0 : piece) == abi::S_OK);
  }
  REQUIRE(import.End() == abi::S_OK);
  CHECK(Comparable(ExportAll(&again)) == Comparable(entries));
}

TEST_CASE("case 40: an import that does not come to its End leaves no layer", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  Layer layer(style);
  {
    Import import(&layer, {});
    for (const Entry& entry : BaseEntries()) REQUIRE(import.Add(entry) == abi::S_OK);
    CHECK_FALSE(layer.Exists());
    // The last entry's stream is cut off: the layer cannot be whole.
    REQUIRE(import.Next(File(uR"(\Files\cut)", "cut")) == abi::S_OK);
    REQUIRE(import.Write(DataStream("cut off").substr(0, 22)) == abi::S_OK);
    CHECK_FALSE(layer.Exists());
    CHECK(import.End() == abi::ERROR_INVALID_DATA);
  }
  CHECK_FALSE(layer.Exists());
  // What failed once stays failed.
  {
    Import import(&layer, {});
    REQUIRE(import.Next(File(uR"(\Files\x)", "")) == abi::S_OK);
    CHECK(import.Write("this is no backup stream, however long it is") == abi::ERROR_INVALID_DATA);
    CHECK(import.Next(File(uR"(\Files\y)", "")) == abi::ERROR_INVALID_DATA);
    CHECK(import.End() == abi::ERROR_INVALID_DATA);
  }
  CHECK_FALSE(layer.Exists());
  REQUIRE(ImportAll(&layer, BaseEntries()) == abi::S_OK);
  CHECK(layer.Exists());
}

TEST_CASE("case 41: a tombstone of a parent's file: hidden in the mount, exported as deleted",
          "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  REQUIRE(ImportAll(&base, BaseEntries()) == abi::S_OK);
  Layer top(style);
  const Entries entries = {Removal(uR"(\Files\gone.txt)"), Removal(uR"(\Files\nowhere\at all)"),
                           Removal(uR"(\Files\folder\OTHER.TXT)")};
  REQUIRE(ImportAll(&top, entries, {&base}) == abi::S_OK);
  CHECK(Comparable(ExportAll(&top, {&base})) == Comparable(entries));
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&top, &base})) return;
  CHECK(ReadFile(sandbox.InMount("kept.txt")) == "kept");
  CHECK_FALSE(fs::exists(sandbox.InMount("gone.txt")));
  CHECK_FALSE(fs::exists(sandbox.InMount("folder/other.txt")));
  CHECK(fs::exists(sandbox.InMount("folder/changed.txt")));
}

TEST_CASE("case 41b: a folder that is removed and added again hides what was in it", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  REQUIRE(ImportAll(&base, BaseEntries()) == abi::S_OK);
  Layer top(style);
  const Entries entries = {Folder(uR"(\Files)"),           Removal(uR"(\Files\folder)"),
                           Folder(uR"(\Files\folder)"),    File(uR"(\Files\folder\new)", "new"),
                           Removal(uR"(\Files\kept.txt)"), File(uR"(\Files\kept.txt)", "again")};
  REQUIRE(ImportAll(&top, entries, {&base}) == abi::S_OK);
  CHECK(Comparable(ExportAll(&top, {&base})) == Comparable(entries));
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&top, &base})) return;
  CHECK_FALSE(fs::exists(sandbox.InMount("folder/changed.txt")));
  CHECK(ReadFile(sandbox.InMount("folder/new")) == "new");
  CHECK(ReadFile(sandbox.InMount("kept.txt")) == "again");
}

TEST_CASE("case 49: the export of a sandbox is what was changed, added and deleted in it",
          "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  const Entries entries = BaseEntries();
  REQUIRE(ImportAll(&base, entries) == abi::S_OK);
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&base})) return;
  CHECK(fs::file_size(sandbox.InMount("gone.txt")) == 1 << 20);
  ChangeFile(sandbox.InMount("folder/changed.txt"), "changed");
  WriteFile(sandbox.InMount("added.txt"), "added");
  fs::remove(sandbox.InMount("gone.txt"));
  REQUIRE(sandbox.Unprepare() == abi::S_OK);

  const Entries diff = ExportAll(&sandbox, {&base});
  CHECK_FALSE(Has(diff, uR"(\Files\kept.txt)"));
  CHECK_FALSE(Has(diff, uR"(\Files\folder\other.txt)"));
  CHECK(Named(diff, uR"(\Files\gone.txt)").removed);
  const Entry& added = Named(diff, uR"(\Files\added.txt)");
  CHECK(added.size == 5);
  CHECK(added.stream.ends_with(DataStream("added")));
  // What the parent knew of it besides its content, the changed one has, too.
  const Entry& changed = Named(diff, uR"(\Files\folder\changed.txt)");
  const Entry& original = Named(entries, uR"(\Files\folder\changed.txt)");
  CHECK(changed.size == 7);
  CHECK(changed.info.CreationTime == original.info.CreationTime);
  CHECK(changed.info.LastWriteTime > original.info.LastWriteTime);
  CHECK((changed.info.FileAttributes & 0x2) == 0x2);
  CHECK(changed.stream.find(DataStream("changed")) != std::string::npos);
  CHECK(changed.stream.find("descriptor") != std::string::npos);
  CHECK(changed.stream.find("in the alternate one") != std::string::npos);
  CHECK(changed.stream.find("a block") == std::string::npos);

  // The difference makes the same tree elsewhere.
  Layer copy(style);
  REQUIRE(ImportAll(&copy, diff, {&base}) == abi::S_OK);
  CHECK(Comparable(ExportAll(&copy, {&base})) == Comparable(diff));
  Layer other(style);
  REQUIRE(PrepareSandbox(&other, {&copy, &base}));
  CHECK(ReadFile(other.InMount("folder/changed.txt")) == "changed");
  CHECK(ReadFile(other.InMount("folder/other.txt")) == "other");
  CHECK_FALSE(fs::exists(other.InMount("gone.txt")));
}

TEST_CASE("case 49b: a folder that was made anew has nothing of the old one", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  Layer base(style);
  REQUIRE(ImportAll(&base, BaseEntries()) == abi::S_OK);
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&base})) return;
  fs::remove_all(sandbox.InMount("folder"));
  fs::create_directory(sandbox.InMount("folder"));
  WriteFile(sandbox.InMount("folder/new.txt"), "new");
  REQUIRE(sandbox.Unprepare() == abi::S_OK);
  const Entries diff = Comparable(ExportAll(&sandbox, {&base}));
  CHECK_FALSE(Named(diff, uR"(\Files\folder\new.txt)").removed);
  if (std::ranges::count(diff, uR"(\Files\folder)", &Entry::name) == 1) {
    // A host that compares the tree with its parents tells of each name that has gone.
    CHECK_FALSE(Named(diff, uR"(\Files\folder)").removed);
    CHECK(Named(diff, uR"(\Files\folder\changed.txt)").removed);
    CHECK(Named(diff, uR"(\Files\folder\other.txt)").removed);
    return;
  }
  const auto folder = std::ranges::find(diff, uR"(\Files\folder)", &Entry::name);
  REQUIRE(diff.end() - folder > 1);
  CHECK(folder->removed);
  CHECK((folder + 1)->name == uR"(\Files\folder)");
  CHECK_FALSE((folder + 1)->removed);
  CHECK_FALSE(Has(diff, uR"(\Files\folder\changed.txt)"));
}

TEST_CASE("case 50: names of one folder that differ in case alone are one name", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  Layer layer(style);
  {
    Import import(&layer, {});
    REQUIRE(import.Add(File(uR"(\Files\Name)", "1")) == abi::S_OK);
    CHECK(import.Add(File(uR"(\Files\nAME)", "2")) == abi::ERROR_ALREADY_EXISTS);
    CHECK(import.End() == abi::ERROR_ALREADY_EXISTS);
  }
  {
    Import import(&layer, {});
    REQUIRE(import.Add(Folder(uR"(\Files\\u00c9t\u00e9)")) == abi::ERROR_INVALID_PARAMETER);
  }
  CHECK_FALSE(layer.Exists());
  const Entries entries = {Folder(u"\\Files\\\u00c9T\u00c9"),
                           File(u"\\files\\\u00e9t\u00e9\\x", "in it")};
  REQUIRE(ImportAll(&layer, entries) == abi::S_OK);
  CHECK(Comparable(ExportAll(&layer)) == Comparable(entries));

  // A layer over it, in another spelling, is of the same file.
  Layer top(style);
  const Entries other = {File(u"\\Files\\\u00e9T\u00c9\\X", "changed")};
  REQUIRE(ImportAll(&top, other, {&layer}) == abi::S_OK);
  CHECK(Comparable(ExportAll(&top, {&layer})) == Comparable(other));
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&top, &layer})) return;
  CHECK(ReadFile(sandbox.InMount("\u00c9T\u00c9/x")) == "changed");
}

TEST_CASE("case 50b: names that this file system has not, and Windows has", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  const Entries entries = {
      Folder(uR"(\Files)"),
      Folder(u"\\Files\\" + std::u16string(255, u'\u4e2d')),
      File(u"\\Files\\" + std::u16string(255, u'\u4e2d') + u"\\" + std::u16string(200, u'\u00e9'),
           "long"),
      File(std::u16string(u"\\Files\\lone surrogate ") + char16_t{0xD800}, "x"),
      File(u"\\Files\\\U0001F600", "beyond the first plane"),
      File(u"\\Files\\ends with a dot.", "x"),
      File(u"\\Files\\\uF022quoted\uF022", "as WSL has it")};
  Layer layer(style);
  REQUIRE(ImportAll(&layer, entries) == abi::S_OK);
  CHECK(Comparable(ExportAll(&layer)) == Comparable(entries));
}

TEST_CASE("case 51: bad names are refused, and leave no layer", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  const std::u16string name =
      GENERATE(as<std::u16string>(), u"", u"Files", uR"(\)", uR"(\Files\)", uR"(\Files\..\x)",
               uR"(\Files\.)", uR"(\Files\\x)", uR"(\Files\a/b)", uR"(\Files\a:b)", uR"(\Other)",
               uR"(\C:\x)", uR"(\UtilityVM\x)", u"\\Files\\" + std::u16string(256, u'x'));
  Layer layer(style);
  {
    Import import(&layer, {});
    REQUIRE(import.Add(Folder(uR"(\Files)")) == abi::S_OK);
    REQUIRE(import.Add(Folder(uR"(\UtilityVM)")) == abi::S_OK);
    CHECK(import.Next(GENERATE(true, false) ? Removal(name) : File(name, "")) ==
          abi::ERROR_INVALID_PARAMETER);
    CHECK(import.End() == abi::ERROR_INVALID_PARAMETER);
  }
  CHECK_FALSE(layer.Exists());
}

TEST_CASE("case 51b: entries before their folders, twice, below files, removed where they are",
          "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  struct Broken {
    Entries entries;
    abi::HRESULT code;
  };
  const auto [entries, code] = GENERATE(values<Broken>({
      {{File(uR"(\Files\a\b)", "")}, abi::ERROR_PATH_NOT_FOUND},
      {{File(uR"(\Files\a)", ""), File(uR"(\Files\a\b)", "")}, abi::ERROR_PATH_NOT_FOUND},
      {{File(uR"(\Files\a)", ""), Folder(uR"(\Files\a)")}, abi::ERROR_ALREADY_EXISTS},
      {{Folder(uR"(\Files\a)"), Folder(uR"(\Files\a)")}, abi::ERROR_ALREADY_EXISTS},
      {{File(uR"(\Files\a)", ""), Removal(uR"(\Files\a)")}, abi::ERROR_ALREADY_EXISTS},
      {{Removal(uR"(\Files\a)"), Removal(uR"(\Files\A)")}, abi::ERROR_ALREADY_EXISTS},
      {{Removal(uR"(\Files\a)"), File(uR"(\Files\a\b)", "")}, abi::ERROR_PATH_NOT_FOUND},
      {{Removal(uR"(\Files)")}, abi::ERROR_INVALID_PARAMETER},
      {{Removal(uR"(\Hives\a)")}, abi::ERROR_INVALID_PARAMETER},
      {{Folder(uR"(\UtilityVM\Files)")}, abi::ERROR_PATH_NOT_FOUND},
  }));
  Layer layer(style);
  CHECK(ImportAll(&layer, entries) == code);
  CHECK_FALSE(layer.Exists());
}

TEST_CASE("case 52: a layer that is used is not replaced, one that is not, is", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  Layer base(style);
  REQUIRE(base.Create() == abi::S_OK);
  REQUIRE(ImportAll(&base, BaseEntries()) == abi::S_OK);
  const Entries other = {File(uR"(\Files\other)", "x")};
  Import late(&base, {});
  REQUIRE(late.Add(other[0]) == abi::S_OK);
  Layer sandbox(style);
  if (!PrepareSandbox(&sandbox, {&base})) return;
  CHECK(ImportAll(&sandbox, BaseEntries()) == abi::ERROR_ALREADY_EXISTS);
  CHECK(ImportAll(&base, other) == abi::ERROR_SHARING_VIOLATION);
  CHECK(late.End() == abi::ERROR_SHARING_VIOLATION);
  CHECK(ReadFile(sandbox.InMount("kept.txt")) == "kept");
  REQUIRE(sandbox.Unprepare() == abi::S_OK);
  REQUIRE(sandbox.Deactivate() == abi::S_OK);
  CHECK(Comparable(ExportAll(&base)) == Comparable(BaseEntries()));
  REQUIRE(ImportAll(&base, other) == abi::S_OK);
  CHECK(Comparable(ExportAll(&base)) == Comparable(other));
}

TEST_CASE("case 52b: a layer that is being exported is not destroyed", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  Layer layer(style);
  REQUIRE(ImportAll(&layer, BaseEntries()) == abi::S_OK);
  void* context = nullptr;
  REQUIRE(Code(Table().ExportLayerBegin(layer.info(), layer.id(), nullptr, 0, &context)) ==
          abi::S_OK);
  CHECK(layer.Destroy() == abi::ERROR_SHARING_VIOLATION);
  CHECK(Code(Table().ExportLayerEnd(context)) == abi::S_OK);
  CHECK(layer.Destroy() == abi::S_OK);
}

TEST_CASE("case 53: layers and contexts that are not there", "[layer]") {
  const Style style = EachStyle();
  CAPTURE(style);
  if (!NeedsLayerStreams()) return;
  Layer layer(style);
  Layer missing(style);
  CHECK(ImportAll(&layer, BaseEntries(), {&missing}) == abi::ERROR_PATH_NOT_FOUND);
  CHECK_FALSE(layer.Exists());
  void* context = nullptr;
  CHECK(Code(Table().ExportLayerBegin(missing.info(), missing.id(), nullptr, 0, &context)) ==
        abi::ERROR_PATH_NOT_FOUND);
  CHECK(context == nullptr);
  REQUIRE(ImportAll(&layer, BaseEntries()) == abi::S_OK);
  Import import(&missing, {});
  void* ended = import.context();
  REQUIRE(import.End() == abi::S_OK);
  for (void* none : {static_cast<void*>(nullptr), ended, static_cast<void*>(&layer)}) {
    abi::FILE_BASIC_INFO info = {};
    CHECK(Code(Table().ImportLayerNext(none, uR"(\Files)", &info)) == abi::ERROR_INVALID_HANDLE);
    CHECK(Code(Table().ImportLayerWrite(none, nullptr, 0)) == abi::ERROR_INVALID_HANDLE);
    CHECK(Code(Table().ImportLayerEnd(none)) == abi::ERROR_INVALID_HANDLE);
    CHECK(Code(Table().ExportLayerEnd(none)) == abi::ERROR_INVALID_HANDLE);
  }
}

}  // namespace
}  // namespace hcs::conformance
