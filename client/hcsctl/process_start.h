// Starting a process for run and exec, in the foreground or not.

#ifndef HCS_CLIENT_HCSCTL_PROCESS_START_H_
#define HCS_CLIENT_HCSCTL_PROCESS_START_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"
#include "client/hcsctl/foreground_process.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::ctl {

struct ProcessStart {
  std::string container_id;
  v1::ProcessConfig config;
  v1::OutputPolicy output;
};

// The exit code for hcsctl. The process stays when hcsctl leaves it.
absl::StatusOr<int> RunForeground(const client::Client& client, const ProcessStart& start,
                                  ForegroundProcess& foreground);

// The process' id.
absl::StatusOr<uint32_t> StartDetached(const client::Client& client, const ProcessStart& start);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_PROCESS_START_H_
