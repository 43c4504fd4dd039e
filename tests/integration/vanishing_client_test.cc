#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstring>
#include <random>
#include <string>
#include <thread>

#include "core/platform/unique_fd.h"
#include "grpcpp/create_channel_posix.h"
#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"
#include "tests/integration/eventually.h"
#include "tests/integration/leftovers.h"

namespace hcs::integration {
namespace {

// A client whose connection can be cut, as when its process is killed.
class MortalClient {
 public:
  explicit MortalClient(const std::string& socket_path) {
    platform::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
    REQUIRE(connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    connection_ = socket.Duplicate();
    channel_ = grpc::CreateInsecureChannelFromFd("mortal", socket.release());
    stub_ = v1::ProcessService::NewStub(channel_);
  }

  v1::ProcessService::Stub& processes() { return *stub_; }
  void Vanish() { shutdown(connection_.get(), SHUT_RDWR); }

 private:
  platform::UniqueFd connection_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ProcessService::Stub> stub_;
};

// A command line that nothing else on the machine has.
std::string Marked(const std::string& marker) { return "cmd /c \": " + marker + "; cat\""; }

std::string NewMarker() {
  static std::random_device random;
  return "hcsd-mark-" + std::to_string(random()) + std::to_string(random());
}

// Attaches as the owner of stdin, writes to it, closes it and reads to the end.
Told TakeOver(Daemon& daemon, uint32_t process) {
  Call call;
  const auto stream = daemon.processes().Attach(call.context());
  v1::AttachRequest attach, bytes;
  attach.mutable_attach()->set_container_id("one");
  attach.mutable_attach()->set_process_id(process);
  attach.mutable_attach()->set_stdin(true);
  stream->Write(attach);
  bytes.set_stdin("still open");
  stream->Write(bytes);
  stream->WritesDone();
  return ReadToEnd(*stream);
}

int RunningProcesses(Daemon& daemon) { return Get(daemon, "one").running_processes(); }

TEST_CASE("a client that vanishes takes its Exec along, wherever it was") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const std::string marker = NewMarker();
  MortalClient client(daemon.socket());
  Call call;
  const auto stream = client.processes().Exec(call.context());
  const auto start = [&](const std::string& command) {
    stream->Write(StartRequest("one", Command(command, true)));
  };
  v1::ExecResponse response;
  SECTION("before the start") { stream->WaitForInitialMetadata(); }
  SECTION("right after the start") { start(Marked(marker)); }
  SECTION("once it runs") {
    start(Marked(marker));
    REQUIRE(stream->Read(&response));
  }
  SECTION("while it writes without end") {
    start("cmd /c \": " + marker + "; cat /dev/zero\"");
    for (int i = 0; i < 10; ++i) REQUIRE(stream->Read(&response));
  }
  SECTION("while it is written to and does not read") {
    start("cmd /c \": " + marker + "; sleep 1000\"");
    REQUIRE(stream->Read(&response));
    std::thread writing([&] {
      while (stream->Write(StdinRequest(std::string(1 << 20, 'x')))) {
      }
    });
    REQUIRE(Eventually([&] { return !ProcessesWith(marker).empty(); }));
    client.Vanish();
    writing.join();
  }
  SECTION("after it has half-closed") {
    start("cmd /c \": " + marker + "; sleep 1000\"");
    stream->WritesDone();
    REQUIRE(stream->Read(&response));
  }
  client.Vanish();
  while (stream->Read(&response)) {
  }
  CHECK_FALSE(stream->Finish().ok());
  CHECK(Eventually([&] { return RunningProcesses(daemon) == 0; }));
  CHECK(Eventually([&] { return ProcessesWith(marker).empty(); }));
  CHECK(Exec(daemon, "one", Command("cmd /c \"echo well\"")).output == "well\n");
}

TEST_CASE("a process that is to be kept survives its client, stdin open") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  uint32_t pid = 0;
  {
    MortalClient client(daemon.socket());
    Call call;
    const auto stream = client.processes().Exec(call.context());
    v1::ExecRequest request = StartRequest("one", Command("cat", true));
    request.mutable_start()->set_on_disconnect(v1::ON_DISCONNECT_KEEP);
    stream->Write(request);
    v1::ExecResponse response;
    REQUIRE(stream->Read(&response));
    pid = response.started().process().process_id();
    client.Vanish();
    while (stream->Read(&response)) {
    }
    CHECK_FALSE(stream->Finish().ok());
  }
  // Until the daemon has noticed, stdin is still the first client's.
  Told told;
  REQUIRE(Eventually([&] {
    told = TakeOver(daemon, pid);
    return told.status.error_code() != grpc::StatusCode::FAILED_PRECONDITION;
  }));
  RequireOk(told.status);
  CHECK(told.output == "still open");
  CHECK(told.exit_code == 0);
}

TEST_CASE("calls that are cancelled at any moment leave whole containers or none") {
  Daemon daemon;
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i) {
    Call call;
    const auto patience = std::chrono::microseconds(random() % 20'000);
    call->set_deadline(std::chrono::system_clock::now() + patience);
    v1::CreateContainerResponse response;
    daemon.containers().CreateContainer(call.context(), ContainerRequest("c" + std::to_string(i)),
                                        &response);
  }
  // Cancelling does not undo: each is there whole sooner or later, or was never
  // begun. None is there that the daemon does not know.
  CHECK(Eventually([&] {
    for (const v1::Container& container : ListAll(daemon)) {
      if (container.state() != v1::CONTAINER_STATE_CREATED) continue;
      Terminate(daemon, container.id());
      Close(daemon, container.id());
    }
    return WorkersOf(daemon.state()).empty();
  }));
  CHECK(Eventually([&] { return SystemFoldersOf(daemon.state()).empty(); }));
}

}  // namespace
}  // namespace hcs::integration
