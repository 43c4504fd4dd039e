#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "core/layer/compression/compressor.h"
#include "hcs/v1/image_service.grpc.pb.h"
#include "tests/integration/calls.h"
#include "tests/integration/eventually.h"
#include "tests/unit/image_test_archive.h"

namespace hcs::integration {
namespace {

namespace fs = std::filesystem;
using grpc::StatusCode;
using image::Json;
using image::OciArchive;
using image::TestImage;

constexpr size_t kPiece = 10'000;

std::string WindowsLayer(const std::string& file) {
  image::Members members{image::TestDirectory("Files"), image::TestFile("Files/" + file, file)};
  for (layer::Member& member : members) {
    member.entry.records.push_back(
        {"MSWINDOWS.fileattr", member.entry.type == layer::TarType::kDirectory ? "16" : "32"});
  }
  return layer::WriteTar(members);
}

// `number` is what tells the image from others.
TestImage Image(int number, std::vector<std::string> layers) {
  TestImage image(std::move(layers), {{"Env", {"NUMBER=" + std::to_string(number)}}});
  image.configuration["os"] = "windows";
  return image;
}

class Images {
 public:
  Images() : stub(daemon.channel()) {}

  struct Imported {
    grpc::Status status;
    v1::ImportImageResult result;
    bool disordered = false;  // Something came after the result.
  };

  Imported Send(const std::vector<v1::ImportImageRequest>& messages) {
    Call call;
    const auto stream = stub.ImportImage(call.context());
    for (const v1::ImportImageRequest& message : messages) {
      if (!stream->Write(message)) break;
    }
    stream->WritesDone();
    Imported imported;
    v1::ImportImageResponse response;
    bool result = false;
    while (stream->Read(&response)) {
      imported.disordered |= result;
      if (!response.has_result()) continue;
      result = true;
      imported.result = response.result();
    }
    imported.status = stream->Finish();
    return imported;
  }

  Imported Import(std::string_view archive, const v1::ImportImageStart& start = {}) {
    std::vector<v1::ImportImageRequest> messages{StartMessage(start)};
    for (; !archive.empty(); archive.remove_prefix(std::min(kPiece, archive.size()))) {
      messages.push_back(ContentMessage(std::string(archive.substr(0, kPiece))));
    }
    messages.push_back(DoneMessage());
    return Send(messages);
  }

  static v1::ImportImageRequest StartMessage(const v1::ImportImageStart& start = {}) {
    v1::ImportImageRequest message;
    *message.mutable_start() = start;
    return message;
  }
  static v1::ImportImageRequest ContentMessage(std::string bytes) {
    v1::ImportImageRequest message;
    message.set_content(std::move(bytes));
    return message;
  }
  static v1::ImportImageRequest DoneMessage() {
    v1::ImportImageRequest message;
    message.mutable_done();
    return message;
  }

  grpc::Status Remove(const std::string& name, const std::string& request_id,
                      v1::RemoveImageResponse* response) {
    v1::RemoveImageRequest request;
    request.set_image(name);
    request.set_request_id(request_id);
    Call call;
    return stub.RemoveImage(call.context(), request, response);
  }

  v1::ListImagesResponse List(int page_size, const std::string& token = "") {
    v1::ListImagesRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    v1::ListImagesResponse response;
    Call call;
    RequireOk(stub.ListImages(call.context(), request, &response));
    return response;
  }

  bool NothingLeft() const {
    const fs::path state = fs::path(daemon.state()) / "daemon";
    return fs::is_empty(state / "layer-scratch") && fs::is_empty(state / "images/layers") &&
           fs::is_empty(state / "images/blobs");
  }

