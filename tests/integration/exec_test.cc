#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"
#include "tests/integration/eventually.h"
#include "tests/integration/leftovers.h"

namespace hcs::integration {
namespace {

using grpc::StatusCode;

constexpr size_t kMiB = 1024 * 1024;

// Bytes that repeat only after a long while.
std::string Pattern(size_t size) {
  std::string bytes(size, '\0');
  uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

std::unique_ptr<AttachStream> OpenAttach(Daemon& daemon, Call& call, const std::string& id,
                                         uint32_t process, bool with_stdin) {
  auto stream = daemon.processes().Attach(call.context());
  v1::AttachRequest request;
  request.mutable_attach()->set_container_id(id);
  request.mutable_attach()->set_process_id(process);
  request.mutable_attach()->set_stdin(with_stdin);
  stream->Write(request);
  return stream;
}

TEST_CASE("both streams and the exit code arrive, in order") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const Told told = Exec(daemon, "one", Command("cmd /c \"echo out & echo err 1>&2 & exit 7\""));
  RequireOk(told.status);
  CHECK(told.output == "out\n");
  CHECK(told.errors == "err\n");
  CHECK(told.exited);
  CHECK(told.exit_code == 7);
  CHECK_FALSE(told.disordered);
  // The process is closed at the end.
  v1::ListProcessesRequest request;
  request.set_container_id("one");
  CHECK(Eventually([&] {
    Call call;
    v1::ListProcessesResponse response;
    RequireOk(daemon.processes().ListProcesses(call.context(), request, &response));
    return response.processes().empty();
  }));
}

TEST_CASE("what goes in comes out, every byte") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const std::string sent = Pattern(16 * kMiB);
  Call call;
  const auto stream = daemon.processes().Exec(call.context());
  stream->Write(StartRequest("one", Command("cat", true)));
  std::thread writing([&] {
    for (size_t offset = 0; offset < sent.size(); offset += kMiB) {
      stream->Write(StdinRequest(sent.substr(offset, kMiB)));
    }
    stream->Write(CloseStdinRequest());
  });
  const Told told = ReadToEnd(*stream);
  writing.join();
  RequireOk(told.status);
  CHECK(told.exit_code == 0);
  CHECK((told.output == sent));
}

TEST_CASE("half-closing the stream closes stdin") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  CHECK(Exec(daemon, "one", Command("cat", true), "to the end").output == "to the end");
}

TEST_CASE("a process without stdin takes a half-close and a close") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  Call call;
  const auto stream = daemon.processes().Exec(call.context());
  stream->Write(StartRequest("one", Command("cmd /c \"echo fine\"")));
  stream->Write(CloseStdinRequest());
  stream->WritesDone();
  const Told told = ReadToEnd(*stream);
  RequireOk(told.status);
  CHECK(told.output == "fine\n");
}

TEST_CASE("a slow watcher holds the process back, not the daemon's memory") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const v1::ProcessConfig writer = Command("cmd /c \"cat; head -c 67108864 /dev/zero\"", true);
  const uint32_t pid = CreateProcess(daemon, "one", writer).process_id();
  Call slow_call, fast_call;
  const auto slow = OpenAttach(daemon, slow_call, "one", pid, true);
  const auto other = OpenAttach(daemon, fast_call, "one", pid, false);
  v1::AttachResponse started;
  REQUIRE(slow->Read(&started));
  REQUIRE(other->Read(&started));
  const long before = ResidentKib(daemon.pid());
  size_t fast = 0;
  std::thread reading([&] {
    for (v1::AttachResponse piece; other->Read(&piece);) fast += piece.stdout().size();
  });
  slow->WritesDone();
  long most = 0;
  v1::AttachResponse message;
  size_t received = 0;
  while (slow->Read(&message)) {
    received += message.stdout().size();
    most = std::max(most, ResidentKib(daemon.pid()));
  }
  reading.join();
  CHECK(received == 64 * kMiB);
  CHECK(fast == 64 * kMiB);
  CHECK(most - before < 32 * 1024);
}

TEST_CASE("many watch one process, and all are told all") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const uint32_t pid =
      CreateProcess(daemon, "one", Command("cmd /c \"cat; exit 3\"", true)).process_id();
  std::vector<Told> told(8);
  std::vector<std::thread> watching;
  for (Told& one : told) {
    watching.emplace_back([&daemon, &one, pid] { one = Attach(daemon, "one", pid); });
  }
  const auto attached = [&] {
    Call call;
    v1::GetProcessRequest request;
    request.set_container_id("one");
    request.set_process_id(pid);
    v1::GetProcessResponse response;
    RequireOk(daemon.processes().GetProcess(call.context(), request, &response));
    return response.process().attached_clients();
  };
  REQUIRE(Eventually([&] { return attached() == 8; }));
  Call call;
  const auto owner = OpenAttach(daemon, call, "one", pid, true);
  const std::string sent = Pattern(2 * kMiB);
  std::thread writing([&] {
    v1::AttachRequest request;
    request.set_stdin(sent);
    owner->Write(request);
    owner->WritesDone();
  });
  const Told owned = ReadToEnd(*owner);
  writing.join();
  for (std::thread& thread : watching) thread.join();
  CHECK((owned.output == sent));
  for (const Told& one : told) {
    CHECK((one.output == sent));
    CHECK(one.exit_code == 3);
    CHECK_FALSE(one.disordered);
  }
}

