// The daemon's gRPC server and its listeners.

#ifndef HCS_DAEMON_TRANSPORT_SERVER_H_
#define HCS_DAEMON_TRANSPORT_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/transport/caller_table.h"
#include "daemon/transport/listen_address.h"
#include "daemon/transport/unix_listener.h"
#include "grpcpp/impl/codegen/service_type.h"
#include "grpcpp/server.h"

namespace hcs::transport {

struct ServerOptions {
  std::vector<ListenAddress> listen;
  // Plain TCP on an address that other machines reach.
  bool allow_insecure_remote = false;
  uint32_t unix_socket_mode = 0660;
  // A longer request is RESOURCE_EXHAUSTED.
  int max_message_bytes = 16 * 1024 * 1024;
  // Further calls of the connection wait in the client.
  int max_streams_per_connection = 4096;
};

// One of the contract's services, under its full name.
struct NamedService {
  std::string name;
  grpc::Service* service;
};

// Serves what it is given together with grpc.health.v1 and server reflection.
class Server {
 public:
  // Every listener accepts when this returns; if one cannot be had, none does.
  // `services` and `callers` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<NamedService>& services,
                                                       CallerTable* callers);
  // Cancels the calls that are left: see Shutdown().
  ~Server();

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What clients may dial, in the order of the configuration, with the port
  // that was chosen for 0.
  const std::vector<std::string>& addresses() const { return addresses_; }

  // What grpc.health.v1 says, of the server as a whole and of each service.
  void SetServing(bool serving);

  // Accepts no more and tells the clients so; cancels the calls that are not
  // over after `grace`. Returns when all are.
  void Shutdown(absl::Duration grace);

 private:
  Server() = default;

  absl::Status BindUnixSockets(const ServerOptions& options);
  absl::Status StartGrpc(const ServerOptions& options, const std::vector<NamedService>& services);
  void StartUnixSockets(CallerTable* callers);

  std::vector<std::string> addresses_;
  std::vector<std::string> service_names_;
  std::unique_ptr<grpc::Server> grpc_;
  std::vector<std::unique_ptr<UnixListener>> unix_listeners_;
};

}  // namespace hcs::transport

#endif  // HCS_DAEMON_TRANSPORT_SERVER_H_
