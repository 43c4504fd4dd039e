#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;
using Stub = v1::ProcessService::Stub;

// A call of ProcessService whose request names a process and nothing else.
template <typename Request, typename Response>
grpc::Status OnProcess(Daemon& daemon,
                       grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       const std::string& id, uint32_t process, Response* response) {
  Call call;
  Request request;
  request.set_container_id(id);
  request.set_process_id(process);
  return (daemon.processes().*method)(call.context(), request, response);
}

grpc::Status Signal(Daemon& daemon, const std::string& id, uint32_t process,
                    const v1::ProcessSignal& signal) {
  Call call;
  v1::SignalProcessRequest request;
  request.set_container_id(id);
  request.set_process_id(process);
  *request.mutable_signal() = signal;
  v1::SignalProcessResponse response;
  return daemon.processes().SignalProcess(call.context(), request, &response);
}

TEST_CASE("a process runs, exits, is remembered and closed") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const v1::Process process =
      CreateProcess(daemon, "one", Command("cmd /c \"echo out & echo err 1>&2 & exit 7\""));
  CHECK(process.stdout_pipe());
  CHECK_FALSE(process.stdin_pipe());
  CHECK(process.on_disconnect() == v1::ON_DISCONNECT_KEEP);
  const uint32_t pid = process.process_id();
  CHECK(WaitForProcess(daemon, "one", pid).exit_code() == 7);

  v1::GetProcessResponse got;
  RequireOk(OnProcess(daemon, &Stub::GetProcess, "one", pid, &got));
  CHECK(got.process().exit().exit_code() == 7);

  const Told late = Attach(daemon, "one", pid);
  CHECK(late.output == "out\n");
  CHECK(late.errors == "err\n");
  CHECK(late.exit_code == 7);
  CHECK_FALSE(late.disordered);

  v1::CloseProcessResponse closed;
  RequireOk(OnProcess(daemon, &Stub::CloseProcess, "one", pid, &closed));
  CHECK(OnProcess(daemon, &Stub::GetProcess, "one", pid, &got).error_code() ==
        StatusCode::NOT_FOUND);
}

TEST_CASE("processes are listed in order, in pages") {
  Daemon daemon;
  CreateRunning(daemon, "many");
  std::vector<uint32_t> started;
  for (int i = 0; i < 5; ++i) {
    started.push_back(CreateProcess(daemon, "many", Command("sleep 1000")).process_id());
  }
  std::sort(started.begin(), started.end());
  std::vector<uint32_t> listed;
  v1::ListProcessesRequest request;
  request.set_container_id("many");
  request.set_page_size(2);
  do {
    Call call;
    v1::ListProcessesResponse response;
    RequireOk(daemon.processes().ListProcesses(call.context(), request, &response));
    CHECK(response.processes_size() <= 2);
    for (const auto& process : response.processes()) listed.push_back(process.process_id());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  CHECK(listed == started);
  CHECK(Get(daemon, "many").running_processes() == 5);
}

TEST_CASE("a process is killed, once") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const uint32_t pid = CreateProcess(daemon, "one", Command("sleep 1000")).process_id();
  v1::KillProcessResponse killed;
  RequireOk(OnProcess(daemon, &Stub::KillProcess, "one", pid, &killed));
  CHECK(WaitForProcess(daemon, "one", pid).exit_code() == 1067);
  CHECK(OnProcess(daemon, &Stub::KillProcess, "one", pid, &killed).error_code() ==
        StatusCode::FAILED_PRECONDITION);
}

TEST_CASE("signals go by name and by number") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const uint32_t pid = CreateProcess(daemon, "one", Command("sleep 1000")).process_id();
  v1::ProcessSignal signal;
  SECTION("by name") {
    signal.set_name("CtrlC");
    RequireOk(Signal(daemon, "one", pid, signal));
    CHECK(WaitForProcess(daemon, "one", pid).exit_code() == 0xC000013A);
  }
  SECTION("by number") {
    signal.set_number(12);
    RequireOk(Signal(daemon, "one", pid, signal));
    CHECK(WaitForProcess(daemon, "one", pid).exit_code() == 128 + 12);
  }
  SECTION("not by another name") {
    signal.set_name("CtrlZ");
    CHECK(Signal(daemon, "one", pid, signal).error_code() == StatusCode::INVALID_ARGUMENT);
  }
}

