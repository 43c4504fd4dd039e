#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"
#include "tests/integration/eventually.h"
#include "tests/integration/raw_call.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;

grpc::Status GetHostInfo(Daemon& daemon) {
  Call call;
  v1::GetHostInfoResponse response;
  return daemon.host().GetHostInfo(call.context(), {}, &response);
}

// An Exec of a command that waits for its stdin, and has started.
std::unique_ptr<ExecStream> StartWaiting(Daemon& daemon, Call& call, const std::string& command) {
  auto stream = daemon.processes().Exec(call.context());
  stream->Write(StartRequest("one", Command(command, true)));
  v1::ExecResponse started;
  REQUIRE(stream->Read(&started));
  REQUIRE(started.has_started());
  return stream;
}

// The daemon refuses new calls.
bool Draining(Daemon& daemon) {
  return GetHostInfo(daemon).error_code() == StatusCode::UNAVAILABLE;
}

TEST_CASE("an idle daemon stops at once, and its socket is gone") {
  Daemon daemon;
  daemon.Signal(GENERATE(SIGTERM, SIGINT));
  CHECK(daemon.WaitForExit() == 0);
  CHECK_FALSE(std::filesystem::exists(daemon.socket()));
}

TEST_CASE("SIGHUP is ignored") {
  Daemon daemon;
  daemon.Signal(SIGHUP);
  RequireOk(GetHostInfo(daemon));
}

TEST_CASE("a running call finishes while new ones are refused") {
  Daemon daemon({"--drain-timeout", "60s"});
  CreateRunning(daemon, "one");
  Call exec_call, watch_call;
  const auto exec = StartWaiting(daemon, exec_call, "cat");
  const auto watch = daemon.events().WatchEvents(watch_call.context(), {});
  watch->WaitForInitialMetadata();

  daemon.Signal(SIGTERM);
  v1::WatchEventsResponse event;
  while (watch->Read(&event)) {
  }
  const grpc::Status told = watch->Finish();
  CHECK(told.error_code() == StatusCode::UNAVAILABLE);
  CHECK(told.error_message() == "hcsd is stopping");
  CHECK(Eventually([&] { return Draining(daemon); }));
  const RawAnswer health = RawCall(daemon.channel(), "/grpc.health.v1.Health/Check", {""});
  CHECK(health.messages == std::vector<std::string>{"\x08\x02"});  // status: NOT_SERVING

  exec->Write(StdinRequest("last words"));
  exec->Write(CloseStdinRequest());
  const Told words = ReadToEnd(*exec);
  RequireOk(words.status);
  CHECK(words.output == "last words");
  CHECK(daemon.WaitForExit() == 0);
}

TEST_CASE("what does not finish in time is told, and goes on without the daemon") {
  Daemon daemon({"--drain-timeout", "100ms"});
  CreateRunning(daemon, "one");
  Call call;
  const auto exec = StartWaiting(daemon, call, "cmd /c \"cat; exit 9\"");
  Call wait_call;
  v1::WaitContainerRequest wait_request;
  wait_request.set_id("one");
  v1::WaitContainerResponse wait_response;
  grpc::Status waited;
  std::thread waiting([&] {
    waited = daemon.containers().WaitContainer(wait_call.context(), wait_request, &wait_response);
  });
  daemon.Signal(SIGTERM);
  const Told told = ReadToEnd(*exec);
  CHECK(told.status.error_code() == StatusCode::UNAVAILABLE);
  CHECK(told.status.error_message() == "hcsd is stopping");
  waiting.join();
  CHECK(waited.error_code() == StatusCode::UNAVAILABLE);
  CHECK(daemon.WaitForExit() == 0);

  daemon.Start();
  CHECK(Get(daemon, "one").state() == v1::CONTAINER_STATE_RUNNING);
  CHECK(Get(daemon, "one").running_processes() == 1);
}

TEST_CASE("a second signal ends the wait") {
  Daemon daemon({"--drain-timeout", "1h"});
  CreateRunning(daemon, "one");
  Call call;
  const auto exec = StartWaiting(daemon, call, "cat");
  daemon.Signal(SIGTERM);
  REQUIRE(Eventually([&] { return Draining(daemon); }));
  daemon.Signal(SIGTERM);
  CHECK(ReadToEnd(*exec).status.error_code() == StatusCode::UNAVAILABLE);
  CHECK(daemon.WaitForExit() == 0);
}

}  // namespace
}  // namespace hcs::integration
