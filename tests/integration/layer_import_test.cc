#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "core/layer/backup_stream/little_endian.h"
#include "core/layer/backup_stream/stream_header.h"
#include "core/layer/ea_data.h"
#include "core/layer/posix_tar/posix_tar_writer.h"
#include "tests/integration/layer_streams.h"

namespace hcs::integration {
namespace {

namespace fs = std::filesystem;
using grpc::StatusCode;
using layer::Compression;
using layer::MakeDirectory;
using layer::MakeFile;

// With the mode as WSL keeps it.
layer::WholeEntry LinuxFile(std::string name, uint32_t mode, const std::string& content) {
  const auto number = [](uint32_t value) {
    std::string bytes;
    layer::AppendLittleEndian(value, &bytes);
    return bytes;
  };
  const auto attributes = layer::BuildEaData(
      {{0, "$LXUID", number(0)}, {0, "$LXGID", number(0)}, {0, "$LXMOD", number(mode)}});
  REQUIRE(attributes.ok());
  std::string stream;
  REQUIRE_FALSE(layer::AppendBackupStreamHeader(
      {.id = layer::BackupStreamId::kEaData, .size = attributes->size(), .name = {}}, &stream));
  stream += *attributes;
  const bool directory = (mode & 040000) != 0;
  if (directory) return MakeFile(std::move(name), stream, 0, 0x10);
  return MakeFile(std::move(name), stream + layer::DataStream(content),
                  static_cast<int64_t>(content.size()), 0x20);
}

TEST_CASE("a tar becomes a layer, compressed or not, and its digests are told") {
  const auto compression = GENERATE(Compression::kNone, Compression::kGzip, Compression::kZstd);
  Layers layers;
  const std::string raw = TarOf(TarEntries());
  const std::string tar = Compressed(raw, compression);
  const Imported imported = ImportTar(layers, TarSpec(layers, "base"), tar);
  RequireOk(imported.status);
  const v1::ImportLayerResponse& response = imported.response;
  CHECK_FALSE(response.already_present());
  CHECK(response.digest() == DigestOf(tar));
  CHECK(response.diff_id() == DigestOf(raw));
  CHECK(response.compression() == static_cast<int>(compression) + v1::LAYER_COMPRESSION_NONE);
  CHECK(response.bytes() == static_cast<int64_t>(tar.size()));
  CHECK(response.raw_bytes() == static_cast<int64_t>(raw.size()));
  CHECK(response.entries() == static_cast<int64_t>(TarEntries().size()));
  CHECK(response.layer().path() == layers.Folder("base"));
  CHECK(layers.Get("base").kind() == v1::LAYER_KIND_READ_ONLY);
  CHECK(layers.Get("base").diff_id() == DigestOf(raw));
  CHECK(ReadFile(layers.Folder("base") / "Files" / "\xC3\xBCn\xC3\xAF") == "unicode");
  CHECK(layers.Scratch().empty());
}

TEST_CASE("a Linux layer's tar comes out as it went in, names in either case") {
  Layers layers;
  std::string tar;
  layer::PosixTarWriter writer([&tar](std::string_view bytes) {
    tar += bytes;
    return absl::OkStatus();
  });
  REQUIRE(layer::WriteAll({LinuxFile("Files", 040755, ""), LinuxFile("Files\\a", 0100644, "small"),
                           LinuxFile("Files\\A", 0100755, "large")},
                          &writer)
              .ok());
  REQUIRE(writer.Commit().ok());
  auto spec = TarSpec(layers, "base");
  CHECK(ImportTar(layers, spec, tar).status.error_code() == StatusCode::INVALID_ARGUMENT);
  CheckNothingLeft(layers);
  spec.set_format(v1::LAYER_FORMAT_LINUX_TAR);
  RequireOk(ImportTar(layers, spec, tar).status);
  CHECK(ReadFile(layers.Folder("base") / "Files" / "a") == "small");
  CHECK(ReadFile(layers.Folder("base") / "Files" / "A") == "large");
  const Exported exported =
      Export(layers, ExportRequest(layers, "base", v1::LAYER_FORMAT_LINUX_TAR));
  RequireOk(exported.status);
  CHECK(exported.tar == tar);
  CHECK(exported.summary.diff_id() == DigestOf(tar));
}

TEST_CASE("hard links and removals over a parent are what the layer then has") {
  Layers layers;
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), TarOf(TarEntries())).status);
  const bool as_tar = GENERATE(true, false);
  auto spec = as_tar ? TarSpec(layers, "upper") : EntriesSpec(layers, "upper");
  spec.add_parents(layers.Folder("base"));
  const auto entries = EntriesOverParent();
  RequireOk(
      (as_tar ? ImportTar(layers, spec, TarOf(entries)) : ImportEntries(layers, spec, entries))
          .status);
  const fs::path files = layers.Folder("upper") / "Files";
  CHECK(fs::equivalent(files / "new", files / "other"));
  CHECK(fs::equivalent(files / "parents", layers.Folder("base") / "Files" / "empty"));
  REQUIRE(layers.Get("upper").parents_size() == 1);
  CHECK(layers.Get("upper").parents(0) == layers.Folder("base"));
  CHECK(layers.Destroy("base").error_code() == StatusCode::FAILED_PRECONDITION);
}

