#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/compression/decompressor.h"
#include "tests/integration/eventually.h"
#include "tests/integration/layer_streams.h"

namespace hcs::integration {
namespace {

namespace fs = std::filesystem;
using grpc::StatusCode;
using layer::MakeDirectory;
using layer::MakeFile;
using layer::WholeEntry;

std::string Decompressed(const std::string& bytes) {
  layer::Decompressor decompressor;
  decompressor.Feed(bytes);
  bool finished = false;
  std::string raw;
  for (;;) {
    const auto event = decompressor.Next();
    if (event == layer::Decompressor::Event::kData) raw += decompressor.data();
    if (event == layer::Decompressor::Event::kNeedInput) {
      REQUIRE_FALSE(finished);
      finished = true;
      decompressor.Finish();
    }
    if (event == layer::Decompressor::Event::kEnd) return raw;
    REQUIRE(event != layer::Decompressor::Event::kError);
  }
}

TEST_CASE("what goes in as entries comes out as the same entries, byte for byte") {
  Layers layers;
  std::vector<WholeEntry> entries{
      MakeDirectory("Files"), MakeDirectory("Files\\d"),
      MakeFile("Files\\d\\rich", layer::RichStream("0123456789"), 4096 + 10, 0x223),
      MakeFile("Files\\large", std::string(1'000'000, 'l'))};
  for (int i = 0; i < 3000; ++i) {
    entries.push_back(MakeFile("Files\\d\\" + std::to_string(i), std::string(i, 'f')));
  }
  const Imported imported = ImportEntries(layers, EntriesSpec(layers, "base"), entries);
  RequireOk(imported.status);
  CHECK(imported.response.entries() == static_cast<int64_t>(entries.size()));
  CHECK(imported.response.digest().empty());
  const Exported exported = Export(layers, ExportRequest(layers, "base", v1::LAYER_FORMAT_ENTRIES));
  RequireOk(exported.status);
  CHECK(exported.entries == entries);
  CHECK(exported.summaries == 1);
  CHECK_FALSE(exported.disordered);
  CHECK(exported.summary.entries() == imported.response.entries());
  CHECK(exported.summary.bytes() == imported.response.bytes());
}

TEST_CASE("a host that takes and gives transport folders alone does the same") {
  Layers layers({"--layer-streams", "false"});
  const std::string tar = TarOf(TarEntries());
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), tar).status);
  auto spec = EntriesSpec(layers, "upper");
  spec.add_parents(layers.Folder("base"));
  RequireOk(ImportEntries(layers, spec, EntriesOverParent()).status);
  CHECK(fs::equivalent(layers.Folder("upper") / "Files" / "parents",
                       layers.Folder("base") / "Files" / "empty"));
  CHECK(layers.Scratch().empty());
  const Exported base = Export(layers, ExportRequest(layers, "base", v1::LAYER_FORMAT_ENTRIES));
  RequireOk(base.status);
  for (const WholeEntry& whole : TarEntries()) {
    // Hives are plain files there; and a folder's own stream is no content.
    if (!whole.entry.name.starts_with("Files\\")) continue;
    CAPTURE(whole.entry.name);
    CHECK(std::count(base.entries.begin(), base.entries.end(), whole) == 1);
  }
  const Exported upper = Export(layers, ExportRequest(layers, "upper", v1::LAYER_FORMAT_TAR));
  RequireOk(upper.status);
  CHECK(upper.tar.find("Files/Windows/.wh.large") != std::string::npos);
  CHECK(layers.Scratch().empty());
}

TEST_CASE("what goes in as a tar comes out as the same tar") {
  Layers layers;
  const std::string tar = TarOf(TarEntries());
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), tar).status);
  const auto compression = GENERATE(v1::LAYER_COMPRESSION_UNSPECIFIED, v1::LAYER_COMPRESSION_NONE,
                                    v1::LAYER_COMPRESSION_GZIP, v1::LAYER_COMPRESSION_ZSTD);
  auto request = ExportRequest(layers, "base", v1::LAYER_FORMAT_TAR);
  request.set_compression(compression);
  const Exported exported = Export(layers, request);
  RequireOk(exported.status);
  CHECK(Decompressed(exported.tar) == tar);
  CHECK(exported.summaries == 1);
  CHECK_FALSE(exported.disordered);
  CHECK(exported.summary.digest() == DigestOf(exported.tar));
  CHECK(exported.summary.diff_id() == DigestOf(tar));
  CHECK(exported.summary.bytes() == static_cast<int64_t>(exported.tar.size()));
  CHECK(exported.summary.raw_bytes() == static_cast<int64_t>(tar.size()));
  CHECK(exported.summary.entries() == static_cast<int64_t>(TarEntries().size()));
}

