#include "core/emulator/programs/program_resolution.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "core/emulator/programs/cmd_shell.h"
#include "core/emulator/programs/command_line.h"
#include "core/emulator/programs/program_search.h"

namespace hcs::emulator {
namespace {

constexpr const char* kShell = "/bin/sh";

// CreateProcess skips the blanks before a program's name.
std::string_view WithoutLeadingBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

}  // namespace

int ResolveProgram(const ProgramRequest& request, const std::vector<std::string>& environment,
                   const std::string& working_directory, ResolvedProgram* program) {
  const std::string_view line = WithoutLeadingBlanks(request.command_line);
  if (!line.empty() && !request.command_args.empty()) return EINVAL;
  std::vector<std::string> arguments = line.empty() ? request.command_args : SplitCommandLine(line);
  if (arguments.empty()) arguments.push_back(request.application_name);
  const std::string name =
      request.application_name.empty() ? arguments.front() : request.application_name;
  if (name.empty()) return EINVAL;

  if (IsCommandShell(name)) {
    // cmd reads the text itself, not the arguments that others would make of it.
    const std::string joined = line.empty() ? JoinCommandLine(arguments) : std::string(line);
    program->path = kShell;
    program->arguments =
        CommandShellArguments(CommandLineTail(joined), environment, working_directory);
    return 0;
  }
  program->arguments = std::move(arguments);
  return FindProgram(name, environment, working_directory, &program->path);
}

}  // namespace hcs::emulator
