#include "client/hcsctl/process_start.h"

namespace hcs::ctl {

absl::StatusOr<int> RunForeground(const client::Client& client, const ProcessStart& start,
                                  ForegroundProcess& foreground) {
  v1::ExecStart request;
  request.set_container_id(start.container_id);
  *request.mutable_config() = start.config;
  request.set_output_policy(start.output);
  request.set_on_disconnect(v1::ON_DISCONNECT_KEEP);
  const auto session = client.processes().Exec(request);
  if (!session.ok()) return session.status();
  return foreground.Run(**session);
}

absl::StatusOr<uint32_t> StartDetached(const client::Client& client, const ProcessStart& start) {
  v1::CreateProcessRequest request;
  request.set_container_id(start.container_id);
  *request.mutable_config() = start.config;
  request.set_output_policy(start.output);
  request.set_on_disconnect(v1::ON_DISCONNECT_KEEP);
  const auto process = client.processes().Create(request);
  if (!process.ok()) return process.status();
  return process->process_id();
}

}  // namespace hcs::ctl
