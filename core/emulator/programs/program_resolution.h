// From a process document's three ways to name a program to a path and its arguments.

#ifndef HCS_CORE_EMULATOR_PROGRAMS_PROGRAM_RESOLUTION_H_
#define HCS_CORE_EMULATOR_PROGRAMS_PROGRAM_RESOLUTION_H_

#include <string>
#include <vector>

namespace hcs::emulator {

// The fields of a process document.
struct ProgramRequest {
  std::string application_name;
  std::string command_line;
  std::vector<std::string> command_args;
};

struct ResolvedProgram {
  std::string path;                    // Absolute, or relative to the working directory.
  std::vector<std::string> arguments;  // argv, [0] included.
};

// As CreateProcess does: the program is ApplicationName or else the first word of the
// arguments, which are CommandLine by Windows' rules or CommandArgs as they are (each
// with the program's name first) or else ApplicationName alone. cmd.exe is played by
// /bin/sh (cmd_shell.h).
//
// `environment` ("NAME=value") and `working_directory` are the process' own, to be:
// its PATH is searched, its variables expand in cmd. 0, or ENOENT, EACCES, or EINVAL
// when nothing or too much is named (CommandLine with CommandArgs).
int ResolveProgram(const ProgramRequest& request, const std::vector<std::string>& environment,
                   const std::string& working_directory, ResolvedProgram* program);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_PROGRAMS_PROGRAM_RESOLUTION_H_
