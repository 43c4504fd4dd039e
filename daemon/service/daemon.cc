#include "daemon/service/daemon.h"

#include <utility>

#include "absl/status/status.h"
#include "daemon/service/state_lock.h"
#include "spdlog/spdlog.h"

namespace hcs::service {
namespace {

// For the last answers to reach their clients.
constexpr absl::Duration kFarewell = absl::Milliseconds(200);

absl::StatusOr<transport::ServerOptions> ServerOptionsOf(const Configuration& configuration) {
  transport::ServerOptions options{
      .allow_insecure_remote = configuration.allow_insecure_remote,
      .max_message_bytes = configuration.max_message_mib * 1024 * 1024,
      .max_streams_per_connection = configuration.max_streams_per_connection};
  for (const std::string& uri : configuration.listen) {
    auto address = transport::ParseListenAddress(uri);
    if (!address.ok()) return address.status();
    options.listen.push_back(*std::move(address));
  }
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Start(const Configuration& configuration) {
  std::unique_ptr<Daemon> daemon(new Daemon(configuration));
  if (absl::Status status = daemon->StartRuntime(); !status.ok()) return status;
  if (absl::Status status = daemon->StartServer(); !status.ok()) return status;
  return daemon;
}

absl::Status Daemon::StartRuntime() {
  auto lock = LockState(configuration_.state);
  if (!lock.ok()) return lock.status();
  state_lock_ = *std::move(lock);
  auto host = ChooseHost(configuration_);
  if (!host.ok()) return host.status();
  host_ = *std::move(host);
  auto runtime = runtime::Runtime::Create(
      host_->table(),
      {.state_directory = configuration_.state + "/daemon",
       .call_threads = configuration_.call_threads,
       .queued_calls_per_container = configuration_.queued_calls_per_container,
       .operation_timeout = configuration_.operation_timeout,
       .journal_events = configuration_.journal_events,
       .exited_processes_per_container = configuration_.exited_processes_per_container,
       .report = [](const std::string& sentence) { spdlog::warn("{}", sentence); },
       .host = host_->Describe()});
  if (!runtime.ok()) return runtime.status();
  runtime_ = *std::move(runtime);
  return absl::OkStatus();
}

absl::Status Daemon::StartServer() {
  const auto options = ServerOptionsOf(configuration_);
  if (!options.ok()) return options.status();
  rpc_ = std::make_unique<rpc::RpcContext>(*runtime_, gate_, callers_);
  container_rpc_ = std::make_unique<rpc::ContainerRpc>(*rpc_);
  process_rpc_ = std::make_unique<rpc::ProcessRpc>(*rpc_);
  event_rpc_ = std::make_unique<rpc::EventRpc>(*rpc_);
  host_rpc_ = std::make_unique<rpc::HostRpc>(*rpc_);
  layer_rpc_ = std::make_unique<rpc::LayerRpc>(*rpc_);
  image_rpc_ = std::make_unique<rpc::ImageRpc>(*rpc_);
  auto server =
      transport::Server::Start(*options,
                               {{v1::ContainerService::service_full_name(), container_rpc_.get()},
                                {v1::ProcessService::service_full_name(), process_rpc_.get()},
                                {v1::EventService::service_full_name(), event_rpc_.get()},
                                {v1::HostService::service_full_name(), host_rpc_.get()},
                                {v1::LayerService::service_full_name(), layer_rpc_.get()},
                                {v1::ImageService::service_full_name(), image_rpc_.get()}},
                               &callers_);
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  return absl::OkStatus();
}

Daemon::~Daemon() {
  if (server_ == nullptr) return;
  gate_.Close();
  gate_.EndAll();
  server_->Shutdown(kFarewell);
}

void Daemon::Drain() {
  server_->SetServing(false);
  gate_.Close();
  if (!gate_.WaitUntilEmpty(configuration_.drain_timeout)) {
    spdlog::warn("{} calls did not finish within the drain timeout", gate_.size());
    gate_.EndAll();
  }
  server_->Shutdown(kFarewell);
}

}  // namespace hcs::service
