#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"
#include "tests/integration/eventually.h"
#include "tests/integration/leftovers.h"
#include "tests/integration/raw_call.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;

grpc::Status TryCreate(Daemon& daemon, const v1::CreateContainerRequest& request) {
  Call call;
  v1::CreateContainerResponse response;
  return daemon.containers().CreateContainer(call.context(), request, &response);
}

bool Names(const grpc::Status& status, const std::string& field) {
  for (const std::string& named : FieldsOf(status)) {
    if (named == field || named.starts_with(field)) return true;
  }
  return false;
}

// No container, no worker, no folder: the daemon is as it was.
void CheckNothingLeft(Daemon& daemon) {
  CHECK(ListAll(daemon).empty());
  CHECK(Eventually([&] { return WorkersOf(daemon.state()).empty(); }));
  CHECK(Eventually([&] { return SystemFoldersOf(daemon.state()).empty(); }));
}

struct BadContainer {
  std::string what;
  std::string field;
  std::function<void(v1::CreateContainerRequest&)> spoil;
};

BadContainer BadId(const std::string& id) {
  return {"id " + Catch::Detail::stringify(id), "id",
          [id](v1::CreateContainerRequest& request) { request.set_id(id); }};
}

BadContainer BadJson(const std::string& what, const std::string& json) {
  return {what, "raw_document",
          [json](v1::CreateContainerRequest& request) { request.set_raw_document(json); }};
}

