// A handle to a process in a compute system.

#ifndef HCS_CORE_HOST_PROCESS_H_
#define HCS_CORE_HOST_PROCESS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/host/completion.h"
#include "core/host/notification.h"
#include "core/platform/unique_fd.h"

namespace hcs::host {

struct ProcessHandle;

// One end of a process' standard stream.
using PipeHandle = platform::UniqueFd;

// A pipe that was not asked for is empty. Each is the holder's alone.
struct ProcessInformation {
  uint32_t process_id = 0;
  PipeHandle std_input;
  PipeHandle std_output;
  PipeHandle std_error;
};

// Every method but Close() calls the host and may block for as long as the host
// likes. Thread-safe; closing during a call lets the call finish, and later ones
// end with HANDLE_CLOSED. Errors are the host's (see host_error.h).
class Process {
 public:
  // Closes.
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  uint32_t process_id() const;

  // kPending: it exits soon. It may have exited already: then FAILED_PRECONDITION
  // or NOT_FOUND, depending on the build.
  absl::StatusOr<Completion> Terminate() const;
  // `options` such as {"Signal": "CtrlC"}.
  absl::StatusOr<Completion> Signal(std::string_view options) const;
  // Fresh handles to the same streams, at each call.
  absl::StatusOr<ProcessInformation> GetInformation() const;
  // The host's document, hcs.v1.ProcessStatus.
  absl::StatusOr<std::string> GetProperties() const;
  // `settings` is hcs.v1.ProcessModifyRequest's document.
  absl::StatusOr<Completion> Modify(std::string_view settings) const;

  // ProcessExited (also when it has exited already) and ServiceDisconnect.
  absl::StatusOr<Registration> Register(NotificationSink sink) const;

  // Gives the handle back; the process goes on. Idempotent. The host closes it
  // once the calls under way have returned and the registrations are gone.
  void Close();

 private:
  friend class ComputeSystem;
  explicit Process(std::shared_ptr<ProcessHandle> handle);

  std::shared_ptr<ProcessHandle> handle_;
};

struct CreatedProcess {
  Process process;
  ProcessInformation information;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_PROCESS_H_
