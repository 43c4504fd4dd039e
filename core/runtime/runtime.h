// The daemon's core: everything that it owns, put together. No gRPC in it.

#ifndef HCS_CORE_RUNTIME_RUNTIME_H_
#define HCS_CORE_RUNTIME_RUNTIME_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/abi/vmcompute.h"
#include "core/runtime/container_operations.h"
#include "core/runtime/event_journal.h"
#include "core/runtime/host_operations.h"
#include "core/runtime/image_export.h"
#include "core/runtime/image_import.h"
#include "core/runtime/image_operations.h"
#include "core/runtime/layer_export_session.h"
#include "core/runtime/layer_import_session.h"
#include "core/runtime/layer_operations.h"
#include "core/runtime/process_operations.h"
#include "core/runtime/process_session.h"

namespace hcs::runtime {

struct RuntimeOptions {
  // Where the daemon keeps what it knows of its containers. Created if missing.
  std::string state_directory;
  // Threads that may call the host at once, and calls that may wait for one
  // container before the next is RESOURCE_EXHAUSTED.
  size_t call_threads = 128;
  size_t queued_calls_per_container = 1024;
  // How long create, start, pause and resume may take until TIMEOUT, and how long an
  // operation on a layer may wait for its turn.
  absl::Duration operation_timeout = absl::Minutes(4);
  // How long after a signal that failed since the process is gone its waiters
  // are freed without a ProcessExited.
  absl::Duration exit_watchdog = absl::Seconds(1);
  // Events kept for replay.
  size_t journal_events = 16384;
  // Exited processes kept per container for a late Attach or Wait.
  size_t exited_processes_per_container = 256;
  // Takes one sentence for the log, from any thread.
  std::function<void(const std::string&)> report = [](const std::string&) {};
  // What GetHostInfo says of the host that the table does not.
  HostDescription host;
};

// Thread-safe.
class Runtime {
 public:
  // Opens again what the state directory names and the host still has, and
  // returns when that is done. `table` must outlive the runtime.
  static absl::StatusOr<std::unique_ptr<Runtime>> Create(const abi::HcsFunctionTable& table,
                                                         RuntimeOptions options);
  // Closes every handle; containers stay. Calls under way are answered with
  // UNAVAILABLE. A table call that hangs keeps it waiting.
  ~Runtime();

  ContainerOperations& containers();
  ProcessOperations& processes();
  HostOperations& host();
  LayerOperations& layers();
  ImageOperations& images();
  EventJournal& events();
  std::shared_ptr<ProcessSession> NewSession(CallContext context, absl::AnyInvocable<void()> wake);
  std::shared_ptr<ImageImport> NewImageImport(CallContext context, absl::AnyInvocable<void()> wake);
  std::shared_ptr<ImageExport> NewImageExport(CallContext context, absl::AnyInvocable<void()> wake);
  std::shared_ptr<LayerImportSession> NewLayerImport(CallContext context,
                                                     absl::AnyInvocable<void()> accepted,
                                                     Done<v1::ImportLayerResponse> done);
  std::shared_ptr<LayerExportSession> NewLayerExport(CallContext context,
                                                     absl::AnyInvocable<void()> wake);

 private:
  explicit Runtime(std::unique_ptr<Services> services);

  std::unique_ptr<Services> services_;
  ContainerOperations containers_;
  ProcessOperations processes_;
  HostOperations host_;
  LayerOperations layers_;
  ImageOperations images_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_RUNTIME_H_