TEST_CASE("a tar that is not what its digest says is refused with both, and nothing stays") {
  Layers layers;
  const std::string raw = TarOf(TarEntries());
  const std::string tar = Compressed(raw, Compression::kGzip);
  const std::string other = "sha256:" + std::string(64, '7');
  const bool diff_id = GENERATE(true, false);
  auto spec = TarSpec(layers, "base");
  (diff_id ? spec.mutable_expected_diff_id() : spec.mutable_expected_digest())->assign(other);
  const Imported refused = ImportTar(layers, spec, tar);
  CHECK(refused.status.error_code() == StatusCode::DATA_LOSS);
  CHECK(Mentions(refused.status, other));
  CHECK(Mentions(refused.status, DigestOf(diff_id ? raw : tar)));
  CheckNothingLeft(layers);

  spec.set_expected_digest(DigestOf(tar));
  spec.set_expected_diff_id(DigestOf(raw));
  RequireOk(ImportTar(layers, spec, tar).status);
}

TEST_CASE("a tar that is cut off, damaged or none is refused, and nothing stays") {
  Layers layers;
  const std::string raw = TarOf(TarEntries());
  const std::string gzip = Compressed(raw, Compression::kGzip);
  std::string damaged = gzip;
  damaged[damaged.size() / 2] ^= 0x55;
  const auto [tar, code] = GENERATE_COPY(table<std::string, StatusCode>({
      {raw.substr(0, raw.size() / 2), StatusCode::INVALID_ARGUMENT},
      {gzip.substr(0, gzip.size() / 2), StatusCode::DATA_LOSS},
      {damaged, StatusCode::DATA_LOSS},
      {std::string(5000, 'x'), StatusCode::INVALID_ARGUMENT},
      {TarOf(TarEntries()).substr(0, 700), StatusCode::INVALID_ARGUMENT},
  }));
  const Imported refused = ImportTar(layers, TarSpec(layers, "base"), tar);
  CHECK(refused.status.error_code() == code);
  CHECK_FALSE(refused.status.error_message().empty());
  CheckNothingLeft(layers);
}

TEST_CASE("messages that break the contract are refused by name, and nothing stays") {
  Layers layers;
  const auto tar_spec = TarSpec(layers, "base");
  auto no_format = tar_spec;
  no_format.clear_format();
  auto bad_digest = tar_spec;
  bad_digest.set_expected_digest("sha256:12");
  auto digest_of_entries = EntriesSpec(layers, "base");
  digest_of_entries.set_expected_diff_id("sha256:" + std::string(64, '1'));
  auto bad_parent = tar_spec;
  bad_parent.add_parents("relative");
  v1::ImportLayerRequest no_entry;
  no_entry.mutable_content()->add_parts()->set_stream("bytes");
  auto no_kind = EntryMessage(MakeFile("Files\\a", "a"));
  no_kind.mutable_content()->mutable_parts(0)->mutable_entry()->clear_kind();
  using Messages = std::vector<v1::ImportLayerRequest>;
  const std::vector<std::pair<Messages, std::string>> cases{
      {{TarMessage("x")}, "spec"},
      {{DoneMessage()}, "spec"},
      {{SpecMessage(tar_spec), SpecMessage(tar_spec)}, "spec"},
      {{SpecMessage(tar_spec), EntryMessage(MakeFile("Files\\a", "a"))}, "content"},
      {{SpecMessage(EntriesSpec(layers, "base")), TarMessage("x")}, "tar"},
      {{SpecMessage(tar_spec), v1::ImportLayerRequest()}, "message"},
      {{SpecMessage(no_format)}, "format"},
      {{SpecMessage(bad_digest)}, "expected_digest"},
      {{SpecMessage(digest_of_entries)}, "expected_diff_id"},
      {{SpecMessage(bad_parent)}, "parents[0]"},
      {{SpecMessage(layers.Named<v1::ImportLayerSpec>("a/b"))}, "id"},
      {{SpecMessage(EntriesSpec(layers, "base")), no_entry}, "content.parts[0].entry"},
      {{SpecMessage(EntriesSpec(layers, "base")), no_kind}, "entry.kind"},
  };
  for (const auto& [messages, field] : cases) {
    CAPTURE(field);
    const Imported refused = Send(layers, messages);
    CHECK(refused.status.error_code() == StatusCode::INVALID_ARGUMENT);
    CHECK(FieldsOf(refused.status) == std::vector<std::string>{field});
  }
  CheckNothingLeft(layers);
}

