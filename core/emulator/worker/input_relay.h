// A process' standard input: from the pipe that clients write to on to the process.
//
// There is a relay, rather than one pipe for both, so that CloseHandle means
// end-of-file for the process even while a client still holds its end.

#ifndef HCS_CORE_EMULATOR_WORKER_INPUT_RELAY_H_
#define HCS_CORE_EMULATOR_WORKER_INPUT_RELAY_H_

#include <cstddef>
#include <string>

#include "core/emulator/worker/event_loop.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

// Takes no more than the process does: what it leaves waits in the pipes.
class InputRelay {
 public:
  enum class Target {
    kPipe,      // Bytes are moved, not copied; closing is end-of-file.
    kTerminal,  // Closing types the terminal's end-of-file character (^D).
  };

  // From now on what arrives at `source` goes to `target`. A terminal is borrowed.
  InputRelay(EventLoop* loop, platform::UniqueFd source, platform::UniqueFd target);
  InputRelay(EventLoop* loop, platform::UniqueFd source, int terminal);
  ~InputRelay();

  InputRelay(const InputRelay&) = delete;
  InputRelay& operator=(const InputRelay&) = delete;

  // What has been written until now still reaches the process; then comes the end.
  void Close();

  // The process has gone: nothing is read any more.
  void Abandon();

 private:
  enum class Step { kMoved, kSourceEmpty, kTargetFull, kTargetGone };

  void Begin();
  void WatchSource();
  void Pump();
  Step MoveOnce();
  Step MoveToTerminal();
  void WaitFor(Step step);
  void Finish();

  EventLoop* const loop_;
  const Target kind_;
  platform::UniqueFd source_;
  platform::UniqueFd owned_target_;
  int target_ = -1;
  bool watching_target_ = false;
  bool closing_ = false;
  std::string unwritten_;  // For a terminal: read, not yet written.
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_INPUT_RELAY_H_