  Daemon daemon;
  v1::ImageService::Stub stub;
};

TEST_CASE("images are listed by pages") {
  Images images;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(images.Import(OciArchive(Image(i, {WindowsLayer("a")}), "x:" + std::to_string(i)))
                .status.ok());
  }
  std::vector<std::string> ids;
  std::string token;
  do {
    const v1::ListImagesResponse page = images.List(2, token);
    CHECK(page.images_size() <= 2);
    for (const v1::Image& image : page.images()) ids.push_back(image.id());
    token = page.next_page_token();
  } while (!token.empty());
  CHECK(ids.size() == 5);
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  v1::ListImagesRequest foreign;
  foreign.set_page_token("foreign");
  v1::ListImagesResponse response;
  Call call;
  const grpc::Status refused = images.stub.ListImages(call.context(), foreign, &response);
  CHECK(FieldsOf(refused) == std::vector<std::string>{"page_token"});
}

TEST_CASE("an image is got with its documents") {
  Images images;
  const TestImage made = Image(1, {WindowsLayer("a"), WindowsLayer("b")});
  const auto imported = images.Import(OciArchive(made, "localhost/x:1"));
  RequireOk(imported.status);
  CHECK_FALSE(imported.disordered);
  CHECK(imported.result.imported_layers() == 2);
  v1::GetImageRequest request;
  request.set_image("x:1");
  v1::GetImageResponse response;
  Call call;
  RequireOk(images.stub.GetImage(call.context(), request, &response));
  CHECK(response.raw_manifest() == made.ManifestText());
  CHECK(response.raw_configuration() == made.ConfigurationText());
  CHECK(response.configuration().config().env(0) == "NUMBER=1");
  CHECK(fs::is_directory(response.sandbox_folder()));
  CHECK(fs::exists(fs::path(response.image().layers(0).path()) / "Files" / "a"));
}

TEST_CASE("a removal with a request id happens once") {
  Images images;
  REQUIRE(images.Import(OciArchive(Image(1, {WindowsLayer("a")}), "x")).status.ok());
  v1::RemoveImageResponse first;
  RequireOk(images.Remove("x", "once", &first));
  CHECK(first.removed_chain_ids_size() == 1);
  v1::RemoveImageResponse again;
  RequireOk(images.Remove("x", "once", &again));
  CHECK(again.SerializeAsString() == first.SerializeAsString());
  CHECK(images.Remove("y", "once", &again).error_code() == StatusCode::ALREADY_EXISTS);
  CHECK(images.Remove("x", "", &again).error_code() == StatusCode::NOT_FOUND);
  CHECK(Eventually([&] { return images.NothingLeft(); }));
}

TEST_CASE("an import's messages have an order") {
  Images images;
  const auto start = Images::StartMessage();
  const auto content = Images::ContentMessage("x");
  const auto done = Images::DoneMessage();
  const std::vector<std::vector<v1::ImportImageRequest>> wrong = {
      {}, {content}, {done}, {start, start}, {start, content}, {start, v1::ImportImageRequest()}};
  for (const auto& messages : wrong) {
    const auto imported = images.Send(messages);
    INFO(imported.status.error_message());
    CHECK(imported.status.error_code() == StatusCode::INVALID_ARGUMENT);
  }
  CHECK(Eventually([&] { return images.NothingLeft(); }));
}

TEST_CASE("an import that its client gives up leaves nothing") {
  Images images;
  {
    Call call;
    const auto stream = images.stub.ImportImage(call.context());
    REQUIRE(stream->Write(Images::StartMessage()));
    const std::string archive = OciArchive(Image(1, {WindowsLayer("a")}), "x");
    REQUIRE(stream->Write(Images::ContentMessage(archive.substr(0, archive.size() / 2))));
    const fs::path scratch = fs::path(images.daemon.state()) / "daemon/layer-scratch";
    REQUIRE(Eventually([&] { return !fs::is_empty(scratch); }));
    call->TryCancel();
    CHECK(stream->Finish().error_code() == StatusCode::CANCELLED);
  }
  CHECK(Eventually([&] { return images.NothingLeft(); }));
  CHECK(images.List(0).images_size() == 0);
}

TEST_CASE("a daemon that is told to end gives up an import, and ends") {
  Images images;
  Call call;
  const auto stream = images.stub.ImportImage(call.context());
  REQUIRE(stream->Write(Images::StartMessage()));
  images.daemon.Signal(SIGTERM);
  images.daemon.Signal(SIGTERM);
  CHECK(images.daemon.WaitForExit() == 0);
  // Whether the call's end or the connection's reaches the client first.
  const StatusCode code = stream->Finish().error_code();
  CHECK((code == StatusCode::UNAVAILABLE || code == StatusCode::CANCELLED));
}

TEST_CASE("what happens to images is told") {
  Images images;
  const TestImage one = Image(1, {WindowsLayer("a")});
  const TestImage two = Image(2, {WindowsLayer("a")});
  REQUIRE(images.Import(OciArchive(one, "x")).status.ok());
  REQUIRE(images.Import(OciArchive(two, "x")).status.ok());
  v1::RemoveImageResponse removed;
  RequireOk(images.Remove(one.Id(), "", &removed));
  v1::WatchEventsRequest request;
  request.set_after_sequence(1);
  request.set_no_follow(true);
  request.mutable_filter()->add_image_ids(one.Id());
  Call call;
  const auto stream = images.daemon.events().WatchEvents(call.context(), request);
  std::vector<v1::EventType> types;
  v1::WatchEventsResponse response;
  while (stream->Read(&response)) {
    if (response.has_event()) types.push_back(response.event().type());
  }
  RequireOk(stream->Finish());
  CHECK(types == std::vector<v1::EventType>{v1::EVENT_TYPE_IMAGE_IMPORTED,
                                            v1::EVENT_TYPE_IMAGE_UNTAGGED,
                                            v1::EVENT_TYPE_IMAGE_REMOVED});
}

}  // namespace
}  // namespace hcs::integration
