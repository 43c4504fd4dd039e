// One process that a client has started in the system.

#ifndef HCS_CORE_EMULATOR_WORKER_CONTAINER_PROCESS_H_
#define HCS_CORE_EMULATOR_WORKER_CONTAINER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/emulator/documents/process_document.h"
#include "core/emulator/outcome.h"
#include "core/emulator/worker/event_loop.h"
#include "core/emulator/worker/standard_streams.h"
#include "core/platform/container_scope.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

// The exit codes of processes that did not exit by themselves (assumptions).
inline constexpr uint32_t kExitTerminated = 1067;         // ERROR_PROCESS_ABORTED.
inline constexpr uint32_t kExitInterrupted = 0xC000013A;  // STATUS_CONTROL_C_EXIT.
inline constexpr uint32_t kExitBySignal = 128;            // Plus the signal's number.

class ContainerProcess {
 public:
  struct Context {
    EventLoop* loop = nullptr;
    const platform::ContainerScope* scope = nullptr;
    std::string host_name;
    // "NAME=value", or empty: by it the process is found again after a crash.
    std::string mark;
  };

  // Starts it. 0x80070002 for an unknown program, 0x80070005 for one that may not be
  // executed, 0x8007010B for a working directory that cannot be entered.
  static Outcome<std::unique_ptr<ContainerProcess>> Start(const Context& context,
                                                          const ProcessDocument& document);

  pid_t process_id() const { return process_id_; }
  bool has_console() const { return streams_->terminal() >= 0; }
  const ProcessStatus& status() const { return status_; }

  // SIGKILL, to it alone.
  Status Terminate();
  Status Signal(const ProcessSignal& signal);
  Status Modify(const ProcessModification& modification);

  std::vector<std::pair<StandardStream, platform::UniqueFd>> ClientEnds() const {
    return streams_->ClientEnds();
  }

  // Its end, as waitpid told it. `system_stopping`: the signal that killed it was the
  // system's.
  void OnExit(int wait_status, bool system_stopping);

 private:
  ContainerProcess(pid_t process_id, std::unique_ptr<StandardStreams> streams);

  Status SendSignal(int number);
  Status Resize(const ResizeConsole& resize);

  const pid_t process_id_;
  const std::unique_ptr<StandardStreams> streams_;
  ProcessStatus status_;
  bool terminated_ = false;
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_CONTAINER_PROCESS_H_
