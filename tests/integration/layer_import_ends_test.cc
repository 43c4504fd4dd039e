#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/eventually.h"
#include "tests/integration/layer_streams.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;
using layer::MakeFile;

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

TEST_CASE("a client that sends nothing for too long is told so, and leaves nothing") {
  Layers layers({"--operation-timeout", "300ms"});
  HalfImport half(layers);
  const grpc::Status silent = half.writer->Finish();
  CHECK(silent.error_code() == StatusCode::DEADLINE_EXCEEDED);
  CHECK(Mentions(silent, "the client has sent nothing for 300ms"));
  CheckNothingLeft(layers);
}

TEST_CASE("a daemon that stops ends imports, and leaves nothing of them") {
  Layers layers({"--drain-timeout", "200ms"});
  HalfImport half(layers);
  layers.daemon().Signal(SIGTERM);
  CHECK(half.writer->Finish().error_code() == StatusCode::UNAVAILABLE);
  CHECK(layers.daemon().WaitForExit() == 0);
  CheckNothingLeft(layers);
  layers.daemon().Start();
  layers.Reconnect();
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
