// Process sessions over a real connection, to a service of this test's own that plays
// processes by name.

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "client/hcs_client/client.h"
#include "hcs/v1/process_service.grpc.pb.h"

namespace hcs::client {
namespace {

constexpr size_t kPiece = 64 << 10;

using ExecStream = grpc::ServerReaderWriter<v1::ExecResponse, v1::ExecRequest>;

class ProcessServer final : public v1::ProcessService::Service {
 public:
  grpc::Status Exec(grpc::ServerContext*, ExecStream* stream) override {
    v1::ExecRequest request;
    if (!stream->Read(&request) || !request.has_start()) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "start must come first"};
    }
    const std::string command = request.start().config().command_line();
    if (command == "missing") return {grpc::StatusCode::NOT_FOUND, "no such program"};
    v1::ExecResponse response;
    auto* process = response.mutable_started()->mutable_process();
    process->set_container_id(request.start().container_id());
    process->set_process_id(42);
    stream->Write(response);
    if (command == "echo") Echo(stream);
    if (command == "flood") Flood(stream);
    if (command == "deaf") deaf_until.WaitForNotification();
    if (command == "lost") return {grpc::StatusCode::UNAVAILABLE, "the host is gone"};
    response.mutable_exited()->set_exit_code(7);
    stream->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status SignalProcess(grpc::ServerContext*, const v1::SignalProcessRequest* request,
                             v1::SignalProcessResponse*) override {
    signalled = request->container_id() + ":" + std::to_string(request->process_id()) + " " +
                request->signal().name();
    return grpc::Status::OK;
  }

  absl::Notification deaf_until;
  std::string signalled;

  // What Flood could write so far.
  size_t flooded() const {
    const absl::MutexLock lock(&mutex_);
    return flooded_;
  }
  // Blocks until Flood has been stuck in one write for a while.
  size_t AwaitStandstill() const {
    size_t before = flooded();
    while (true) {
      absl::SleepFor(absl::Milliseconds(100));
      const size_t now = flooded();
      if (now == before && now > 0) return now;
      before = now;
    }
  }

 private:
  static void Echo(ExecStream* stream) {
    v1::ExecRequest request;
    v1::ExecResponse response;
    while (stream->Read(&request) && !request.has_close_stdin()) {
      *response.mutable_stdout() = request.stdin();
      stream->Write(response);
    }
    response.set_stderr("end of input");
    stream->Write(response);
  }

  void Flood(ExecStream* stream) {
    v1::ExecResponse response;
    response.mutable_stdout()->assign(kPiece, 'x');
    while (flooded() < kFlood && stream->Write(response)) {
      const absl::MutexLock lock(&mutex_);
      flooded_ += kPiece;
    }
  }

 public:
  static constexpr size_t kFlood = 64 << 20;

 private:
  mutable absl::Mutex mutex_;
  size_t flooded_ ABSL_GUARDED_BY(mutex_) = 0;
};

struct Daemon {
  Daemon() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&processes);
    server = builder.BuildAndStart();
    client = std::make_unique<Client>(
        Client::Connect("tcp://127.0.0.1:" + std::to_string(port)).value());
  }

  absl::StatusOr<std::unique_ptr<ProcessSession>> Exec(const std::string& command) const {
    v1::ExecStart start;
    start.set_container_id("c");
    start.mutable_config()->set_command_line(command);
    return client->processes().Exec(start);
  }

  ProcessServer processes;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<Client> client;
};

TEST_CASE("A process that does not start is an error of Exec") {
  Daemon daemon;
  const auto session = daemon.Exec("missing");
  CHECK(absl::IsNotFound(session.status()));
  CHECK(session.status().message() == "no such program");
}

TEST_CASE("Input comes back, larger than a message, then the exit, then the end") {
  Daemon daemon;
  const auto session = daemon.Exec("echo");
  REQUIRE(session.ok());
  CHECK((*session)->process().process_id() == 42);
  std::string sent;
  for (size_t i = 0; i < (3u << 20) + 5; ++i) sent.push_back(static_cast<char>(i * 31));
  std::thread writer([&] {
    CHECK((*session)->WriteStdin(sent));
    CHECK((*session)->CloseStdin());
  });
  std::string out;
  std::string err;
  std::optional<v1::ProcessExit> exit;
  while (auto event = (*session)->Next()) {
    CHECK_FALSE(exit.has_value());
    if (const auto* bytes = std::get_if<StdoutBytes>(&*event)) out += bytes->bytes;
    if (const auto* bytes = std::get_if<StderrBytes>(&*event)) err += bytes->bytes;
    if (const auto* exited = std::get_if<v1::ProcessExit>(&*event)) exit = *exited;
  }
  writer.join();
  CHECK(out == sent);
  CHECK(err == "end of input");
  REQUIRE(exit.has_value());
  CHECK(exit->exit_code() == 7);
  CHECK((*session)->Finish().ok());
}

TEST_CASE("What is not read is not sent beyond a bound") {
  Daemon daemon;
  const auto session = daemon.Exec("flood");
  REQUIRE(session.ok());
  CHECK(daemon.processes.AwaitStandstill() < 8u << 20);
  size_t received = 0;
  while (auto event = (*session)->Next()) {
    if (const auto* bytes = std::get_if<StdoutBytes>(&*event)) received += bytes->bytes.size();
  }
  CHECK(received == ProcessServer::kFlood);
  CHECK((*session)->Finish().ok());
}

TEST_CASE("A write to a process that does not read waits, and a signal overtakes it") {
  Daemon daemon;
  const auto session = daemon.Exec("deaf");
  REQUIRE(session.ok());
  absl::Mutex mutex;
  size_t written = 0;
  std::thread writer([&] {
    const std::string piece(kPiece, 'x');
    while ((*session)->WriteStdin(piece)) {
      const absl::MutexLock lock(&mutex);
      written += piece.size();
    }
  });
  const auto so_far = [&] {
    const absl::MutexLock lock(&mutex);
    return written;
  };
  size_t before = 0;
  do {
    before = so_far();
    absl::SleepFor(absl::Milliseconds(100));
  } while (before == 0 || so_far() != before);
  CHECK(before < 8u << 20);

  v1::ProcessSignal ctrl_c;
  ctrl_c.set_name("CtrlC");
  CHECK((*session)->Signal(ctrl_c).ok());
  CHECK(daemon.processes.signalled == "c:42 CtrlC");

  SECTION("until the process has exited") {
    daemon.processes.deaf_until.Notify();
    while ((*session)->Next()) {
    }
    writer.join();
    CHECK((*session)->Finish().ok());
  }
  SECTION("or it is left") {
    (*session)->Cancel();
    writer.join();
    CHECK_FALSE((*session)->Next().has_value());
    CHECK(absl::IsCancelled((*session)->Finish()));
    daemon.processes.deaf_until.Notify();
  }
}

TEST_CASE("A daemon's error ends the session with its status") {
  Daemon daemon;
  const auto session = daemon.Exec("lost");
  REQUIRE(session.ok());
  CHECK_FALSE((*session)->Next().has_value());
  CHECK(absl::IsUnavailable((*session)->Finish()));
}

}  // namespace
}  // namespace hcs::client
