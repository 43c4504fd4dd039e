// The way into a process: its standard input.

#ifndef HCS_CORE_RUNTIME_STDIN_PIPE_H_
#define HCS_CORE_RUNTIME_STDIN_PIPE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/unique_fd.h"
#include "core/runtime/executor.h"
#include "core/runtime/io_loop.h"

namespace hcs::runtime {

// Used on its loop only. Holds what its writer waits for, and no more: the
// writer gives the next piece when the one before has been accepted.
class StdinPipe {
 public:
  // An empty `pipe` accepts and drops everything.
  StdinPipe(IoLoop& loop, platform::UniqueFd pipe);

  // Runs `accepted` on the loop once all bytes are in the pipe, or the process
  // can no longer read them.
  void Write(std::string bytes, Task accepted);

  // Ends the input, after what is being written; then runs `closed`. Again is no
  // error.
  void Close(Task closed);

  // Nobody reads any more: gives up what is being written.
  void Abandon();

 private:
  struct Piece {
    std::string bytes;
    size_t written = 0;
    Task accepted;
  };

  void Advance();
  // False when the pipe is full.
  bool WriteFront();
  void FinishClosing();

  IoLoop& loop_;
  platform::UniqueFd pipe_;
  std::unique_ptr<ReadinessWatch> watch_;
  std::deque<Piece> pieces_;
  bool waiting_ = false;
  bool closing_ = false;
  std::vector<Task> closed_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STDIN_PIPE_H_
