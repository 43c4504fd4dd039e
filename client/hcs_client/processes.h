// Processes in containers: hcs.v1.ProcessService, called and waited for.
//
// What each call does and how it fails is said in process_service.proto. Every method
// blocks until the daemon has answered or the call's time limit has run out, and may be
// called from any thread.

#ifndef HCS_CLIENT_HCS_CLIENT_PROCESSES_H_
#define HCS_CLIENT_HCS_CLIENT_PROCESSES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/hcs_client/call_options.h"
#include "client/hcs_client/process_session.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::client {

struct Connection;

struct ProcessId {
  std::string container_id;
  uint32_t process_id = 0;
};

// Cheap to copy.
class Processes {
 public:
  explicit Processes(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  // The request's own request_id counts, if it has one, before the options'.
  absl::StatusOr<v1::Process> Create(v1::CreateProcessRequest request,
                                     const CallOptions& options = {}) const;
  absl::StatusOr<v1::Process> Open(const ProcessId& process, const CallOptions& options = {}) const;
  absl::StatusOr<v1::Process> Get(const ProcessId& process, const CallOptions& options = {}) const;
  // All pages, ordered by process id. The time limit is for each page.
  absl::StatusOr<std::vector<v1::Process>> List(const std::string& container_id,
                                                const CallOptions& options = {}) const;

  absl::Status Kill(const ProcessId& process, const CallOptions& options = {}) const;
  absl::Status Signal(const ProcessId& process, const v1::ProcessSignal& signal,
                      const CallOptions& options = {}) const;
  // Nothing when `timeout` ran out and the process has not exited.
  absl::StatusOr<std::optional<v1::ProcessExit>> Wait(
      const ProcessId& process, absl::Duration timeout = absl::InfiniteDuration(),
      const CallOptions& options = {}) const;
  absl::Status ResizeConsole(const ProcessId& process, const v1::ConsoleSize& size,
                             const CallOptions& options = {}) const;
  absl::Status CloseStdin(const ProcessId& process, const CallOptions& options = {}) const;
  absl::Status Close(const ProcessId& process, const CallOptions& options = {}) const;

  // Starts a process and carries its streams. Returns when it runs.
  absl::StatusOr<std::unique_ptr<ProcessSession>> Exec(const v1::ExecStart& start,
                                                       const CallOptions& options = {}) const;
  // Carries the streams of a process that was started before. Returns when attached.
  absl::StatusOr<std::unique_ptr<ProcessSession>> Attach(const v1::AttachStart& start,
                                                         const CallOptions& options = {}) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_PROCESSES_H_
