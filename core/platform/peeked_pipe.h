// Reading a pipe without consuming it: what has not been delivered stays in the
// pipe, where it survives the reader.

#ifndef HCS_CORE_PLATFORM_PEEKED_PIPE_H_
#define HCS_CORE_PLATFORM_PEEKED_PIPE_H_

#include <cstddef>

#include "core/platform/unique_fd.h"

namespace hcs::platform {

// Room to copy a pipe's head to. One per thread that peeks, shared by any number
// of pipes; not thread-safe.
class PeekScratch {
 public:
  // Empty on failure (no descriptors left), and then every peek fails.
  PeekScratch();

  bool valid() const { return static_cast<bool>(write_end_); }

 private:
  friend class PeekedPipe;
  UniqueFd read_end_;
  UniqueFd write_end_;
  UniqueFd sink_;
};

// The read end of a pipe. Not thread-safe. Linux: tee(2) and splice(2).
class PeekedPipe {
 public:
  PeekedPipe() = default;
  // Takes the descriptor of a pipe's read end.
  explicit PeekedPipe(UniqueFd pipe) : pipe_(static_cast<UniqueFd&&>(pipe)) {}

  int descriptor() const { return pipe_.get(); }
  explicit operator bool() const { return static_cast<bool>(pipe_); }
  void Close() { pipe_.reset(); }

  // Bytes that can be read now.
  size_t Available() const;

  // Nothing can be read, and nothing can come: every write end is closed.
  bool AtEnd() const;

  // Copies at most `size` bytes that begin `skip` bytes after the pipe's head,
  // and leaves all of them there. Returns how many, 0 if there are none, -1 on
  // failure with errno set. `skip` must have been peeked before.
  ptrdiff_t Peek(PeekScratch& scratch, size_t skip, char* buffer, size_t size);

  // Consumes the pipe's first bytes, which must be there. False on failure.
  bool Discard(PeekScratch& scratch, size_t bytes);

 private:
  UniqueFd pipe_;
};

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_PEEKED_PIPE_H_
