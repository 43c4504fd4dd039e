// One process that the daemon holds: its handle, its streams, its exit.

#ifndef HCS_CORE_RUNTIME_PROCESS_H_
#define HCS_CORE_RUNTIME_PROCESS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/host/process.h"
#include "core/runtime/exit_latch.h"
#include "core/runtime/stdio_hub.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

class Container;
struct Services;

// Thread-safe. Its exit becomes known on the container's strand. Owned by
// shared_ptr: sessions and calls under way keep it.
class Process : public std::enable_shared_from_this<Process> {
 public:
  using Answer = absl::AnyInvocable<void(absl::Status) &&>;

  // `description` has the ids, the pipes, the policies and the start time.
  // `streams` may be empty. `services` must outlive the process.
  Process(Services& services, std::weak_ptr<Container> container, v1::Process description,
          host::ProcessInformation streams);

  // Registers with the host, and keeps the handle. Blocks: on the call pool.
  // Again after the service was lost.
  absl::Status Hold(host::Process handle);

  uint32_t process_id() const { return process_id_; }
  const std::string& object() const { return object_; }
  v1::Process Describe() const;
  bool exited() const;
  v1::OnDisconnect on_disconnect() const;
  const std::shared_ptr<StdioHub>& hub() const { return hub_; }
  ExitLatch<v1::ProcessExit>& exit() { return *exit_; }

  // One client at a time owns stdin. `owner` is only compared.
  bool TakeStdin(const void* owner);
  void LeaveStdin(const void* owner);

  // HcsTerminateProcess, HcsSignalProcess, HcsModifyProcess. They answer when the
  // host has accepted.
  void Kill(Answer answer);
  void Signal(const v1::ProcessSignal& signal, Answer answer);
  void Resize(const v1::ConsoleSize& size, Answer answer);
  void CloseStdin(Answer answer);

  // Nobody needs it once it has exited: the container closes it then.
  void CloseWhenExited();
  bool close_when_exited() const;

  // Frees whoever waits, a while from now, unless the exit comes: the process is
  // gone and its notification may be lost.
  void ExpectExit();

  // The exit that was known before the daemon was started again. No event.
  void RestoreExit(v1::ProcessExit exit);

  // Ends every wait, and the streams of a process that has not exited, with
  // `status`.
  void Abandon(const absl::Status& status);
  // Gives the handle back. Blocks: on the call pool.
  void ReleaseHandle();

 private:
  using Handle = std::shared_ptr<host::Process>;
  using HostCall = absl::AnyInvocable<absl::StatusOr<host::Completion>(const host::Process&) &&>;

  absl::StatusOr<Handle> handle(std::string_view function) const;
  void Request(std::string_view function, HostCall call, Answer answer);
  // The notification named a signal's failure: see ExpectExit.
  void NoteFailure(const absl::Status& status);

  void OnExitNotification(std::string data);
  void AskForExit();
  void SetExit(v1::ProcessExit exit);

  Services& services_;
  const std::weak_ptr<Container> container_;
  const uint32_t process_id_;
  const std::string object_;  // "id:pid"
  const std::shared_ptr<StdioHub> hub_;
  const std::shared_ptr<ExitLatch<v1::ProcessExit>> exit_ =
      std::make_shared<ExitLatch<v1::ProcessExit>>();

  mutable absl::Mutex mutex_;
  v1::Process description_ ABSL_GUARDED_BY(mutex_);
  Handle handle_ ABSL_GUARDED_BY(mutex_);
  host::Registration registration_ ABSL_GUARDED_BY(mutex_);
  const void* stdin_owner_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool close_when_exited_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Timer> watchdog_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_PROCESS_H_
