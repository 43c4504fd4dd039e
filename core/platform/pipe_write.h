// Writing to a pipe without waiting for its reader.

#ifndef HCS_CORE_PLATFORM_PIPE_WRITE_H_
#define HCS_CORE_PLATFORM_PIPE_WRITE_H_

#include <cstddef>
#include <string_view>

namespace hcs::platform {

struct PipeWrite {
  enum Outcome {
    kWritten,
    kFull,    // Nothing was written: the pipe is full.
    kClosed,  // Nothing was written, and nothing can be: nobody reads.
  };
  Outcome outcome = kClosed;
  size_t bytes = 0;  // How much was written; may be less than was given.
};

// Once, before the pipe is written to.
void MakeNonBlocking(int pipe);

// Write(2), on a pipe that has been made non-blocking. SIGPIPE must be ignored by
// the process (see IgnoreBrokenPipes).
PipeWrite WriteWithoutBlocking(int pipe, std::string_view bytes);

// Makes a write to a pipe that nobody reads an error instead of the end of this
// process. Once, early in main.
void IgnoreBrokenPipes();

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_PIPE_WRITE_H_
