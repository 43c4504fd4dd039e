#include "daemon/transport/server.h"

#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_posix.h"

namespace hcs::transport {
namespace {

// A client that is gone without a word is noticed within about a minute.
constexpr int kKeepaliveMilliseconds = 40'000;
constexpr int kKeepaliveTimeoutMilliseconds = 20'000;
// Clients may ping as often as this, calls under way or not.
constexpr int kMinimumPingMilliseconds = 5'000;

void Configure(const ServerOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.max_message_bytes);
  builder->SetMaxSendMessageSize(-1);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_streams_per_connection);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMilliseconds);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kMinimumPingMilliseconds);
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

absl::Status CheckRemote(const TcpAddress& address, const ServerOptions& options) {
  if (address.loopback() || options.allow_insecure_remote) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "listen address \"", ToUri(address),
      "\": anyone who reaches it could run programs here, since plain TCP tells the daemon "
      "nothing about its clients; allowed is a loopback address, or --allow-insecure-remote"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<NamedService>& services,
                                                      CallerTable* callers) {
  std::unique_ptr<Server> server(new Server);
  if (absl::Status status = server->BindUnixSockets(options); !status.ok()) return status;
  if (absl::Status status = server->StartGrpc(options, services); !status.ok()) return status;
  server->StartUnixSockets(callers);
  server->SetServing(true);
  return server;
}

Server::~Server() { Shutdown(absl::ZeroDuration()); }

absl::Status Server::BindUnixSockets(const ServerOptions& options) {
  for (const ListenAddress& address : options.listen) {
    const auto* unix_address = std::get_if<UnixAddress>(&address);
    if (unix_address == nullptr) continue;
    auto listener = UnixListener::Bind(unix_address->path, options.unix_socket_mode);
    if (!listener.ok()) return listener.status();
    unix_listeners_.push_back(*std::move(listener));
  }
  return absl::OkStatus();
}

absl::Status Server::StartGrpc(const ServerOptions& options,
                               const std::vector<NamedService>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  Configure(options, &builder);
  for (const NamedService& named : services) {
    builder.RegisterService(named.service);
    service_names_.push_back(named.name);
  }
  std::vector<int> ports(options.listen.size(), 0);
  for (size_t i = 0; i < options.listen.size(); ++i) {
    const auto* tcp = std::get_if<TcpAddress>(&options.listen[i]);
    if (tcp == nullptr) continue;
    if (absl::Status status = CheckRemote(*tcp, options); !status.ok()) return status;
    builder.AddListeningPort(tcp->host_and_port(), grpc::InsecureServerCredentials(), &ports[i]);
  }
  grpc_ = builder.BuildAndStart();
  for (size_t i = 0; i < options.listen.size(); ++i) {
    ListenAddress address = options.listen[i];
    if (auto* tcp = std::get_if<TcpAddress>(&address)) {
      if (grpc_ == nullptr || ports[i] == 0) {
        return absl::UnavailableError(
            absl::StrCat("listen address \"", ToUri(address), "\": it cannot be listened on"));
      }
      tcp->port = static_cast<uint16_t>(ports[i]);
    }
    addresses_.push_back(ToUri(address));
  }
  if (grpc_ == nullptr) return absl::InternalError("the gRPC server does not start");
  return absl::OkStatus();
}

void Server::StartUnixSockets(CallerTable* callers) {
  for (const auto& listener : unix_listeners_) {
    listener->Start([this, callers](platform::UniqueFd connection, Caller caller) {
      callers->Register(absl::StrCat("fd:", connection.get()), std::move(caller));
      grpc::AddInsecureChannelFromFd(grpc_.get(), connection.release());
    });
  }
}

void Server::SetServing(bool serving) {
  auto* health = grpc_->GetHealthCheckService();
  health->SetServingStatus(serving);
  for (const std::string& name : service_names_) health->SetServingStatus(name, serving);
}

void Server::Shutdown(absl::Duration grace) {
  unix_listeners_.clear();
  if (grpc_ == nullptr) return;
  grpc_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  grpc_->Wait();
}

}  // namespace hcs::transport
