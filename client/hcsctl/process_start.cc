#include "client/hcsctl/process_start.h"

namespace hcs::ctl {

absl::StatusOr<int> RunForeground(const client::Client& client, const std::string& container_id,
                                  const v1::ProcessConfig& config, ForegroundProcess& foreground) {
  v1::ExecStart start;
  start.set_container_id(container_id);
  *start.mutable_config() = config;
  start.set_on_disconnect(v1::ON_DISCONNECT_KEEP);
  const auto session = client.processes().Exec(start);
  if (!session.ok()) return session.status();
  return foreground.Run(**session);
}

absl::StatusOr<uint32_t> StartDetached(const client::Client& client,
                                       const std::string& container_id,
                                       const v1::ProcessConfig& config) {
  v1::CreateProcessRequest request;
  request.set_container_id(container_id);
  *request.mutable_config() = config;
  request.set_output_policy(v1::OUTPUT_POLICY_DROP_OLDEST);
  request.set_on_disconnect(v1::ON_DISCONNECT_KEEP);
  const auto process = client.processes().Create(request);
  if (!process.ok()) return process.status();
  return process->process_id();
}

}  // namespace hcs::ctl
