// The calls that most cases begin with, made with a deadline and checked.

#ifndef HCS_TESTS_INTEGRATION_CALLS_H_
#define HCS_TESTS_INTEGRATION_CALLS_H_

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "grpcpp/support/sync_stream.h"
#include "hcs/v1/error.pb.h"
#include "tests/integration/daemon_fixture.h"

namespace hcs::integration {

// A client's context with a deadline far beyond what the call needs.
class Call {
 public:
  Call();
  grpc::ClientContext* context() { return &context_; }
  grpc::ClientContext* operator->() { return &context_; }

 private:
  grpc::ClientContext context_;
};

// Fails the test unless the status is OK, and says what it is.
void RequireOk(const grpc::Status& status);

// The status' details.
v1::HostError HostErrorOf(const grpc::Status& status);
// "" when the status has no google.rpc.ErrorInfo.
std::string ReasonOf(const grpc::Status& status);
// The fields that a google.rpc.BadRequest names.
std::vector<std::string> FieldsOf(const grpc::Status& status);

// Schema 1: {"SystemType": "Container"} and what `change` adds.
v1::CreateContainerRequest ContainerRequest(const std::string& id);
v1::Container Create(Daemon& daemon, const v1::CreateContainerRequest& request);
void Start(Daemon& daemon, const std::string& id);
// A container that runs.
void CreateRunning(Daemon& daemon, const std::string& id);
// Terminates it and waits for its end.
void Terminate(Daemon& daemon, const std::string& id);
// The daemon lets go of it.
void Close(Daemon& daemon, const std::string& id);
v1::Container Get(Daemon& daemon, const std::string& id);
std::vector<v1::Container> ListAll(Daemon& daemon);

// `command_line` with stdout and stderr, and stdin if asked for.
v1::ProcessConfig Command(const std::string& command_line, bool with_stdin = false);
v1::Process CreateProcess(Daemon& daemon, const std::string& id, const v1::ProcessConfig& config);
v1::ProcessExit WaitForProcess(Daemon& daemon, const std::string& id, uint32_t process);

using ExecStream = grpc::ClientReaderWriter<v1::ExecRequest, v1::ExecResponse>;
using AttachStream = grpc::ClientReaderWriter<v1::AttachRequest, v1::AttachResponse>;

v1::ExecRequest StartRequest(const std::string& id, const v1::ProcessConfig& config);
v1::ExecRequest StdinRequest(std::string bytes);
v1::ExecRequest CloseStdinRequest();

// What a stream told until it ended.
struct Told {
  uint32_t process_id = 0;
  std::string output;
  std::string errors;
  uint64_t dropped = 0;
  bool exited = false;
  uint32_t exit_code = 0;
  // Something came after `exited`, or before `started`.
  bool disordered = false;
  grpc::Status status;
};

Told ReadToEnd(ExecStream& stream);
Told ReadToEnd(AttachStream& stream);

// Runs a command by Exec, from start to end.
Told Exec(Daemon& daemon, const std::string& id, const v1::ProcessConfig& config,
          const std::string& input = "");
// Attaches as a watcher, to the end.
Told Attach(Daemon& daemon, const std::string& id, uint32_t process);

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_CALLS_H_
