// A console's output: from the terminal on to the pipe that clients read from.

#ifndef HCS_CORE_EMULATOR_WORKER_OUTPUT_RELAY_H_
#define HCS_CORE_EMULATOR_WORKER_OUTPUT_RELAY_H_

#include <cstddef>
#include <string>

#include "core/emulator/worker/event_loop.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

// Loses no byte, and holds few: while nobody takes them, the terminal fills and the
// process waits.
class OutputRelay {
 public:
  // `terminal` is borrowed. Without a target, output is read and dropped.
  OutputRelay(EventLoop* loop, int terminal, platform::UniqueFd target);
  ~OutputRelay();

  OutputRelay(const OutputRelay&) = delete;
  OutputRelay& operator=(const OutputRelay&) = delete;

  // The process has exited: takes all that the terminal still holds, which is little.
  // What the pipe cannot take at once follows as it is read.
  void Drain();

  // Nobody wants the output any more: it is dropped from now on.
  void Discard();

 private:
  enum class ReadResult { kSome, kNothing, kHungUp };

  void OnTerminal();
  ReadResult ReadOnce();
  void Flush();
  void Watch();
  void CloseTarget();

  EventLoop* const loop_;
  int terminal_;  // -1 once it has hung up.
  platform::UniqueFd target_;
  std::string unwritten_;
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_OUTPUT_RELAY_H_
