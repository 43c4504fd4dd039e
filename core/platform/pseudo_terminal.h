// A pseudo terminal: the console of a process with EmulateConsole.

#ifndef HCS_CORE_PLATFORM_PSEUDO_TERMINAL_H_
#define HCS_CORE_PLATFORM_PSEUDO_TERMINAL_H_

#include <cstdint>

#include "core/platform/unique_fd.h"

namespace hcs::platform {

// Character cells; 0 is "unknown" to most programs.
struct TerminalSize {
  uint16_t rows = 25;
  uint16_t columns = 80;
};

// Both ends of a new terminal, close-on-exec. Give `terminal` to a process as
// its standard streams (with SpawnRequest::controlling_terminal) and close it
// afterwards: a read of `controller` then ends (EIO on Linux) when the last
// process that holds the terminal has gone.
struct PseudoTerminal {
  UniqueFd controller;
  UniqueFd terminal;
};

// 0, or an errno value. The terminal starts in the kernel's cooked mode with
// echo, and in UTF-8.
int OpenPseudoTerminal(TerminalSize size, PseudoTerminal* result);

// Works on either end; the foreground process group gets SIGWINCH when the size
// changes. 0, or an errno value (ENOTTY for what is not a terminal).
int ResizeTerminal(int fd, TerminalSize size);
int GetTerminalSize(int fd, TerminalSize* size);

}  // namespace hcs::platform

#endif  // HCS_CORE_PLATFORM_PSEUDO_TERMINAL_H_
