#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/abi/hresult.h"
#include "core/layer/transport_folder_writer.h"
#include "core/platform/linux_name.h"
#include "core/runtime/layer_chain.h"
#include "core/runtime/layer_content_reader.h"
#include "core/runtime/layer_content_writer.h"
#include "core/runtime/layer_links.h"
#include "core/runtime/recovery.h"
#include "core/runtime/services.h"
#include "tests/unit/runtime_content_host.h"

namespace hcs::runtime {
namespace {

namespace fs = std::filesystem;
using layer::MakeDirectory;
using layer::MakeFile;
using layer::MakeLink;
using layer::MakeRemoved;
using layer::WholeEntry;

// A runtime's services over a ContentHost, in a folder of their own.
class Fixture {
 public:
  explicit Fixture(bool entries) : host(entries) { Restart(); }

  void Restart() {
    services = nullptr;
    const std::string state = (folder.path() / "state").string();
    RuntimeOptions options;
    options.report = [this](const std::string& text) { reports.push_back(text); };
    services = StartServices(host.table, state, std::move(options));
  }

  std::string Path(const std::string& name) const { return (folder.path() / name).string(); }
  std::unique_ptr<LayerContentWriter> Begin(const std::string& name,
                                            const std::vector<std::string>& parents = {}) {
    auto writer = LayerContentWriter::Begin(*services, {folder.path().string(), name}, parents);
    REQUIRE(writer.ok());
    return *std::move(writer);
  }
  void Import(const std::string& name, const std::vector<WholeEntry>& entries,
              const std::vector<std::string>& parents = {}) {
    const auto writer = Begin(name, parents);
    const absl::Status written = layer::WriteAll(entries, writer.get());
    CHECK(written.message() == "");
    const absl::Status committed = writer->Commit();
    CHECK(committed.message() == "");
  }
  bool ScratchIsEmpty() const { return fs::is_empty(folder.path() / "state" / "layer-scratch"); }

