#include "tests/integration/calls.h"

#include <chrono>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace hcs::integration {
namespace {

constexpr std::chrono::seconds kDeadline{120};

template <typename Detail>
std::vector<Detail> DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  std::vector<Detail> found;
  for (const auto& any : details.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) found.push_back(std::move(detail));
  }
  return found;
}

template <typename Response>
void Take(Response& message, Told* told) {
  told->disordered |= told->exited || (told->process_id == 0 && !message.has_started());
  switch (message.message_case()) {
    case Response::kStarted: told->process_id = message.started().process().process_id(); break;
    case Response::kStdout: told->output += message.stdout(); break;
    case Response::kStderr: told->errors += message.stderr(); break;
    case Response::kDropped:
      told->dropped += message.dropped().stdout_bytes() + message.dropped().stderr_bytes();
      break;
    case Response::kExited:
      told->exited = true;
      told->exit_code = message.exited().exit_code();
      break;
    default: told->disordered = true;
  }
}

template <typename Response, typename Stream>
Told ReadStream(Stream& stream) {
  Told told;
  Response message;
  while (stream.Read(&message)) Take(message, &told);
  told.status = stream.Finish();
  return told;
}

}  // namespace

Call::Call() { context_.set_deadline(std::chrono::system_clock::now() + kDeadline); }

void RequireOk(const grpc::Status& status) {
  INFO(status.error_code() << ": " << status.error_message());
  REQUIRE(status.ok());
}

v1::HostError HostErrorOf(const grpc::Status& status) {
  const auto errors = DetailsOf<v1::HostError>(status);
  return errors.empty() ? v1::HostError() : errors.front();
}

std::string ReasonOf(const grpc::Status& status) {
  const auto infos = DetailsOf<google::rpc::ErrorInfo>(status);
  if (infos.empty()) return "";
  CHECK(infos.front().domain() == "hcs");
  return infos.front().reason();
}

std::vector<std::string> FieldsOf(const grpc::Status& status) {
  std::vector<std::string> fields;
  for (const auto& request : DetailsOf<google::rpc::BadRequest>(status)) {
    for (const auto& violation : request.field_violations()) fields.push_back(violation.field());
  }
  return fields;
}

v1::CreateContainerRequest ContainerRequest(const std::string& id) {
  v1::CreateContainerRequest request;
  request.set_id(id);
  request.mutable_config()->set_system_type("Container");
  return request;
}

v1::Container Create(Daemon& daemon, const v1::CreateContainerRequest& request) {
  Call call;
  v1::CreateContainerResponse response;
  RequireOk(daemon.containers().CreateContainer(call.context(), request, &response));
  return response.container();
}

void Start(Daemon& daemon, const std::string& id) {
  Call call;
  v1::StartContainerRequest request;
  request.set_id(id);
  v1::StartContainerResponse response;
  RequireOk(daemon.containers().StartContainer(call.context(), request, &response));
  REQUIRE(response.container().state() == v1::CONTAINER_STATE_RUNNING);
}

void CreateRunning(Daemon& daemon, const std::string& id) {
  Create(daemon, ContainerRequest(id));
  Start(daemon, id);
}

void Terminate(Daemon& daemon, const std::string& id) {
  Call call;
  v1::TerminateContainerRequest request;
  request.set_id(id);
  v1::TerminateContainerResponse response;
  RequireOk(daemon.containers().TerminateContainer(call.context(), request, &response));
  Call wait;
  v1::WaitContainerRequest wait_request;
  wait_request.set_id(id);
  v1::WaitContainerResponse wait_response;
  RequireOk(daemon.containers().WaitContainer(wait.context(), wait_request, &wait_response));
}

void Close(Daemon& daemon, const std::string& id) {
  Call call;
  v1::CloseContainerRequest request;
  request.set_id(id);
  v1::CloseContainerResponse response;
  RequireOk(daemon.containers().CloseContainer(call.context(), request, &response));
}

v1::Container Get(Daemon& daemon, const std::string& id) {
  Call call;
  v1::GetContainerRequest request;
  request.set_id(id);
  v1::GetContainerResponse response;
  RequireOk(daemon.containers().GetContainer(call.context(), request, &response));
  return response.container();
}

std::vector<v1::Container> ListAll(Daemon& daemon) {
  std::vector<v1::Container> all;
  v1::ListContainersRequest request;
  request.set_page_size(1000);
  do {
    Call call;
    v1::ListContainersResponse response;
    if (!daemon.containers().ListContainers(call.context(), request, &response).ok()) break;
    all.insert(all.end(), response.containers().begin(), response.containers().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

v1::ProcessConfig Command(const std::string& command_line, bool with_stdin) {
  v1::ProcessConfig config;
  config.set_command_line(command_line);
  config.set_create_std_in_pipe(with_stdin);
  config.set_create_std_out_pipe(true);
  config.set_create_std_err_pipe(true);
  return config;
}

v1::Process CreateProcess(Daemon& daemon, const std::string& id, const v1::ProcessConfig& config) {
  Call call;
  v1::CreateProcessRequest request;
  request.set_container_id(id);
  *request.mutable_config() = config;
  v1::CreateProcessResponse response;
  RequireOk(daemon.processes().CreateProcess(call.context(), request, &response));
  return response.process();
}

v1::ProcessExit WaitForProcess(Daemon& daemon, const std::string& id, uint32_t process) {
  Call call;
  v1::WaitProcessRequest request;
  request.set_container_id(id);
  request.set_process_id(process);
  v1::WaitProcessResponse response;
  RequireOk(daemon.processes().WaitProcess(call.context(), request, &response));
  REQUIRE(response.has_exit());
  return response.exit();
}

v1::ExecRequest StartRequest(const std::string& id, const v1::ProcessConfig& config) {
  v1::ExecRequest request;
  request.mutable_start()->set_container_id(id);
  *request.mutable_start()->mutable_config() = config;
  return request;
}

v1::ExecRequest StdinRequest(std::string bytes) {
  v1::ExecRequest request;
  request.set_stdin(std::move(bytes));
  return request;
}

v1::ExecRequest CloseStdinRequest() {
  v1::ExecRequest request;
  request.mutable_close_stdin();
  return request;
}

Told ReadToEnd(ExecStream& stream) { return ReadStream<v1::ExecResponse>(stream); }

Told ReadToEnd(AttachStream& stream) { return ReadStream<v1::AttachResponse>(stream); }

Told Exec(Daemon& daemon, const std::string& id, const v1::ProcessConfig& config,
          const std::string& input) {
  Call call;
  const auto stream = daemon.processes().Exec(call.context());
  stream->Write(StartRequest(id, config));
  if (!input.empty()) stream->Write(StdinRequest(input));
  stream->WritesDone();
  return ReadToEnd(*stream);
}

Told Attach(Daemon& daemon, const std::string& id, uint32_t process) {
  Call call;
  const auto stream = daemon.processes().Attach(call.context());
  v1::AttachRequest request;
  request.mutable_attach()->set_container_id(id);
  request.mutable_attach()->set_process_id(process);
  stream->Write(request);
  stream->WritesDone();
  return ReadToEnd(*stream);
}

}  // namespace hcs::integration
