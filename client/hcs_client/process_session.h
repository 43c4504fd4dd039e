// The streams of one process, as one client has them.
//
//   absl::StatusOr<std::unique_ptr<ProcessSession>> session = client.processes().Exec(start);
//   while (std::optional<SessionEvent> event = (*session)->Next()) { ... }
//   absl::Status end = (*session)->Finish();
//
// Flow control goes all the way: what is not taken by Next is not read from the process
// (with the default output policy), and Write blocks while the process does not read.
// So memory is bounded by a few messages and gRPC's stream window, about 1 MiB.

#ifndef HCS_CLIENT_HCS_CLIENT_PROCESS_SESSION_H_
#define HCS_CLIENT_HCS_CLIENT_PROCESS_SESSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::client {

struct StdoutBytes {
  std::string bytes;
};

struct StderrBytes {
  std::string bytes;
};

// OutputDropped comes only with an output policy that drops. ProcessExit comes last.
using SessionEvent = std::variant<StdoutBytes, StderrBytes, v1::OutputDropped, v1::ProcessExit>;

// Threads: one reads (Next, then Finish), any write; Cancel may come from any. The
// destructor, with nobody in a call any more, leaves the process: what becomes of it is
// its on_disconnect.
class ProcessSession {
 public:
  virtual ~ProcessSession() = default;

  // As the daemon had it when the session began.
  virtual const v1::Process& process() const = 0;

  // Blocks for the next event. Nothing when the session is over: see Finish.
  virtual std::optional<SessionEvent> Next() = 0;

  // How the session ended: OK after the exit, CANCELLED after Cancel, or the daemon's
  // error. Call it once, after Next gave nothing.
  virtual absl::Status Finish() = 0;

  // Gives bytes to the process' stdin, and blocks while it takes none. False when the
  // session is over; Next tells why.
  virtual bool WriteStdin(absl::string_view bytes) = 0;
  // End-of-file for the process; nothing may be written after it. False as above.
  virtual bool CloseStdin() = 0;

  // These overtake stdin that waits to be written: they are calls of their own.
  virtual absl::Status Resize(const v1::ConsoleSize& size) = 0;
  virtual absl::Status Signal(const v1::ProcessSignal& signal) = 0;
  virtual absl::Status Kill() = 0;

  // Leaves the process now; Next and writes that wait return. No effect after the end.
  virtual void Cancel() = 0;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_PROCESS_SESSION_H_
