// cmd.exe, played by a POSIX shell.
//
// Most orchestrators start what they run with `cmd /c` or `cmd /S /C`. On Linux,
// /bin/sh takes that place: the command is translated just so far that what both
// shells can say means what cmd would make of it, and all other text passes
// unchanged, so that POSIX commands work as well.
//
// Outside quotes ("..." and, where both ends are there, '...'):
//   a & b          one after the other (`;`), not in the background
//   a && b, a || b, a | b, 2>&1, <&    as they are
//   ^x             x itself, whatever it means otherwise
//   >nul, 2>nul    /dev/null
//   C:\dir\file    /dir/file (in a word that starts with C:\, quoted or not)
//   exit /b N      exit N;  rem ... and :: ...  nothing;  echo.  an empty line
//   set NAME=text  export;  @cmd  cmd;  echo off  nothing
// Also inside "...": %NAME% is the process' variable, by cmd's rules on a command
// line: looked up without regard to case before anything runs, and left standing if
// there is none. Its value is text: blanks in it separate words, operators in it do
// nothing (cmd would run them). %CD% is the folder, %ERRORLEVEL% 0, as before a first
// command.
// Small stand-ins (cmd_stand_ins.h), in any case: cd and chdir, cls, copy, del and erase,
// dir, md, move, rd, ren and rename, type, ver.
//
// Not cmd's way, on purpose: words and quotes are sh's, so `echo "a"` prints a, and the
// blank in `echo a & ...` is not printed; a command that is not found ends with 127.

#ifndef HCS_CORE_EMULATOR_PROGRAMS_CMD_SHELL_H_
#define HCS_CORE_EMULATOR_PROGRAMS_CMD_SHELL_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hcs::emulator {

// "cmd" or "cmd.exe" in any case, alone or as the last component of a path.
bool IsCommandShell(std::string_view program);

// How cmd reads its own command line.
struct CommandShellOptions {
  enum class Mode { kInteractive, kRunAndExit, kRunAndStay };
  Mode mode = Mode::kInteractive;    // No switch, /C, /K.
  bool strip_quotes_always = false;  // /S.
  std::string_view command;          // What follows /C or /K, before quotes are stripped.
};

// `tail` is the command line without the program's name (CommandLineTail).
CommandShellOptions ParseCommandShellOptions(std::string_view tail);

// cmd's rule for the command after /C and /K: a leading quote and the last one are
// removed, unless there are exactly two, no /S, none of &<>()@^| and at least one
// blank between them, and what they hold names a program (`is_program`).
std::string StripCommandQuotes(const CommandShellOptions& options,
                               const std::function<bool(std::string_view)>& is_program);

// The translation described above. `environment` holds "NAME=value".
std::string TranslateToPosix(std::string_view command, const std::vector<std::string>& environment);

// All of it: the arguments of /bin/sh that play `cmd TAIL`. argv[0] is "sh", since a
// shell may be one of several programs in one; messages begin with "cmd".
std::vector<std::string> CommandShellArguments(std::string_view tail,
                                               const std::vector<std::string>& environment,
                                               const std::string& working_directory);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_PROGRAMS_CMD_SHELL_H_