TEST_CASE("stdin has one owner") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  const uint32_t pid = CreateProcess(daemon, "one", Command("cat", true)).process_id();
  Call first_call, second_call, third_call;
  const auto first = OpenAttach(daemon, first_call, "one", pid, true);
  v1::AttachResponse started;
  REQUIRE(first->Read(&started));

  const auto second = OpenAttach(daemon, second_call, "one", pid, true);
  CHECK(ReadToEnd(*second).status.error_code() == StatusCode::FAILED_PRECONDITION);

  const auto watcher = OpenAttach(daemon, third_call, "one", pid, false);
  v1::AttachRequest uninvited;
  uninvited.set_stdin("no");
  watcher->Write(uninvited);
  CHECK(ReadToEnd(*watcher).status.error_code() == StatusCode::FAILED_PRECONDITION);

  first->WritesDone();
  CHECK(ReadToEnd(*first).exit_code == 0);
}

TEST_CASE("a console is resized and signalled in the stream") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  v1::ProcessConfig config = Command("cmd /c \"read line; stty size; sleep 7331\"", true);
  config.set_create_std_err_pipe(false);
  config.set_emulate_console(true);
  Call call;
  const auto stream = daemon.processes().Exec(call.context());
  stream->Write(StartRequest("one", config));
  v1::ExecRequest resize;
  resize.mutable_resize()->set_height(41);
  resize.mutable_resize()->set_width(131);
  stream->Write(resize);
  stream->Write(StdinRequest("go\n"));
  std::string output;
  v1::ExecResponse message;
  while (output.find("41 131") == std::string::npos && stream->Read(&message)) {
    output += message.stdout();
  }
  CHECK(output.find("41 131") != std::string::npos);
  // A shell that is interrupted while stty ends well goes on to the next command.
  using namespace std::string_literals;
  CHECK(Eventually([] { return !ProcessesWith("sleep\0007331"s).empty(); }));
  v1::ExecRequest signal;
  signal.mutable_signal()->set_name("CtrlC");
  stream->Write(signal);
  const Told told = ReadToEnd(*stream);
  RequireOk(told.status);
  CHECK(told.exit_code == 0xC000013A);
}

TEST_CASE("what cannot be started ends the stream with the reason") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  Create(daemon, ContainerRequest("idle"));
  CHECK(Exec(daemon, "one", Command("no-such-program")).status.error_code() ==
        StatusCode::NOT_FOUND);
  CHECK(Exec(daemon, "idle", Command("cat")).status.error_code() ==
        StatusCode::FAILED_PRECONDITION);
  CHECK(Exec(daemon, "nobody", Command("cat")).status.error_code() == StatusCode::NOT_FOUND);
  CHECK(Attach(daemon, "one", 4'000'000).status.error_code() == StatusCode::NOT_FOUND);
}

TEST_CASE("output that may be dropped is counted") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  v1::CreateProcessRequest request;
  request.set_container_id("one");
  *request.mutable_config() = Command("head -c 16777216 /dev/zero");
  request.set_output_policy(GENERATE(v1::OUTPUT_POLICY_DROP_OLDEST, v1::OUTPUT_POLICY_DISCARD));
  Call call;
  v1::CreateProcessResponse response;
  RequireOk(daemon.processes().CreateProcess(call.context(), request, &response));
  const uint32_t pid = response.process().process_id();
  CHECK(WaitForProcess(daemon, "one", pid).exit_code() == 0);  // Nobody reads, and it ends.
  const Told told = Attach(daemon, "one", pid);
  RequireOk(told.status);
  CHECK(told.dropped > 0);
  CHECK(told.output.size() + told.dropped == 16 * kMiB);
}

TEST_CASE("ten thousand environment variables reach the process") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  v1::ProcessConfig config = Command("cmd /c \"env | grep -c ^HCSD_VARIABLE_\"");
  for (int i = 0; i < 10'000; ++i) {
    (*config.mutable_environment())["HCSD_VARIABLE_" + std::to_string(i)] = "value";
  }
  CHECK(Exec(daemon, "one", config).output == "10000\n");
}

TEST_CASE("a hundred processes run at once in one container") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  std::vector<Told> told(100);
  std::vector<std::thread> running;
  for (size_t i = 0; i < told.size(); ++i) {
    running.emplace_back([&, i] {
      told[i] = Exec(daemon, "one", Command("cmd /c \"echo " + std::to_string(i) + "\""));
    });
  }
  for (std::thread& thread : running) thread.join();
  for (size_t i = 0; i < told.size(); ++i) {
    CHECK(told[i].output == std::to_string(i) + "\n");
    CHECK(told[i].exit_code == 0);
  }
}

}  // namespace
}  // namespace hcs::integration
