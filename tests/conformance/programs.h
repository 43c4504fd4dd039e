// The programs that the cases run in a container.

#ifndef HCS_TESTS_CONFORMANCE_PROGRAMS_H_
#define HCS_TESTS_CONFORMANCE_PROGRAMS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace hcs::conformance {

// Command lines.
struct Programs {
  std::string copy_input;   // Standard input to standard output, until its end.
  std::string sleep;        // Does nothing, for ever.
  std::string spin;         // Uses a processor, for ever.
  std::string count;        // "1", "2", ... a line each, some hundred a second, for ever.
  std::string print_sizes;  // "ROWS COLUMNS" of its console, at first and when it changes.
  std::string no_such_program;
  // kPattern over and over, this many bytes.
  std::string (*write_pattern)(uint64_t bytes);

  static std::string Exit(uint32_t code) { return "cmd /c exit " + std::to_string(code); }
};

inline constexpr std::string_view kPattern = "0123456789abcde\n";

// For a container on a POSIX system, and on Windows (Server Core: PowerShell).
const Programs& PosixPrograms();
const Programs& WindowsPrograms();

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_PROGRAMS_H_
