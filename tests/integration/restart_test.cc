#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"
#include "tests/integration/eventually.h"
#include "tests/integration/leftovers.h"

namespace hcs::integration {
namespace {

constexpr int kContainers = 50;

// Every line tells its number, so that nothing can be lost or doubled unseen.
constexpr const char* kWriter = "cmd /c \"seq 1 40000; read line; seq 40001 50000; exit 5\"";

std::string Written() {
  std::string text;
  for (int i = 1; i <= 50000; ++i) text += std::to_string(i) + "\n";
  return text;
}

// A container whose process writes, and a client that reads some of it.
struct Streaming {
  std::string id;
  uint32_t process = 0;
  std::string taken;
  std::thread reading;
};

void ReadUntilCut(Daemon& daemon, Streaming& streaming, size_t slow) {
  Call call;
  const auto stream = daemon.processes().Attach(call.context());
  v1::AttachRequest request;
  request.mutable_attach()->set_container_id(streaming.id);
  request.mutable_attach()->set_process_id(streaming.process);
  stream->Write(request);
  for (v1::AttachResponse message; stream->Read(&message);) {
    streaming.taken += message.stdout();
    if (streaming.taken.size() % 3 == slow) std::this_thread::yield();
  }
  stream->Finish();
}

// A root file system of one program; empty where this machine cannot have containers with
// namespaces.
std::string MakeRoot(Daemon& daemon) {
  Call call;
  v1::GetHostInfoResponse info;
  RequireOk(daemon.host().GetHostInfo(call.context(), {}, &info));
  const bool busybox = std::filesystem::exists("/bin/busybox");
  if (info.isolation() != "namespaces") WARN("not tested: " << info.isolation_reason());
  if (!busybox) WARN("not tested: there is no /bin/busybox (package busybox-static)");
  if (info.isolation() != "namespaces" || !busybox) return {};
  const std::string root = daemon.folder() + "/root";
  std::filesystem::create_directories(root + "/bin");
  std::filesystem::copy_file("/bin/busybox", root + "/bin/sh");
  return root;
}

TEST_CASE("a container with namespaces outlives a killed daemon") {
  Daemon daemon;
  const std::string root = MakeRoot(daemon);
  if (root.empty()) return;
  v1::CreateContainerRequest request = ContainerRequest("inside");
  request.mutable_config()->set_volume_path(root);
  request.mutable_config()->set_host_name("boxy");
  Create(daemon, request);
  Start(daemon, "inside");
  const uint32_t process = CreateProcess(daemon, "inside",
                                         Command("sh -c \"read a </proc/sys/kernel/hostname; "
                                                 "echo $a; read b; exit 7\"",
                                                 true))
                               .process_id();
  daemon.Signal(SIGKILL);
  REQUIRE(daemon.WaitForExit() == 128 + SIGKILL);
  daemon.Start();
  CHECK(Get(daemon, "inside").state() == v1::CONTAINER_STATE_RUNNING);
  Call call;
  const auto stream = daemon.processes().Attach(call.context());
  v1::AttachRequest attach;
  attach.mutable_attach()->set_container_id("inside");
  attach.mutable_attach()->set_process_id(process);
  attach.mutable_attach()->set_stdin(true);
  stream->Write(attach);
  attach.Clear();
  attach.set_stdin("go\n");
  stream->Write(attach);
  std::string output;
  for (v1::AttachResponse message; stream->Read(&message);) output += message.stdout();
  CHECK(output == "boxy\n");
  CHECK(WaitForProcess(daemon, "inside", process).exit_code() == 7);
  Terminate(daemon, "inside");
  CHECK(SystemFoldersOf(daemon.state()).empty());
}

TEST_CASE("kill -9 under containers with streaming output loses nothing") {
  Daemon daemon;
  std::vector<Streaming> all(kContainers);
  for (int i = 0; i < kContainers; ++i) {
    all[i].id = "c" + std::to_string(i);
    CreateRunning(daemon, all[i].id);
    all[i].process = CreateProcess(daemon, all[i].id, Command(kWriter, true)).process_id();
  }
  for (int i = 0; i < kContainers; ++i) {
    all[i].reading = std::thread([&, i] { ReadUntilCut(daemon, all[i], i % 3); });
  }
  const uint32_t short_lived =
      CreateProcess(daemon, "c0", Command("cmd /c \"sleep 0.2; echo meanwhile; exit 42\""))
          .process_id();
  daemon.Signal(SIGKILL);
  REQUIRE(daemon.WaitForExit() == 128 + SIGKILL);
  for (Streaming& streaming : all) streaming.reading.join();
  daemon.Start();

  REQUIRE(ListAll(daemon).size() == kContainers);
  const std::string written = Written();
  for (const Streaming& streaming : all) {
    INFO(streaming.id);
    CHECK(Get(daemon, streaming.id).state() == v1::CONTAINER_STATE_RUNNING);
    Call call;
    const auto stream = daemon.processes().Attach(call.context());
    v1::AttachRequest request;
    request.mutable_attach()->set_container_id(streaming.id);
    request.mutable_attach()->set_process_id(streaming.process);
    request.mutable_attach()->set_stdin(true);
    stream->Write(request);
    v1::AttachRequest line;
    line.set_stdin("go on\n");
    stream->Write(line);
    const Told told = ReadToEnd(*stream);
    RequireOk(told.status);
    CHECK(told.exit_code == 5);
    // What was taken is a beginning, what comes now is an end, and they meet. A
    // piece that was in the socket when the daemon died may be told twice.
    CHECK((written.substr(0, streaming.taken.size()) == streaming.taken));
    CHECK(written.ends_with(told.output));
    CHECK(streaming.taken.size() + told.output.size() >= written.size());
  }
  CHECK(WaitForProcess(daemon, "c0", short_lived).exit_code() == 42);
  CHECK(Attach(daemon, "c0", short_lived).output == "meanwhile\n");
}

TEST_CASE("what ends while there is no daemon is known to the next one") {
  Daemon daemon;
  CreateRunning(daemon, "lives");
  CreateRunning(daemon, "dies");
  const uint32_t process =
      CreateProcess(daemon, "lives", Command("cmd /c \"read line; exit 3\"", true)).process_id();
  const uint32_t killer =
      CreateProcess(daemon, "dies", Command("cmd /c \"sleep 0.1; kill -9 $PPID\"")).process_id();
  CHECK(killer != 0);
  daemon.Signal(SIGKILL);
  daemon.WaitForExit();
  daemon.Start();
  CHECK(Get(daemon, "lives").state() == v1::CONTAINER_STATE_RUNNING);
  CHECK(Get(daemon, "lives").running_processes() == 1);
  Call call;
  v1::CloseStdinRequest close;
  close.set_container_id("lives");
  close.set_process_id(process);
  v1::CloseStdinResponse closed;
  RequireOk(daemon.processes().CloseStdin(call.context(), close, &closed));
  CHECK(WaitForProcess(daemon, "lives", process).exit_code() == 3);
  // The other's worker was killed: it is stopped, or forgotten with its host.
  CHECK(Eventually([&] {
    Call get;
    v1::GetContainerRequest request;
    request.set_id("dies");
    v1::GetContainerResponse response;
    const grpc::Status status = daemon.containers().GetContainer(get.context(), request, &response);
    return status.error_code() == grpc::StatusCode::NOT_FOUND ||
           response.container().state() == v1::CONTAINER_STATE_STOPPED;
  }));
}

}  // namespace
}  // namespace hcs::integration
