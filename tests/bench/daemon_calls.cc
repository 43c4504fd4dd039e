#include "tests/bench/daemon_calls.h"

#include <stdexcept>

#include "grpcpp/create_channel.h"

namespace hcs::bench {
namespace {

std::shared_ptr<grpc::Channel> NewChannel(const std::string& socket) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel("unix:" + socket, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

void Require(const grpc::Status& status, const std::string& what) {
  if (!status.ok()) throw std::runtime_error(what + ": " + status.error_message());
}

void Require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

Servers::Servers(const std::string& program)
    : daemon_({HCSD_PROGRAM, "--state", folder_.path() + "/state", "--log-level", "warning",
               "--listen", "unix://" + folder_.path() + "/hcsd.sock"}),
      ceiling_process_({program, "--serve-ceiling", "unix:" + folder_.path() + "/ceiling.sock"}),
      containers_(v1::ContainerService::NewStub(NewDaemonChannel())),
      processes_(v1::ProcessService::NewStub(NewDaemonChannel())),
      ceiling_(Ceiling::NewStub(NewCeilingChannel())) {}

Servers::~Servers() { TerminateAll(); }

std::shared_ptr<grpc::Channel> Servers::NewDaemonChannel() const {
  return NewChannel(folder_.path() + "/hcsd.sock");
}

std::shared_ptr<grpc::Channel> Servers::NewCeilingChannel() const {
  return NewChannel(folder_.path() + "/ceiling.sock");
}

void Servers::CreateContainer(const std::string& id) {
  grpc::ClientContext context;
  v1::CreateContainerRequest request;
  request.set_id(id);
  request.mutable_config()->set_system_type("Container");
  v1::CreateContainerResponse response;
  Require(containers_->CreateContainer(&context, request, &response), "create " + id);
}

void Servers::StartContainer(const std::string& id) {
  grpc::ClientContext context;
  v1::StartContainerRequest request;
  request.set_id(id);
  v1::StartContainerResponse response;
  Require(containers_->StartContainer(&context, request, &response), "start " + id);
}

v1::GetContainerResponse Servers::GetContainer(const std::string& id) {
  grpc::ClientContext context;
  v1::GetContainerRequest request;
  request.set_id(id);
  v1::GetContainerResponse response;
  Require(containers_->GetContainer(&context, request, &response), "get " + id);
  return response;
}

int64_t Servers::ListContainers() {
  int64_t count = 0;
  v1::ListContainersRequest request;
  request.set_page_size(1000);
  do {
    grpc::ClientContext context;
    v1::ListContainersResponse response;
    Require(containers_->ListContainers(&context, request, &response), "list");
    count += response.containers_size();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return count;
}

void Servers::TerminateAll() {
  while (true) {
    grpc::ClientContext list_context;
    v1::ListContainersRequest list;
    list.set_page_size(1000);
    v1::ListContainersResponse page;
    if (!containers_->ListContainers(&list_context, list, &page).ok()) return;
    if (page.containers().empty()) return;
    for (const v1::Container& container : page.containers()) {
      grpc::ClientContext terminate_context, close_context;
      v1::TerminateContainerRequest terminate;
      terminate.set_id(container.id());
      v1::TerminateContainerResponse terminated;
      (void)containers_->TerminateContainer(&terminate_context, terminate, &terminated);
      v1::CloseContainerRequest close;
      close.set_id(container.id());
      v1::CloseContainerResponse closed;
      if (!containers_->CloseContainer(&close_context, close, &closed).ok()) return;
    }
  }
}

v1::ExecRequest StartRequest(const std::string& container, const std::string& command_line,
                             bool with_stdin) {
  v1::ExecRequest request;
  request.mutable_start()->set_container_id(container);
  v1::ProcessConfig& config = *request.mutable_start()->mutable_config();
  config.set_command_line(command_line);
  config.set_create_std_in_pipe(with_stdin);
  config.set_create_std_out_pipe(true);
  config.set_create_std_err_pipe(true);
  return request;
}

}  // namespace hcs::bench
