// What run and exec say about the process that they start.

#ifndef HCS_CLIENT_HCSCTL_PROCESS_OPTIONS_H_
#define HCS_CLIENT_HCSCTL_PROCESS_OPTIONS_H_

#include <CLI/App.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcsctl/foreground_process.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::ctl {

struct ProcessOptions {
  bool interactive = false;
  bool terminal = false;
  bool detach = false;
  std::vector<std::string> environment;  // "NAME=value", or "NAME" for hcsctl's own value.
  std::string working_directory;
  std::string user;
  // What becomes of output that nobody takes; see OutputPolicyFor.
  std::string output;
};

// -i, -t, -d, -e, -w, -u, --output. `options` must live until the command line is parsed.
void AddProcessOptions(CLI::App& command, ProcessOptions& options);

// INVALID_ARGUMENT when the options contradict each other or the terminal.
absl::Status Check(const ProcessOptions& options);

// The process' document, with the terminal's size and TERM for a console.
absl::StatusOr<v1::ProcessConfig> ProcessConfigFor(const ProcessOptions& options,
                                                   const std::vector<std::string>& words);

// What was said, or else: in the foreground the process waits for its reader; detached,
// where there may never be one, the oldest is dropped.
v1::OutputPolicy OutputPolicyFor(const ProcessOptions& options);

ForegroundOptions ForegroundOptionsFor(const ProcessOptions& options);

// "NAME=value" as a pair. INVALID_ARGUMENT, which begins with `option`, without a name
// or without "=".
absl::StatusOr<std::pair<std::string, std::string>> ParsePair(absl::string_view option,
                                                              absl::string_view text);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_PROCESS_OPTIONS_H_
