#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/abi/hresult.h"
#include "core/runtime/layer_records.h"
#include "tests/unit/runtime_image_fixture.h"

namespace hcs::runtime {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using image::DigestOf;
using image::OciArchive;
using image::TestImage;

// A Linux layer with one file.
std::string LayerTar(const std::string& name) {
  return layer::WriteTar({image::TestFile(name, "content of " + name)});
}

const TestImage& One() {
  static const TestImage image({LayerTar("base")}, {{"Cmd", {"sh"}}});
  return image;
}
const TestImage& Two() {
  static const TestImage image({LayerTar("base"), LayerTar("top")}, {{"Cmd", {"top"}}});
  return image;
}

std::string Error(const absl::Status& status) { return std::string(status.message()); }

TEST_CASE("an archive becomes an image, its layers the host's") {
  for (const bool entries : {true, false}) {
    ImageFixture fixture(entries);
    const auto result = fixture.Import(OciArchive(Two(), "localhost/two:1"));
    REQUIRE(result.status() == absl::OkStatus());
    CHECK(result->imported_layers() == 2);
    const auto image = fixture.services->images->Find("two:1");
    REQUIRE(image.ok());
    CHECK(image->id() == Two().Id());
    CHECK(image->digest() == DigestOf(Two().ManifestText()));
    REQUIRE(image->layers_size() == 2);
    for (const v1::ImageLayer& layer : image->layers()) {
      CHECK(fixture.host.layers.contains(layer.path()));
      const auto known = fixture.services->layer_ledger->Find(layer.path());
      REQUIRE(known.has_value());
      CHECK(known->diff_id() == layer.diff_id());
    }
    CHECK(fixture.services->layer_ledger->Find(image->layers(1).path())->parents(0) ==
          image->layers(0).path());
    CHECK(fixture.Blobs() == 4);
    fixture.WaitForScratch();
  }
}

TEST_CASE("what is there is not imported again, and goes with its last image") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(One(), "one")).ok());
  const auto second = fixture.Import(OciArchive(Two(), "two"));
  REQUIRE(second.ok());
  CHECK(second->imported_layers() == 1);
  CHECK(second->present_layers() == 1);
  const auto again = fixture.Import(OciArchive(Two(), "again"));
  REQUIRE(again.ok());
  CHECK(again->imported_layers() == 0);
  CHECK(again->images(0).references_size() == 2);

  CHECK(fixture.Remove("two")->removed_id().empty());
  const auto removed = fixture.Remove("again");
  REQUIRE(removed.ok());
  CHECK(removed->removed_id() == Two().Id());
  CHECK(removed->removed_chain_ids_size() == 1);
  CHECK(fixture.host.layers.size() == 1);
  REQUIRE(fixture.Remove(One().Id()).ok());
  CHECK(fixture.host.layers.empty());
  CHECK(fixture.Blobs() == 0);
  CHECK(absl::IsNotFound(fixture.Remove("one").status()));
}

TEST_CASE("a name moves to the image that got it last") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(One(), "x")).ok());
  REQUIRE(fixture.Import(OciArchive(Two(), "x")).ok());
  CHECK(fixture.services->images->Find("x")->id() == Two().Id());
  CHECK(fixture.services->images->Find(One().Id())->references().empty());
  REQUIRE(fixture.Tag(One().Id().substr(7, 12), "localhost/y").ok());
  CHECK(fixture.services->images->Find("y")->id() == One().Id());
  REQUIRE(fixture.Tag("y", "x").ok());
  CHECK(fixture.services->images->Find("x")->id() == One().Id());
  CHECK(absl::IsFailedPrecondition(fixture.Remove(One().Id()).status()));
  CHECK(fixture.Remove(One().Id(), true)->untagged_references_size() == 2);
  CHECK(absl::IsInvalidArgument(fixture.Tag(Two().Id(), "No Name").status()));
}

TEST_CASE("ids may be cut short where that is clear") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(One(), "x")).ok());
  REQUIRE(fixture.Import(OciArchive(Two(), "y")).ok());
  const ImageStore& store = *fixture.services->images;
  CHECK(store.Find(One().Id())->id() == One().Id());
  CHECK(store.Find(One().Id().substr(0, 20))->id() == One().Id());
  CHECK(absl::IsNotFound(store.Find("zzz").status()));
  CHECK(store.Find("x@" + DigestOf(One().ManifestText()))->id() == One().Id());
}

