#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "tests/integration/eventually.h"
#include "tests/integration/layer_streams.h"

namespace hcs::integration {
namespace {

namespace fs = std::filesystem;
using grpc::StatusCode;
using layer::Compression;
using layer::MakeDirectory;
using layer::MakeFile;

// Neither a layer, nor anything beside it, nor anything in the daemon's scratch.
void CheckNothingLeft(Layers& layers) {
  CHECK(layers.Names().empty());
  CHECK(layers.Scratch().empty());
}

bool Mentions(const grpc::Status& status, const std::string& text) {
  if (status.error_message().find(text) != std::string::npos) return true;
  WARN(status.error_message());
  return false;
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

// An import that has sent the first half of a tar, of which the daemon has begun a layer.
class HalfImport {
 public:
  explicit HalfImport(Layers& layers,
                      std::chrono::milliseconds deadline = std::chrono::minutes(2)) {
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    writer = layers.stub().ImportLayer(&context, &response);
    const std::string tar = TarOf(TarEntries());
    REQUIRE(writer->Write(SpecMessage(TarSpec(layers, "base"))));
    REQUIRE(writer->Write(TarMessage(tar.substr(0, tar.size() / 2))));
    REQUIRE(Eventually([&] { return !layers.Names().empty(); }));
  }

  grpc::ClientContext context;
  v1::ImportLayerResponse response;
  std::unique_ptr<ImportWriter> writer;
};

TEST_CASE("an import that its client ends in the middle leaves nothing") {
  Layers layers;
  {
    HalfImport half(layers);
    SECTION("by cancelling it") {
      half.context.TryCancel();
      CHECK(half.writer->Finish().error_code() == StatusCode::CANCELLED);
    }
    SECTION("by ending its stream") {
      half.writer->WritesDone();
      const grpc::Status status = half.writer->Finish();
      CHECK(status.error_code() == StatusCode::DATA_LOSS);
      CHECK(Mentions(status, "before `done`"));
    }
  }
  CHECK(Eventually([&] { return layers.Names().empty() && layers.Scratch().empty(); }));
  // And its turn has been given on.
  RequireOk(ImportTar(layers, TarSpec(layers, "base"), TarOf(TarEntries())).status);
}

TEST_CASE("an import whose deadline passes leaves nothing") {
  Layers layers;
  HalfImport half(layers, std::chrono::milliseconds(500));
  CHECK(half.writer->Finish().error_code() == StatusCode::DEADLINE_EXCEEDED);
  CHECK(Eventually([&] { return layers.Names().empty() && layers.Scratch().empty(); }));
}

TEST_CASE("of two imports of one layer, the second waits and is told for what") {
  Layers layers;
  HalfImport half(layers);
  Call call;
  call->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
  v1::ImportLayerResponse response;
  const auto second = layers.stub().ImportLayer(call.context(), &response);
  second->Write(SpecMessage(TarSpec(layers, "base")));
  const grpc::Status late = second->Finish();
  CHECK(late.error_code() == StatusCode::DEADLINE_EXCEEDED);
  CHECK(Mentions(late, "ImportLayer has not had its turn after ImportLayer"));

  auto waiting = std::async(std::launch::async, [&] {
    return ImportTar(layers, TarSpec(layers, "base"), TarOf(TarEntries()));
  });
  const std::string tar = TarOf(TarEntries());
  REQUIRE(half.writer->Write(TarMessage(tar.substr(tar.size() / 2))));
  REQUIRE(half.writer->Write(DoneMessage()));
  RequireOk(half.writer->Finish());
  CHECK(waiting.get().status.error_code() == StatusCode::ALREADY_EXISTS);
  CHECK(layers.Exists("base"));
}

TEST_CASE("layers are imported at once, and a client that stalls keeps nobody waiting") {
  Layers layers;
  HalfImport stalled(layers);
  std::vector<std::future<Imported>> imports;
  for (int i = 0; i < 40; ++i) {
    imports.push_back(std::async(std::launch::async, [&layers, i] {
      return ImportTar(layers, TarSpec(layers, "l" + std::to_string(i)), TarOf(TarEntries()));
    }));
  }
  for (auto& import : imports) RequireOk(import.get().status);
  stalled.context.TryCancel();
  CHECK(stalled.writer->Finish().error_code() == StatusCode::CANCELLED);
}

TEST_CASE("who watches events sees how far an import has come, and its end") {
  Layers layers;
  Call watching;
  const auto events = layers.daemon().events().WatchEvents(watching.context(), {});
  events->WaitForInitialMetadata();
  Call call;
  v1::ImportLayerResponse response;
  const auto writer = layers.stub().ImportLayer(call.context(), &response);
  auto spec = EntriesSpec(layers, "base");
  spec.set_total_bytes(int64_t{1} << 40);
  REQUIRE(writer->Write(SpecMessage(spec)));
  // Of a file without an end: as much of it as is needed.
  auto file = MakeFile("Files\\endless", layer::DataStream("").substr(0, 8), 0);
  file.stream += std::string("\0\0\0\0\0\1\0\0\0\0\0\0", 12);
  REQUIRE(writer->Write(EntryMessage(file)));
  std::atomic<bool> told = false;
  auto watched = std::async(std::launch::async, [&] {
    v1::WatchEventsResponse message;
    while (events->Read(&message)) {
      if (message.event().type() == v1::EVENT_TYPE_LAYER_PROGRESS) break;
    }
    told = true;
    return message.event();
  });
  v1::ImportLayerRequest more;
  more.mutable_content()->add_parts()->set_stream(std::string(1000, 'x'));
  while (!told) REQUIRE(writer->Write(more));
  const v1::Event event = watched.get();
  CHECK(event.layer_path() == layers.Folder("base"));
  CHECK(event.layer_progress().operation() == "ImportLayer");
  CHECK(event.layer_progress().entries() == 1);
  CHECK(event.layer_progress().bytes() >= 20);
  CHECK(event.layer_progress().total_bytes() == int64_t{1} << 40);
  call->TryCancel();
  writer->Finish();
}

}  // namespace
}  // namespace hcs::integration
