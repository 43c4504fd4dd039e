// A handle to a compute system.

#ifndef HCS_CORE_HOST_COMPUTE_SYSTEM_H_
#define HCS_CORE_HOST_COMPUTE_SYSTEM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/host/completion.h"
#include "core/host/notification.h"
#include "core/host/process.h"

namespace hcs::host {

struct SystemHandle;

// Every method but Close() calls the host and may block for as long as the host
// likes. Thread-safe; closing during a call lets the call finish, and later ones
// end with HANDLE_CLOSED. Errors are the host's (see host_error.h).
//
// Documents are JSON in UTF-8; text that the host's ABI cannot carry (invalid
// UTF-8, NUL) is INVALID_ARGUMENT, naming the parameter.
class ComputeSystem {
 public:
  // Closes.
  ~ComputeSystem();
  ComputeSystem(ComputeSystem&& other) noexcept;
  ComputeSystem& operator=(ComputeSystem&& other) noexcept;

  const std::string& id() const;

  // The completions of these are notifications: register first.
  absl::StatusOr<Completion> Start(std::string_view options = {}) const;
  absl::StatusOr<Completion> Shutdown(std::string_view options = {}) const;
  absl::StatusOr<Completion> Terminate(std::string_view options = {}) const;
  absl::StatusOr<Completion> Pause(std::string_view options = {}) const;
  absl::StatusOr<Completion> Resume(std::string_view options = {}) const;
  absl::StatusOr<Completion> Save(std::string_view options = {}) const;

  // The host's document, hcs.v1.ContainerProperties. UNEXPECTED_VALUE: the host
  // answered with nothing.
  absl::StatusOr<std::string> GetProperties(std::string_view query) const;
  // `settings` is hcs.v1.ModifySettingRequest's document.
  absl::StatusOr<Completion> Modify(std::string_view settings) const;

  // `parameters` is hcs.v1.ProcessConfig's document.
  absl::StatusOr<CreatedProcess> CreateProcess(std::string_view parameters) const;
  absl::StatusOr<Process> OpenProcess(uint32_t process_id) const;

  // The Completed notifications, SystemExited (also when it has exited already),
  // ServiceDisconnect and the rest of HcsNotificationType.
  absl::StatusOr<Registration> Register(NotificationSink sink) const;

  // Gives the handle back; the system goes on, unless its document says
  // otherwise. Idempotent. The host closes it once the calls under way have
  // returned and the registrations are gone.
  void Close();

 private:
  friend class ComputeService;
  explicit ComputeSystem(std::shared_ptr<SystemHandle> handle);

  std::shared_ptr<SystemHandle> handle_;
};

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_COMPUTE_SYSTEM_H_
