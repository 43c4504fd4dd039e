// One client's stream to one process: what Exec and Attach are, without gRPC.
//
//   up:   Start or Attach once, then stdin, close, resize and signals
//   down: messages that the client pulls one at a time, at its own speed

#ifndef HCS_CORE_RUNTIME_PROCESS_SESSION_H_
#define HCS_CORE_RUNTIME_PROCESS_SESSION_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "core/runtime/call.h"
#include "core/runtime/output_chunk.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

struct Services;

// Thread-safe. The methods never block. Owned by shared_ptr: the runtime holds
// on to it while it has work in hand for it.
class ProcessSession : public std::enable_shared_from_this<ProcessSession> {
 public:
  // What goes down. An OutputChunk is a piece of stdout or stderr whose bytes
  // are shared, not copied; it counts as taken when the next message is asked
  // for.
  using Message = std::variant<v1::ProcessStarted, OutputChunk, v1::OutputDropped, v1::ProcessExit>;
  // The session is over: OK after `exited`, else the error that ended it.
  struct End {
    absl::Status status;
  };
  using Next = std::variant<Message, End>;

  // Called once when an upward message has been accepted: the next may be
  // given. An error is the call's own (the session goes on) only for resize and
  // signal; after any other error the session ends with it.
  using Accepted = absl::AnyInvocable<void(absl::Status) &&>;

  virtual ~ProcessSession() = default;

  // Starts the process and attaches to it as the owner of stdin, or attaches
  // to a process that is there. Once, and first.
  virtual void Start(const v1::ExecStart& start) = 0;
  virtual void Attach(const v1::AttachStart& attach) = 0;

  // At most one of these at a time: wait for `accepted`. Stdin is accepted once
  // the process' pipe has taken it. Bytes for a process that has closed its
  // stdin, or has exited, are accepted and dropped, as a shell's pipe would
  // drop them. FAILED_PRECONDITION after CloseStdin, or when this client does
  // not own stdin.
  virtual void WriteStdin(std::string bytes, Accepted accepted) = 0;
  virtual void CloseStdin(Accepted accepted) = 0;
  virtual void Resize(const v1::ConsoleSize& size, Accepted accepted) = 0;
  virtual void Signal(const v1::ProcessSignal& signal, Accepted accepted) = 0;

  // The next message, if there is one; taking it says that the one before has
  // been delivered. When there is none, nullopt, and `wake` (see NewSession)
  // is called once when there is. Not to be called again after an End.
  virtual std::optional<Next> Pull() = 0;

  // The client is gone; nothing more is delivered and no callback runs after
  // this returns, apart from one that is running. A session that has told its
  // End may be left without it.
  virtual void Disconnect() = 0;
};

// `wake` runs on one of the runtime's threads and must not block; it may call
// Pull(). It is dropped when the session is.
std::shared_ptr<ProcessSession> NewProcessSession(Services& services, CallContext context,
                                                  absl::AnyInvocable<void()> wake);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_PROCESS_SESSION_H_