TEST_CASE("what an image's layers are used by keeps it") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(One(), "one")).ok());
  REQUIRE(fixture.Import(OciArchive(Two(), "two")).ok());
  const auto one = fixture.services->images->Find("one");
  const std::string base = one->layers(0).path();
  const std::string sandbox = (fixture.folder.path() / "sandbox").string();
  fixture.host.layers[sandbox] = {};
  RecordLayer(*fixture.services, sandbox, v1::LAYER_KIND_SANDBOX, {base});
  const auto refused = fixture.Remove("one");
  CHECK(absl::IsFailedPrecondition(refused.status()));
  CHECK_THAT(Error(refused.status()), Contains("in use by layer " + sandbox));
  // The other image's layer goes, the shared one stays.
  REQUIRE(fixture.Remove("two").ok());
  fixture.host.layers.erase(sandbox);
  CHECK(fixture.Remove("one").ok());
}

TEST_CASE("an import that fails leaves nothing, whatever fails") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(One(), "one")).ok());
  const size_t blobs = fixture.Blobs();
  TestImage broken({LayerTar("base"), LayerTar("top"), LayerTar("third")});
  SECTION("the last layer is another than its diff id says") {
    broken.configuration["rootfs"]["diff_ids"][2] = DigestOf("other");
    const auto result = fixture.Import(OciArchive(broken, "x"));
    CHECK(absl::IsDataLoss(result.status()));
    CHECK_THAT(Error(result.status()), Contains(DigestOf("other")));
  }
  SECTION("the host fails") {
    fixture.host.failures["ImportLayerEnd"] = abi::ERROR_DISK_FULL;
    CHECK(!fixture.Import(OciArchive(broken, "x")).ok());
  }
  SECTION("the archive is cut off") {
    const std::string archive = OciArchive(broken, "x");
    CHECK(!fixture.Import(archive.substr(0, archive.size() / 2)).ok());
  }
  SECTION("the names are for one image alone") {
    v1::ImportImageStart start;
    start.add_references("Bad");
    CHECK_THAT(Error(fixture.Import(OciArchive(broken, "x"), start).status()),
               Contains("start.references[0]"));
  }
  CHECK(fixture.host.layers.size() == 1);
  CHECK(fixture.Blobs() == blobs);
  CHECK(fixture.services->images->All().size() == 1);
  fixture.WaitForScratch();
}

TEST_CASE("an import that is cancelled leaves nothing") {
  ImageFixture fixture;
  Listener<ImageImport> listener;
  const auto import = ImageImport::New(*fixture.services, {}, listener.Wake());
  import->Start({}, [](const absl::Status&) {});
  import->Cancel();
  auto pulled = listener.Next(*import);
  while (std::holds_alternative<v1::ImportImageResponse>(pulled)) pulled = listener.Next(*import);
  CHECK(absl::IsCancelled(std::get<ImageImport::End>(pulled).status));
  fixture.WaitForScratch();
}

TEST_CASE("images are found again, and what a daemon has left behind goes") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(Two(), "two")).ok());
  const fs::path layers = fixture.services->images->layer_folder();
  const fs::path blobs = fixture.services->images->blob_folder();
  const std::string stray = (layers / std::string(64, 'f')).string();
  fs::create_directory(stray);
  fixture.host.layers[stray] = {};
  std::ofstream(blobs / std::string(64, 'f')) << "stray";
  fixture.Restart();
  CHECK(fixture.services->images->Find("two")->id() == Two().Id());
  CHECK(fixture.host.destroyed == std::vector<std::string>{stray});
  CHECK(fixture.Blobs() == 4);
  CHECK(fixture.reports.empty());
}

TEST_CASE("a damaged list is set aside, and nothing is removed for it") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(Two(), "two")).ok());
  const fs::path file = fixture.folder.path() / "state" / "images" / "images.json";
  std::ofstream(file) << "{";
  fixture.Restart();
  CHECK(fixture.services->images->All().empty());
  CHECK(fs::exists(file.string() + ".corrupt"));
  CHECK(fixture.host.layers.size() == 2);
  CHECK(fixture.Blobs() == 4);
  REQUIRE(fixture.reports.size() == 1);
}

TEST_CASE("an export is imported again, the same") {
  ImageFixture fixture;
  REQUIRE(fixture.Import(OciArchive(One(), "one")).ok());
  REQUIRE(fixture.Import(OciArchive(Two(), "two")).ok());
  REQUIRE(fixture.Tag("two", "other").ok());
  const auto exported = fixture.Export({"one", Two().Id()});
  REQUIRE(exported.ok());
  REQUIRE(fixture.Remove("one").ok());
  REQUIRE(fixture.Remove(Two().Id(), true).ok());
  const auto result = fixture.Import(*exported);
  REQUIRE(result.ok());
  REQUIRE(result->images_size() == 2);
  CHECK(result->images(0).digest() == DigestOf(One().ManifestText()));
  CHECK(result->images(1).id() == Two().Id());
  CHECK(result->images(1).references_size() == 2);
  CHECK(absl::IsNotFound(fixture.Export({"gone"}).status()));
  CHECK(absl::IsInvalidArgument(fixture.Export({}).status()));
}

}  // namespace
}  // namespace hcs::runtime
