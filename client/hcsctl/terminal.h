// The terminal that hcsctl runs in.

#ifndef HCS_CLIENT_HCSCTL_TERMINAL_H_
#define HCS_CLIENT_HCSCTL_TERMINAL_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "hcs/v1/process_config.pb.h"

namespace hcs::ctl {

bool StdinIsTerminal();
bool StdoutIsTerminal();
bool StderrIsTerminal();

// The size of the terminal on stdout, or else on stdin. Nothing without one, or when it
// does not know its size.
std::optional<v1::ConsoleSize> TerminalSize();

// While it lives, the terminal on stdin passes every key on as it is: no echo, no lines,
// no signals. The destructor gives it back as it was.
class RawTerminal {
 public:
  static absl::StatusOr<std::unique_ptr<RawTerminal>> Enter();
  ~RawTerminal();

 private:
  struct Mode;
  explicit RawTerminal(std::unique_ptr<Mode> saved);

  std::unique_ptr<Mode> saved_;
};

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_TERMINAL_H_