TEST_CASE("a console is resized, without one that is refused") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  v1::ProcessConfig config = Command("cmd /c \"read line; stty size\"", true);
  config.set_create_std_err_pipe(false);
  config.set_emulate_console(true);
  config.mutable_console_size()->set_height(25);
  config.mutable_console_size()->set_width(80);
  const uint32_t pid = CreateProcess(daemon, "one", config).process_id();
  Call call;
  v1::ResizeConsoleRequest request;
  request.set_container_id("one");
  request.set_process_id(pid);
  request.mutable_size()->set_height(50);
  request.mutable_size()->set_width(132);
  v1::ResizeConsoleResponse response;
  RequireOk(daemon.processes().ResizeConsole(call.context(), request, &response));

  Call attach_call;
  const auto stream = daemon.processes().Attach(attach_call.context());
  v1::AttachRequest attach;
  attach.mutable_attach()->set_container_id("one");
  attach.mutable_attach()->set_process_id(pid);
  attach.mutable_attach()->set_stdin(true);
  stream->Write(attach);
  v1::AttachRequest line;
  line.set_stdin("\n");
  stream->Write(line);
  const Told told = ReadToEnd(*stream);
  CHECK(told.output.find("50 132") != std::string::npos);

  const uint32_t plain = CreateProcess(daemon, "one", Command("sleep 1000")).process_id();
  request.set_process_id(plain);
  Call again;
  CHECK(daemon.processes().ResizeConsole(again.context(), request, &response).error_code() ==
        StatusCode::FAILED_PRECONDITION);
}

TEST_CASE("closing stdin is end-of-file, twice no error") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const uint32_t pid = CreateProcess(daemon, "one", Command("cat", true)).process_id();
  v1::CloseStdinResponse closed;
  RequireOk(OnProcess(daemon, &Stub::CloseStdin, "one", pid, &closed));
  CHECK(WaitForProcess(daemon, "one", pid).exit_code() == 0);
  RequireOk(OnProcess(daemon, &Stub::CloseStdin, "one", pid, &closed));
}

TEST_CASE("what cannot be started says why") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  Create(daemon, ContainerRequest("idle"));
  Call call;
  v1::CreateProcessRequest request;
  v1::CreateProcessResponse response;
  *request.mutable_config() = Command("no-such-program-anywhere");
  SECTION("an unknown program") {
    request.set_container_id("one");
    CHECK(daemon.processes().CreateProcess(call.context(), request, &response).error_code() ==
          StatusCode::NOT_FOUND);
    CHECK(Get(daemon, "one").state() == v1::CONTAINER_STATE_RUNNING);
  }
  SECTION("a container that does not run") {
    request.set_container_id("idle");
    CHECK(daemon.processes().CreateProcess(call.context(), request, &response).error_code() ==
          StatusCode::FAILED_PRECONDITION);
  }
  SECTION("no container") {
    request.set_container_id("nobody");
    CHECK(daemon.processes().CreateProcess(call.context(), request, &response).error_code() ==
          StatusCode::NOT_FOUND);
  }
}

TEST_CASE("a process of another client is opened by its id") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const uint32_t pid = CreateProcess(daemon, "one", Command("sleep 1000")).process_id();
  v1::CloseProcessResponse closed;
  RequireOk(OnProcess(daemon, &Stub::CloseProcess, "one", pid, &closed));
  v1::OpenProcessResponse opened;
  RequireOk(OnProcess(daemon, &Stub::OpenProcess, "one", pid, &opened));
  CHECK(opened.process().process_id() == pid);
  v1::KillProcessResponse killed;
  RequireOk(OnProcess(daemon, &Stub::KillProcess, "one", pid, &killed));
  WaitForProcess(daemon, "one", pid);
  CHECK(OnProcess(daemon, &Stub::OpenProcess, "one", 4'000'000, &opened).error_code() ==
        StatusCode::NOT_FOUND);
}

TEST_CASE("a process request id starts one process") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  v1::CreateProcessRequest request;
  request.set_container_id("one");
  request.set_request_id("p1");
  *request.mutable_config() = Command("sleep 1000");
  std::vector<uint32_t> pids;
  for (int i = 0; i < 2; ++i) {
    Call call;
    v1::CreateProcessResponse response;
    RequireOk(daemon.processes().CreateProcess(call.context(), request, &response));
    pids.push_back(response.process().process_id());
  }
  CHECK(pids[0] == pids[1]);
  CHECK(Get(daemon, "one").running_processes() == 1);
}

}  // namespace
}  // namespace hcs::integration