TEST_CASE("of a layer over a parent, what it removes and adds comes out") {
  Layers layers;
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), TarOf(TarEntries())).status);
  auto spec = EntriesSpec(layers, "upper");
  spec.add_parents(layers.Folder("base"));
  RequireOk(ImportEntries(layers, spec, EntriesOverParent()).status);
  // Its parents are known.
  const Exported exported =
      Export(layers, ExportRequest(layers, "upper", v1::LAYER_FORMAT_ENTRIES));
  RequireOk(exported.status);
  std::vector<std::string> names;
  for (const WholeEntry& whole : exported.entries) {
    const bool removed = whole.entry.kind == layer::LayerEntry::Kind::kRemoved;
    names.push_back((removed ? "-" : "+") + whole.entry.name);
    if (whole.entry.name == "Files\\other") CHECK(whole.stream == layer::DataStream("new"));
  }
  CHECK(names == std::vector<std::string>{"+Files", "+Files\\new", "+Files\\Windows",
                                          "-Files\\Windows\\large", "+Files\\other",
                                          "+Files\\parents"});
}

TEST_CASE("an export that cannot be is refused by name") {
  Layers layers;
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), TarOf(TarEntries())).status);
  const auto tar = ExportRequest(layers, "base", v1::LAYER_FORMAT_TAR);
  CHECK(
      Export(layers, ExportRequest(layers, "missing", v1::LAYER_FORMAT_TAR)).status.error_code() ==
      StatusCode::NOT_FOUND);
  std::vector<std::pair<v1::ExportLayerRequest, std::string>> cases(5, {tar, ""});
  cases[0].first.clear_format();
  cases[0].second = "format";
  cases[1].first.set_compression_level(1);
  cases[1].second = "compression_level";
  cases[2].first.set_compression(static_cast<v1::LayerCompression>(9));
  cases[2].second = "compression";
  cases[3].first.set_format(v1::LAYER_FORMAT_ENTRIES);
  cases[3].first.set_compression(v1::LAYER_COMPRESSION_GZIP);
  cases[3].second = "compression";
  cases[4].first.add_parents("relative");
  cases[4].second = "parents[0]";
  for (const auto& [request, field] : cases) {
    CAPTURE(field);
    const Exported refused = Export(layers, request);
    CHECK(refused.status.error_code() == StatusCode::INVALID_ARGUMENT);
    CHECK(FieldsOf(refused.status) == std::vector<std::string>{field});
    CHECK(refused.summaries == 0);
  }
}

TEST_CASE("a layer that no tar can carry says so, and goes out as entries") {
  Layers layers;
  // Content before the metadata, and more of it than is held back.
  std::string stream = layer::DataStream(std::string(1'000'000, 'c'));
  REQUIRE_FALSE(layer::AppendBackupStreamHeader(
      {.id = layer::BackupStreamId::kSecurityData, .size = 3, .name = {}}, &stream));
  stream += "sec";
  const std::vector<WholeEntry> entries{MakeFile("Files\\a", stream, 1'000'000)};
  RequireOk(ImportEntries(layers, EntriesSpec(layers, "base"), entries).status);
  const Exported refused = Export(layers, ExportRequest(layers, "base", v1::LAYER_FORMAT_TAR));
  CHECK(refused.status.error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(refused.status.error_message().find("Files\\a") != std::string::npos);
  CHECK(refused.summaries == 0);
  const Exported exported = Export(layers, ExportRequest(layers, "base", v1::LAYER_FORMAT_ENTRIES));
  RequireOk(exported.status);
  REQUIRE(exported.entries.size() == 1);
  CHECK(exported.entries[0].stream == stream);
}

TEST_CASE("an export that its client leaves gives its turn on") {
  Layers layers;
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), TarOf(TarEntries())).status);
  Call call;
  v1::ExportLayerResponse message;
  const auto reader = layers.stub().ExportLayer(
      call.context(), ExportRequest(layers, "base", v1::LAYER_FORMAT_TAR));
  REQUIRE(reader->Read(&message));
  // Another may read it, too.
  RequireOk(Export(layers, ExportRequest(layers, "base", v1::LAYER_FORMAT_TAR)).status);
  call->TryCancel();
  CHECK(reader->Finish().error_code() == StatusCode::CANCELLED);
  RequireOk(layers.Destroy("base"));
}

}  // namespace
}  // namespace hcs::integration
