// A process whose streams are hcsctl's own, for its user: run, exec and attach.
//
//   threads   the caller's       output: session -> stdout and stderr, as fast as they take it
//             one for stdin      input: stdin -> session, as fast as the process takes it
//             one for signals    signals, window changes
//
// Signals: Ctrl-C goes on to the process, SIGTERM and SIGHUP end it; the second one
// makes hcsctl leave the process as it is. A mere watcher leaves at the first.

#ifndef HCS_CLIENT_HCSCTL_FOREGROUND_PROCESS_H_
#define HCS_CLIENT_HCSCTL_FOREGROUND_PROCESS_H_

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "client/hcs_client/process_session.h"
#include "client/hcsctl/signals.h"
#include "client/hcsctl/stop_event.h"

namespace hcs::ctl {

struct ForegroundOptions {
  // Pass stdin on.
  bool input = false;
  // The process has a console: put the terminal into raw mode (with `input`), pass
  // window changes on, and look for Ctrl-P Ctrl-Q.
  bool console = false;
  // Neither signals nor a closed stdout touch the process.
  bool watch_only = false;
};

// Takes the signals of hcsctl from its construction on, so that what belongs to the
// process (a container that is to be removed, say) can be put in order in any case.
class ForegroundProcess {
 public:
  explicit ForegroundProcess(const ForegroundOptions& options);

  // The signal that asked hcsctl to end while no process was there to pass it on to.
  std::optional<Signal> interrupted() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Until the process has exited, or is left, or is lost: the exit code for hcsctl.
  // Once.
  absl::StatusOr<int> Run(client::ProcessSession& session) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Returns why the output ended early; OK at the end of the session.
  absl::Status PumpOutput(client::ProcessSession& session);
  void PumpInput(client::ProcessSession& session);
  absl::StatusOr<int> Outcome(const absl::Status& output, const absl::Status& end) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  void HandleSignal(Signal signal) ABSL_LOCKS_EXCLUDED(mutex_);
  void PassOn(Signal signal) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Resize() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Leaves the process; `signal` if one said so.
  void Detach(std::optional<Signal> signal) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ForegroundOptions options_;
  StopEvent stop_input_;
  StopEvent stop_output_;
  std::optional<v1::ProcessExit> exit_;

  mutable absl::Mutex mutex_;
  // While it runs.
  client::ProcessSession* session_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::optional<Signal> interrupted_ ABSL_GUARDED_BY(mutex_);
  // The process was ended for this signal.
  std::optional<Signal> killed_for_ ABSL_GUARDED_BY(mutex_);
  bool detached_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<Signal> detached_for_ ABSL_GUARDED_BY(mutex_);

  // Last, so that its thread finds the rest alive.
  SignalListener signals_;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_FOREGROUND_PROCESS_H_