TEST_CASE("entries that are none of a layer's are refused in words, and nothing stays") {
  Layers layers;
  const auto [entries, rule] = GENERATE(table<std::vector<layer::WholeEntry>, std::string>({
      {{MakeFile("Files\\..\\..\\etc\\passwd", "x")}, "dots and spaces"},
      {{MakeFile("Files\\a", "x"), MakeFile("Files\\A", "x")}, "twice"},
      {{MakeFile("Files\\d\\a", "x")}, "after its folder"},
      {{MakeFile("Files\\a", "no backup stream", 3)}, "backup stream, byte"},
      {{layer::MakeLink("Files\\a", "Files\\b")}, "hard link"},
  }));
  const Imported refused = ImportEntries(layers, EntriesSpec(layers, "base"), entries);
  CHECK(refused.status.error_code() == StatusCode::INVALID_ARGUMENT);
  CHECK(Mentions(refused.status, rule));
  CheckNothingLeft(layers);
}

TEST_CASE("a layer over a parent that is not there is not found") {
  Layers layers;
  auto spec = TarSpec(layers, "upper");
  spec.add_parents(layers.Folder("missing"));
  CHECK(ImportTar(layers, spec, TarOf(TarEntries())).status.error_code() == StatusCode::NOT_FOUND);
  CheckNothingLeft(layers);
}

TEST_CASE("a layer that is there is not imported over, unless it is that very content") {
  Layers layers;
  const std::string raw = TarOf(TarEntries());
  const std::string gzip = Compressed(raw, Compression::kGzip);
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), gzip).status);
  CHECK(ImportTar(layers, TarSpec(layers, "base"), raw).status.error_code() ==
        StatusCode::ALREADY_EXISTS);

  auto spec = TarSpec(layers, "base");
  SECTION("by digest") { spec.set_expected_digest(DigestOf(gzip)); }
  SECTION("by diff id, though it would come otherwise") {
    spec.set_expected_diff_id(DigestOf(raw));
    spec.set_expected_digest(DigestOf(raw));
  }
  // Nothing but the spec is needed.
  const Imported present = Send(layers, {SpecMessage(spec)});
  RequireOk(present.status);
  CHECK(present.response.already_present());
  CHECK(present.response.layer().path() == layers.Folder("base"));

  RequireOk(ImportTar(layers, TarSpec(layers, "other"), raw).status);
  auto other_parents = spec;
  other_parents.add_parents(layers.Folder("other"));
  CHECK(Send(layers, {SpecMessage(other_parents)}).status.error_code() ==
        StatusCode::ALREADY_EXISTS);

  layers.daemon().Signal(SIGTERM);
  layers.daemon().WaitForExit();
  layers.daemon().Start();
  layers.Reconnect();
  CHECK(Send(layers, {SpecMessage(spec)}).response.already_present());
  RequireOk(layers.Destroy("base"));
  CHECK(Send(layers, {SpecMessage(spec)}).status.error_code() == StatusCode::DATA_LOSS);
}

TEST_CASE("the same request id gives the same answer, and reads nothing") {
  Layers layers;
  auto spec = TarSpec(layers, "base");
  spec.set_request_id("once");
  const Imported first = ImportTar(layers, spec, TarOf(TarEntries()));
  RequireOk(first.status);
  const Imported second = Send(layers, {SpecMessage(spec)});
  RequireOk(second.status);
  CHECK(second.response.SerializeAsString() == first.response.SerializeAsString());
  spec.set_id("another");
  CHECK(Send(layers, {SpecMessage(spec)}).status.error_code() == StatusCode::ALREADY_EXISTS);
  CHECK_FALSE(layers.Exists("another"));
}

}  // namespace
}  // namespace hcs::integration
