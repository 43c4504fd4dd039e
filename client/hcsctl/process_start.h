// Starting a process for run and exec, in the foreground or not.

#ifndef HCS_CLIENT_HCSCTL_PROCESS_START_H_
#define HCS_CLIENT_HCSCTL_PROCESS_START_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"
#include "client/hcsctl/foreground_process.h"
#include "hcs/v1/process_config.pb.h"

namespace hcs::ctl {

// The exit code for hcsctl. The process stays when hcsctl leaves it.
absl::StatusOr<int> RunForeground(const client::Client& client, const std::string& container_id,
                                  const v1::ProcessConfig& config, ForegroundProcess& foreground);

// The process' id. It never waits for a reader: its oldest output is dropped.
absl::StatusOr<uint32_t> StartDetached(const client::Client& client,
                                       const std::string& container_id,
                                       const v1::ProcessConfig& config);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_PROCESS_START_H_
