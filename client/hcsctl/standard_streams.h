// hcsctl's own stdin, stdout and stderr, as streams of bytes that another thread can
// stop. Nothing is buffered.

#ifndef HCS_CLIENT_HCSCTL_STANDARD_STREAMS_H_
#define HCS_CLIENT_HCSCTL_STANDARD_STREAMS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/hcsctl/stop_event.h"

namespace hcs::ctl {

// `stop` must outlive it.
class InputStream {
 public:
  explicit InputStream(const StopEvent& stop) : stop_(stop) {}

  // Blocks for bytes; their number. 0 at end-of-file, on an error, and after `stop`.
  size_t Read(char* buffer, size_t size);

 private:
  const StopEvent& stop_;
};

// `stop` must outlive it.
class OutputStream {
 public:
  enum class Target { kStdout, kStderr };

  OutputStream(Target target, const StopEvent& stop);
  ~OutputStream();
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;

  // Blocks until all is written. CANCELLED after `stop`; ABORTED when nobody reads any
  // more (a closed pipe); UNAVAILABLE for other errors, such as a full disk.
  absl::Status Write(absl::string_view bytes);

 private:
  absl::Status WaitUntilWritable() const;

  const StopEvent& stop_;
  int handle_;
  // Opened by this object: then it does not block, and is closed.
  bool own_;
  // The most that a write can take at once without blocking.
  size_t largest_write_;
};

// Writes to a closed stdout are errors from now on, and do not end hcsctl.
void IgnoreClosedOutput();

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_STANDARD_STREAMS_H_
