// The daemon: a host, the runtime over it, and the server that offers it.

#ifndef HCS_DAEMON_SERVICE_DAEMON_H_
#define HCS_DAEMON_SERVICE_DAEMON_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/platform/unique_fd.h"
#include "core/runtime/runtime.h"
#include "daemon/rpc/call_gate.h"
#include "daemon/rpc/container_rpc.h"
#include "daemon/rpc/event_rpc.h"
#include "daemon/rpc/host_rpc.h"
#include "daemon/rpc/image_rpc.h"
#include "daemon/rpc/layer_rpc.h"
#include "daemon/rpc/process_rpc.h"
#include "daemon/rpc/rpc_context.h"
#include "daemon/service/configuration.h"
#include "daemon/service/host_choice.h"
#include "daemon/transport/caller_table.h"
#include "daemon/transport/server.h"

namespace hcs::service {

class Daemon {
 public:
  // Serves when it returns. The error says what cannot be had, and what else
  // could.
  static absl::StatusOr<std::unique_ptr<Daemon>> Start(const Configuration& configuration);

  // Stops serving, without draining; containers stay.
  ~Daemon();

  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // What clients may dial.
  const std::vector<std::string>& addresses() const { return server_->addresses(); }

  // Takes no more calls, lets those that are under way finish for as long as
  // the configuration allows, and ends the rest.
  void Drain();

  // From another thread: what Drain() still waits for ends now.
  void HurryDrain() { gate_.EndAll(); }

 private:
  explicit Daemon(Configuration configuration) : configuration_(std::move(configuration)) {}

  absl::Status StartRuntime();
  absl::Status StartServer();

  // In the order in which they depend on each other.
  const Configuration configuration_;
  platform::UniqueFd state_lock_;
  std::unique_ptr<ChosenHost> host_;
  std::unique_ptr<runtime::Runtime> runtime_;
  rpc::CallGate gate_;
  transport::CallerTable callers_;
  std::unique_ptr<rpc::RpcContext> rpc_;
  std::unique_ptr<rpc::ContainerRpc> container_rpc_;
  std::unique_ptr<rpc::ProcessRpc> process_rpc_;
  std::unique_ptr<rpc::EventRpc> event_rpc_;
  std::unique_ptr<rpc::HostRpc> host_rpc_;
  std::unique_ptr<rpc::LayerRpc> layer_rpc_;
  std::unique_ptr<rpc::ImageRpc> image_rpc_;
  std::unique_ptr<transport::Server> server_;
};

}  // namespace hcs::service

#endif  // HCS_DAEMON_SERVICE_DAEMON_H_