  const layer::TemporaryFolder folder;
  std::vector<std::string> reports;
  ContentHost host;
  std::unique_ptr<Services> services;
};

std::vector<WholeEntry> Tree() {
  return {MakeDirectory("Files"), MakeDirectory("Files\\d"), MakeFile("Files\\d\\a", "content"),
          MakeFile("Files\\rich", layer::RichStream("0123456789"), 10)};
}

ino_t InodeOf(const fs::path& path) {
  struct stat found {};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_ino;
}

std::string StateOf(const std::string& message, const std::string& part) {
  return message.find(part) == std::string::npos ? message : part;
}

TEST_CASE("A layer goes in and comes out, whichever way the host has", "[runtime][layers]") {
  const bool entries = GENERATE(true, false);
  Fixture fixture(entries);
  fixture.Import("base", Tree());
  const std::vector<std::string> parents{fixture.Path("base")};
  const std::vector<WholeEntry> upper{MakeRemoved("Files\\d\\a"), MakeDirectory("Files"),
                                      MakeFile("Files\\b", "b")};
  const std::string digest = "sha256:" + std::string(64, 'a');
  {
    const auto writer = fixture.Begin("upper", parents);
    writer->SetDigests({digest, digest});
    REQUIRE(layer::WriteAll(upper, writer.get()).ok());
    // Until it is whole, there is none.
    CHECK_FALSE(fixture.host.layers.contains(fixture.Path("upper")));
    REQUIRE(writer->Commit().ok());
    CHECK_FALSE(writer->Commit().ok());
  }
  const auto known = fixture.services->layer_ledger->Find(fixture.Path("upper"));
  REQUIRE(known);
  CHECK(known->kind() == v1::LAYER_KIND_READ_ONLY);
  CHECK(known->diff_id() == digest);
  CHECK(ReadLayerChain(fixture.Path("upper")) == parents);
  CHECK(fixture.ScratchIsEmpty());
  {
    auto reader =
        LayerContentReader::Begin(*fixture.services, {"", fixture.Path("upper")}, parents);
    REQUIRE(reader.ok());
    const auto read = layer::ReadAll(reader->get());
    REQUIRE(read.ok());
    // The size is the host's to say, and an import does not tell it.
    REQUIRE(read->size() == upper.size());
    for (size_t i = 0; i < upper.size(); ++i) {
      const auto same = std::find_if(read->begin(), read->end(), [&](const WholeEntry& found) {
        return found.entry.name == upper[i].entry.name;
      });
      REQUIRE(same != read->end());
      CHECK(same->entry.kind == upper[i].entry.kind);
      CHECK(same->stream == upper[i].stream);
    }
  }
  CHECK(fixture.ScratchIsEmpty());
  CHECK(fixture.host.destroyed.empty());
}

TEST_CASE("Hard links are made in the layer's own folder", "[runtime][layers]") {
  const bool entries = GENERATE(true, false);
  Fixture fixture(entries);
  fixture.Import("base", Tree());
  auto upper = Tree();
  upper.push_back(MakeLink("Files\\d\\own", "Files\\rich"));
  upper.push_back(MakeLink("Files\\d\\chained", "Files\\d\\own"));
  upper.erase(upper.begin() + 2);  // Files\d\a: now the parent's.
  upper.push_back(MakeLink("Files\\parents", "Files\\d\\a"));
  fixture.Import("upper", upper, {fixture.Path("base")});
  const fs::path files = fs::path(fixture.Path("upper")) / "Files";
  CHECK(InodeOf(files / "d/own") == InodeOf(files / "rich"));
  CHECK(InodeOf(files / "d/chained") == InodeOf(files / "rich"));
  CHECK(InodeOf(files / "parents") == InodeOf(fs::path(fixture.Path("base")) / "Files/d/a"));
}

TEST_CASE("A directory keeps its times when a link is put into it", "[runtime][layers]") {
  const layer::TemporaryFolder folder;
  fs::create_directories(folder.path() / "Files/d");
  std::ofstream(folder.path() / "Files/a") << "a";
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1000);
  fs::last_write_time(folder.path() / "Files/d", long_ago);
  const layer::PendingLink link{"Files\\d\\l", "Files\\a", -1};
  REQUIRE(MakeLayerLinks(folder.path().string(), {}, {&link, 1}).ok());
  CHECK(InodeOf(folder.path() / "Files/d/l") == InodeOf(folder.path() / "Files/a"));
  CHECK(fs::last_write_time(folder.path() / "Files/d") == long_ago);
  // The place is taken.
  const absl::Status again = MakeLayerLinks(folder.path().string(), {}, {&link, 1});
  CHECK(absl::IsInvalidArgument(again));
}

TEST_CASE("A Linux file's link is made under the name that it has on disk", "[runtime][layers]") {
  const layer::TemporaryFolder folder;
  fs::create_directories(folder.path() / "Files/Foo::Bar");
  std::ofstream(folder.path() / "Files/a?") << "a";
  const std::string target = "Files\\a" + platform::WindowsNameOf("?");
  const std::string name = "Files\\" + platform::WindowsNameOf("Foo::Bar") + "\\l";
  const layer::PendingLink link{name, target, -1};
  REQUIRE(MakeLayerLinks(folder.path().string(), {}, {&link, 1}).ok());
  CHECK(InodeOf(folder.path() / "Files/Foo::Bar/l") == InodeOf(folder.path() / "Files/a?"));
  CHECK(LinkTargets({folder.path().string()}).Find(target).value() == 0);
}

TEST_CASE("A hard link that leads nowhere is refused, and nothing stays", "[runtime][layers]") {
  const bool entries = GENERATE(true, false);
  Fixture fixture(entries);
  fixture.Import("base", Tree());
  {
    const auto writer = fixture.Begin("upper", {fixture.Path("base")});
    const absl::Status refused = layer::WriteAll(
        {MakeDirectory("Files"), MakeLink("Files\\l", "Files\\nowhere")}, writer.get());
    CHECK(absl::IsInvalidArgument(refused));
    CHECK(StateOf(std::string(refused.message()), "neither in the layer so far nor in a parent") ==
          "neither in the layer so far nor in a parent");
    CHECK(writer->Commit() == refused);
  }
  CHECK_FALSE(fixture.host.layers.contains(fixture.Path("upper")));
  CHECK_FALSE(fs::exists(fixture.Path("upper")));
  CHECK(fixture.ScratchIsEmpty());
}

TEST_CASE("What is wrong with an entry is said in words, and nothing stays", "[runtime][layers]") {
  const bool entries = GENERATE(true, false);
  Fixture fixture(entries);
  const auto [bad, rule] = GENERATE(table<std::vector<WholeEntry>, std::string>({
      {{MakeFile("Files\\a", "1"), MakeFile("Files\\A", "2")}, "must not be there twice"},
      {{MakeFile("Files\\..\\a", "1")}, "dots and spaces"},
      {{MakeFile("Files\\d\\a", "1")}, "must come after its folder"},
      {{MakeFile("Files\\a", "no backup stream at all", 5)}, "backup stream, byte"},
      {{MakeFile("Files\\a", layer::DataStream("cut").substr(0, 21), 3),
        MakeFile("Files\\b", "next")},
       "backup stream, byte"},
  }));
  {
    const auto writer = fixture.Begin("bad");
    const absl::Status refused = layer::WriteAll(bad, writer.get());
    CHECK(absl::IsInvalidArgument(refused));
    CHECK(StateOf(std::string(refused.message()), rule) == rule);
  }
  CHECK(fixture.host.layers.empty());
  CHECK_FALSE(fs::exists(fixture.Path("bad")));
  CHECK_FALSE(fixture.services->layer_ledger->Find(fixture.Path("bad")));
  CHECK(fixture.ScratchIsEmpty());
}

TEST_CASE("An import that the host fails leaves nothing", "[runtime][layers]") {
  const bool entries = GENERATE(true, false);
  Fixture fixture(entries);
  fixture.host.failures[entries ? "ImportLayerEnd" : "ImportLayer"] = abi::ERROR_DISK_FULL;
  {
    const auto writer = fixture.Begin("l");
    REQUIRE(layer::WriteAll(Tree(), writer.get()).ok());
    CHECK(absl::IsResourceExhausted(writer->Commit()));
    CHECK_FALSE(writer->Commit().ok());
  }
  CHECK(fixture.host.layers.empty());
  CHECK(fixture.ScratchIsEmpty());
}

TEST_CASE("A layer that is there is not imported over", "[runtime][layers]") {
  Fixture fixture(true);
  fixture.Import("l", Tree());
  const auto again =
      LayerContentWriter::Begin(*fixture.services, {fixture.folder.path().string(), "l"}, {});
  CHECK(absl::IsAlreadyExists(again.status()));
  CHECK(fixture.host.layers.contains(fixture.Path("l")));
  CHECK(fixture.host.destroyed.empty());
}

TEST_CASE("What somebody else has in the layer's place is not touched", "[runtime][layers]") {
  Fixture fixture(true);
  const fs::path place = fixture.folder.path() / "photos";
  fs::create_directory(place);
  // A chain alone may have been written ahead.
  REQUIRE(WriteLayerChain(place.string(), {}).ok());
  fixture.Begin("photos").reset();
  CHECK(fixture.host.destroyed == std::vector<std::string>{place.string()});
  fs::create_directory(place);
  std::ofstream(place / "photo") << "a photo";
  const auto refused =
      LayerContentWriter::Begin(*fixture.services, {fixture.folder.path().string(), "photos"}, {});
  CHECK(absl::IsAlreadyExists(refused.status()));
  CHECK(fs::exists(place / "photo"));
  CHECK(fixture.host.destroyed.size() == 1);
  CHECK(fixture.ScratchIsEmpty());
}

TEST_CASE("A host without either way says so before anything is sent", "[runtime][layers]") {
  Fixture fixture(false);
  fixture.host.table.ImportLayer = nullptr;
  fixture.host.table.ExportLayer = nullptr;
  const host::LayerAddress address{fixture.folder.path().string(), "l"};
  CHECK(absl::IsUnimplemented(LayerContentWriter::Begin(*fixture.services, address, {}).status()));
  CHECK(absl::IsUnimplemented(LayerContentReader::Begin(*fixture.services, address, {}).status()));
  CHECK(fixture.ScratchIsEmpty());
}

TEST_CASE("What a daemon that died was importing goes at the next start", "[runtime][layers]") {
  Fixture fixture(true);
  fixture.Import("whole", Tree());
  // As kill -9 leaves it: the mark, the host's half of a layer, and a transport folder.
  auto scratch = fixture.services->layer_scratch->MakeFolder();
  REQUIRE(scratch.ok());
  REQUIRE(scratch->MarkDraft({fixture.folder.path().string(), "half"}).ok());
  auto lone = fixture.services->layer_scratch->MakeFolder();
  REQUIRE(lone.ok());
  fs::create_directories(lone->path() / "content/Files");
  scratch->Abandon();
  lone->Abandon();
  fixture.host.layers[fixture.Path("half")] = {};
  fs::create_directories(fs::path(fixture.Path("half")) / "Files");

  fixture.host.failures["DestroyLayer"] = abi::ERROR_SHARING_VIOLATION;
  fixture.Restart();
  CHECK(fixture.host.layers.contains(fixture.Path("half")));
  CHECK_FALSE(fixture.ScratchIsEmpty());
  REQUIRE(fixture.reports.size() == 1);
  CHECK(StateOf(fixture.reports[0], "cannot be destroyed") == "cannot be destroyed");

  fixture.host.failures.clear();
  fixture.Restart();
  CHECK_FALSE(fixture.host.layers.contains(fixture.Path("half")));
  CHECK_FALSE(fs::exists(fixture.Path("half")));
  CHECK(fixture.host.layers.contains(fixture.Path("whole")));
  CHECK(fixture.ScratchIsEmpty());
}

TEST_CASE("An export that the host fails says so, and goes on saying it", "[runtime][layers]") {
  Fixture fixture(true);
  fixture.Import("l", Tree());
  fixture.host.failures["ExportLayerRead"] = abi::ERROR_ACCESS_DENIED;
  auto reader = LayerContentReader::Begin(*fixture.services, {"", fixture.Path("l")}, {});
  REQUIRE(reader.ok());
  const auto read = layer::ReadAll(reader->get());
  CHECK(absl::IsPermissionDenied(read.status()));
  layer::LayerEntry entry;
  CHECK((*reader)->Next(&entry).status() == read.status());
  fixture.host.failures = {{"ExportLayerEnd", abi::ERROR_ACCESS_DENIED}};
  reader = LayerContentReader::Begin(*fixture.services, {"", fixture.Path("l")}, {});
  CHECK(absl::IsPermissionDenied(layer::ReadAll(reader->get()).status()));
}

}  // namespace
}  // namespace hcs::runtime
