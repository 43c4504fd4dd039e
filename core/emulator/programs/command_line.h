// Command lines by Windows' own rules, those of CommandLineToArgvW.
//
// A Windows process gets one string; each program takes it apart for itself, nearly
// all of them like this. Text is UTF-8; the rules look at ASCII characters alone.

#ifndef HCS_CORE_EMULATOR_PROGRAMS_COMMAND_LINE_H_
#define HCS_CORE_EMULATOR_PROGRAMS_COMMAND_LINE_H_

#include <string>
#include <string_view>
#include <vector>

namespace hcs::emulator {

// The arguments, the program's name first. For the first one: a quote ends at the
// next quote, whatever stands before it; without a quote it ends at a blank or tab
// (so it is empty if the line starts with one). For the others: blanks and tabs
// outside quotes separate; 2n backslashes before a quote are n, and the quote counts;
// 2n+1 are n and a literal quote; other backslashes stand for themselves; two quotes
// inside quotes are a literal quote and end the quoting. An empty line has none
// (CommandLineToArgvW would say the caller's own path).
std::vector<std::string> SplitCommandLine(std::string_view command_line);

// What follows the program's name and the blanks after it, untouched.
std::string_view CommandLineTail(std::string_view command_line);

// One argument (not the first) as SplitCommandLine will read it: quoted only where
// it must be.
std::string QuoteArgument(std::string_view argument);

// A command line that SplitCommandLine takes apart into `arguments` again. The
// first one must hold no quote: no command line could say it.
std::string JoinCommandLine(const std::vector<std::string>& arguments);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_PROGRAMS_COMMAND_LINE_H_
