// One container that the daemon owns: its state, its handle, its processes.

#ifndef HCS_CORE_RUNTIME_CONTAINER_H_
#define HCS_CORE_RUNTIME_CONTAINER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/host/compute_system.h"
#include "core/runtime/call_lane.h"
#include "core/runtime/executor.h"
#include "core/runtime/exit_latch.h"
#include "core/runtime/pending_operations.h"
#include "core/runtime/process_table.h"
#include "core/runtime/state_record.h"
#include "core/runtime/statistics_sampler.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/event_service.pb.h"

namespace hcs::runtime {

struct Services;

// Thread-safe. State changes on the container's strand only, in the order of the
// host's notifications; answers run on that strand or on a thread of the call
// pool. Owned by shared_ptr: calls under way keep it.
class Container : public std::enable_shared_from_this<Container> {
 public:
  using Answer = absl::AnyInvocable<void(absl::Status) &&>;
  using System = std::shared_ptr<host::ComputeSystem>;

  // `description` is what is known so far; its id and state are set. `record` is
  // that of a container that an earlier daemon owned. `services` must outlive
  // the container.
  Container(Services& services, v1::Container description,
            std::shared_ptr<StateRecord> record = nullptr);
  ~Container();

  const std::string& id() const { return id_; }
  v1::ContainerState state() const;
  v1::Container Describe() const;

  // --- Taking hold of the compute system. One of these, once (Reopen: again
  // after the service was lost). They answer when the container can be used, or
  // with the error that prevented it.

  // HcsCreateComputeSystem, to its completion.
  void Create(std::string document, Answer answer);
  // HcsOpenComputeSystem, then every process that `stored` tells of.
  void Open(std::vector<v1::Process> stored, Answer answer);

  // Open, for a container that the daemon owned before: `tried` runs when the
  // host has answered. One that it no longer has, has exited; while it cannot be
  // reached, it is tried again.
  void Recover(std::vector<v1::Process> stored, Task tried);

  // --- Operations. They answer when the host's notification came, or with what
  // came instead.
  void Start(Answer answer);
  void Pause(Answer answer);
  void Resume(Answer answer);
  // These answer when the host has accepted; exit() tells the rest.
  void Shutdown(std::string options, Answer answer);
  void Terminate(std::string options, Answer answer);
  void Modify(std::string document, Answer answer);
  void GetProperties(std::string query,
                     absl::AnyInvocable<void(absl::StatusOr<std::string>) &&> answer);

  ExitLatch<v1::ContainerExit>& exit() { return *exit_; }
  ProcessTable& processes() { return processes_; }
  StatisticsSampler& sampler();

  // Ends every wait and stream with HANDLE_CLOSED, and gives the handles back on
  // the call pool; then answers.
  void Close(Answer answer);

  // Remembers it on disk from now on; Forget ends that. Both write a file.
  void Remember();
  void Forget();

  // --- For the container's processes.

  SerialExecutor& strand() { return strand_; }
  CallLane& lane() { return lane_; }
  Services& services() { return services_; }
  // The handle; HANDLE_CLOSED when there is none.
  absl::StatusOr<System> system(std::string_view function) const;
  // Fills in the container's id and owner.
  void AppendEvent(v1::Event event) const;
  // What the daemon remembers of it on disk; null while it is being made.
  std::shared_ptr<StateRecord> record() const;

 private:
  using HostCall =
      absl::AnyInvocable<absl::StatusOr<host::Completion>(const host::ComputeSystem&) &&>;

  // Calls the host, then waits for the notification `completed`.
  void Operate(std::string_view function, uint32_t completed, HostCall call, Answer answer);
  // Calls the host, and does not wait.
  void Request(CallLane::Priority priority, std::string_view function, HostCall call,
               Answer answer);

  void CreateOnLane(const std::string& document, Answer answer);
  void FinishCreate(absl::Status outcome, Answer answer);
  absl::Status Hold(host::ComputeSystem system);
  void GiveUp(Answer answer, absl::Status status);
  absl::Status LoadProperties();
  void ReleaseHandles();

  void OnNotification(host::Notification notification);
  void OnCompleted(uint32_t type, absl::Status outcome);
  void OnExited(const host::Notification& notification);
  void OnServiceLost();
  void Reconnect();
  void ReconnectOnLane();
  // The host has it no more, and nobody saw it go.
  void ExitedUnseen();
  void ChangeState(v1::ContainerState state, v1::EventType event);

  Services& services_;
  const std::string id_;
  SerialExecutor strand_;
  CallLane lane_;
  const std::shared_ptr<PendingOperations> pending_ = std::make_shared<PendingOperations>();
  const std::shared_ptr<ExitLatch<v1::ContainerExit>> exit_ =
      std::make_shared<ExitLatch<v1::ContainerExit>>();
  ProcessTable processes_;

  mutable absl::Mutex mutex_;
  v1::Container description_ ABSL_GUARDED_BY(mutex_);
  System system_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<StateRecord> record_ ABSL_GUARDED_BY(mutex_);
  host::Registration registration_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<StatisticsSampler> sampler_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Timer> reconnect_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_CONTAINER_H_