std::vector<BadContainer> BadContainers() {
  return {
      BadId(""),
      BadId("."),
      BadId(".."),
      BadId("a/b"),
      BadId("../../etc/passwd"),
      BadId("a\\b"),
      BadId("a:b"),
      BadId("what?"),
      BadId(std::string("a\0b", 3)),
      BadId("line\nbreak"),
      BadId("ends with a dot."),
      BadId("ends with a blank "),
      BadId(std::string(300, 'x')),
      BadJson("half an object", "{"),
      BadJson("nothing", ""),
      BadJson("a word", "container"),
      BadJson("trailing bytes", R"({"SystemType": "Container"} {})"),
      BadJson("a hundred thousand arrays", std::string(100'000, '[')),
      {"no document", "", [](v1::CreateContainerRequest& request) { request.clear_document(); }},
      {"too many labels", "labels",
       [](v1::CreateContainerRequest& request) {
         for (int i = 0; i < 65; ++i) (*request.mutable_labels())[std::to_string(i)] = "";
       }},
      {"a long label", "labels",
       [](v1::CreateContainerRequest& request) {
         (*request.mutable_labels())["key"] = std::string(5000, 'v');
       }},
  };
}

TEST_CASE("bad containers are refused by field and leave nothing") {
  Daemon daemon;
  for (const BadContainer& bad : BadContainers()) {
    INFO(bad.what);
    v1::CreateContainerRequest request = ContainerRequest("fine");
    bad.spoil(request);
    const grpc::Status status = TryCreate(daemon, request);
    INFO(status.error_message());
    CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
    CHECK_FALSE(status.error_message().empty());
    if (!bad.field.empty()) CHECK(Names(status, bad.field));
  }
  CheckNothingLeft(daemon);
}

TEST_CASE("documents that the host refuses leave nothing") {
  Daemon daemon;
  const std::vector<std::string> documents{
      R"([])",
      R"({"SystemType": 5})",
      R"({"SystemType": "Container", "MemoryMaximumInMB": "much"})",
      R"({"SystemType": "Container", "ProcessorWeight": -1})",
      R"({"SystemType": "Container", "ProcessorMaximum": 99999999999999999999})",
      R"({"SystemType": "Spaceship"})",
      R"({})",
      R"({"SchemaVersion": {"Major": 9, "Minor": 9}, "Container": {}})",
  };
  for (const std::string& document : documents) {
    INFO(document);
    v1::CreateContainerRequest request;
    request.set_id("fine");
    request.set_raw_document(document);
    const grpc::Status status = TryCreate(daemon, request);
    INFO(status.error_message());
    CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
  }
  CheckNothingLeft(daemon);
}

// Every method that names a container, with bytes for an id. The id is field 1 of
// each request, or of the stream's first message.
const std::vector<std::string> kMethodsWithId{
    "ContainerService/OpenContainer",
    "ContainerService/GetContainer",
    "ContainerService/StartContainer",
    "ContainerService/ShutdownContainer",
    "ContainerService/TerminateContainer",
    "ContainerService/PauseContainer",
    "ContainerService/ResumeContainer",
    "ContainerService/WaitContainer",
    "ContainerService/CloseContainer",
    "ContainerService/ModifyContainer",
    "ContainerService/GetContainerProperties",
    "ContainerService/GetContainerStatistics",
    "ContainerService/HasPendingUpdates",
    "ContainerService/WatchContainerStatistics",
    "ProcessService/CreateProcess",
    "ProcessService/OpenProcess",
    "ProcessService/GetProcess",
    "ProcessService/ListProcesses",
    "ProcessService/KillProcess",
    "ProcessService/SignalProcess",
    "ProcessService/WaitProcess",
    "ProcessService/ResizeConsole",
    "ProcessService/CloseStdin",
    "ProcessService/CloseProcess",
};

TEST_CASE("no method takes a bad id, bytes that are no text, or bytes that are no message") {
  Daemon daemon;
  for (const std::string& method : kMethodsWithId) {
    for (const std::string& id : {std::string(), std::string("nobody"), std::string("../x"),
                                  std::string("a\0b", 3), std::string(120, 'x')}) {
      INFO(method << " with " << Catch::Detail::stringify(id));
      const std::string request = id.empty() ? id : "\x0A" + std::string(1, char(id.size())) + id;
      const grpc::Status status = RawCall(daemon.channel(), "/hcs.v1." + method, {request}).status;
      INFO(status.error_message());
      CHECK((status.error_code() == StatusCode::INVALID_ARGUMENT ||
             status.error_code() == StatusCode::NOT_FOUND));
      CHECK_FALSE(status.error_message().empty());
    }
    for (const char* bytes : {"\x0A\x02\xFF\xFE", "\x0A\x7Fshort", "\xFF\xFF\xFF\xFF"}) {
      INFO(method << " with bad bytes");
      const grpc::Status status = RawCall(daemon.channel(), "/hcs.v1." + method, {bytes}).status;
      CHECK(status.error_code() == StatusCode::INVALID_ARGUMENT);
      CHECK_FALSE(FieldsOf(status).empty());
    }
  }
  CheckNothingLeft(daemon);
}

TEST_CASE("numbers that are out of range are refused by name") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const uint32_t pid = CreateProcess(daemon, "one", Command("sleep 1000")).process_id();
  SECTION("page sizes and tokens") {
    for (const int size : {-1, 1001, 2'000'000'000}) {
      Call call;
      v1::ListContainersRequest request;
      request.set_page_size(size);
      v1::ListContainersResponse response;
      CHECK(Names(daemon.containers().ListContainers(call.context(), request, &response),
                  "page_size"));
    }
    Call call;
    v1::ListContainersRequest request;
    request.set_page_token("not one of yours");
    v1::ListContainersResponse response;
    CHECK(Names(daemon.containers().ListContainers(call.context(), request, &response),
                "page_token"));
  }
  SECTION("durations") {
    for (const int64_t seconds : {int64_t{-1}, int64_t{400'000'000'000}}) {
      Call call;
      v1::WaitContainerRequest request;
      request.set_id("one");
      request.mutable_timeout()->set_seconds(seconds);
      v1::WaitContainerResponse response;
      CHECK(
          Names(daemon.containers().WaitContainer(call.context(), request, &response), "timeout"));
    }
    for (const int64_t seconds : {int64_t{-5}, int64_t{0}, int64_t{7200}}) {
      Call call;
      v1::WatchContainerStatisticsRequest request;
      request.set_id("one");
      request.mutable_interval()->set_seconds(seconds);
      const auto stream = daemon.containers().WatchContainerStatistics(call.context(), request);
      v1::WatchContainerStatisticsResponse response;
      CHECK_FALSE(stream->Read(&response));
      CHECK(Names(stream->Finish(), "interval"));
    }
  }
  SECTION("console sizes") {
    for (const uint32_t width : {0u, 32768u, 4'000'000'000u}) {
      Call call;
      v1::ResizeConsoleRequest request;
      request.set_container_id("one");
      request.set_process_id(pid);
      request.mutable_size()->set_height(25);
      request.mutable_size()->set_width(width);
      v1::ResizeConsoleResponse response;
      CHECK(Names(daemon.processes().ResizeConsole(call.context(), request, &response), "size"));
    }
  }
  SECTION("event types") {
    Call call;
    v1::WatchEventsRequest request;
    request.mutable_filter()->add_types(static_cast<v1::EventType>(99));
    const auto stream = daemon.events().WatchEvents(call.context(), request);
    v1::WatchEventsResponse response;
    CHECK_FALSE(stream->Read(&response));
    CHECK(Names(stream->Finish(), "filter"));
  }
}

TEST_CASE("a message of 20 MiB is too much") {
  Daemon daemon;
  v1::CreateContainerRequest request;
  request.set_id("huge");
  request.set_raw_document(std::string(20 * 1024 * 1024, ' '));
  CHECK(TryCreate(daemon, request).error_code() == StatusCode::RESOURCE_EXHAUSTED);

  CreateRunning(daemon, "one");
  Call call;
  const auto stream = daemon.processes().Exec(call.context());
  stream->Write(StartRequest("one", Command("cat", true)));
  stream->Write(StdinRequest(std::string(20 * 1024 * 1024, 'x')));
  const Told told = ReadToEnd(*stream);
  CHECK(told.status.error_code() == StatusCode::RESOURCE_EXHAUSTED);
  CHECK(Eventually([&] { return Get(daemon, "one").running_processes() == 0; }));
  Terminate(daemon, "one");
}

// What is sent upward, in order, and the code that it ends with.
struct BadStream {
  std::string what;
  std::vector<v1::ExecRequest> messages;
  StatusCode code;
};

std::vector<BadStream> BadStreams() {
  // It does not end by itself, so that nothing but the stream can end first.
  const v1::ExecRequest start = StartRequest("one", Command("sleep 1000", true));
  v1::ExecRequest resize, signal, no_container, bad_json, zero_size;
  resize.mutable_resize()->set_height(1);
  resize.mutable_resize()->set_width(1);
  signal.mutable_signal()->set_name("CtrlC");
  no_container.mutable_start();
  bad_json.mutable_start()->set_container_id("one");
  bad_json.mutable_start()->set_raw_document("{");
  zero_size.mutable_resize();
  return {
      {"nothing", {}, StatusCode::INVALID_ARGUMENT},
      {"stdin first", {StdinRequest("x"), start}, StatusCode::INVALID_ARGUMENT},
      {"close_stdin first", {CloseStdinRequest()}, StatusCode::INVALID_ARGUMENT},
      {"resize first", {resize}, StatusCode::INVALID_ARGUMENT},
      {"signal first", {signal}, StatusCode::INVALID_ARGUMENT},
      {"an empty message", {v1::ExecRequest()}, StatusCode::INVALID_ARGUMENT},
      {"two starts", {start, start}, StatusCode::INVALID_ARGUMENT},
      {"an empty message later", {start, v1::ExecRequest()}, StatusCode::INVALID_ARGUMENT},
      {"stdin after close",
       {start, CloseStdinRequest(), StdinRequest("x")},
       StatusCode::FAILED_PRECONDITION},
      {"a start without a container", {no_container}, StatusCode::INVALID_ARGUMENT},
      {"a start with bad JSON", {bad_json}, StatusCode::INVALID_ARGUMENT},
      {"a console of no size", {start, zero_size}, StatusCode::INVALID_ARGUMENT},
  };
}

TEST_CASE("streams that break the contract end with the reason, and their process with them") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  for (const BadStream& bad : BadStreams()) {
    INFO(bad.what);
    Call call;
    const auto stream = daemon.processes().Exec(call.context());
    for (const v1::ExecRequest& message : bad.messages) stream->Write(message);
    // Half-closing would end the process in its own way.
    if (bad.messages.empty()) stream->WritesDone();
    const Told told = ReadToEnd(*stream);
    INFO(told.status.error_message());
    CHECK(told.status.error_code() == bad.code);
    CHECK_FALSE(told.status.error_message().empty());
    CHECK_FALSE(told.exited);
  }
  CHECK(Eventually([&] { return Get(daemon, "one").running_processes() == 0; }));
}

TEST_CASE("bytes that are no message end a stream") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  for (const char* method : {"/hcs.v1.ProcessService/Exec", "/hcs.v1.ProcessService/Attach"}) {
    const RawAnswer answer = RawCall(daemon.channel(), method, {"\x0A\x7Fshort"});
    CHECK(answer.status.error_code() == StatusCode::INVALID_ARGUMENT);
  }
  Terminate(daemon, "one");
  Close(daemon, "one");
  CheckNothingLeft(daemon);
}

}  // namespace
}  // namespace hcs::integration
