#include "core/emulator/programs/cmd_shell.h"

#include <strings.h>

#include <algorithm>
#include <cctype>

#include "core/emulator/programs/program_search.h"

namespace hcs::emulator {
namespace {

constexpr std::string_view kBlanks = " \t";

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view SkipBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

// cmd's exception: a command that is one quoted program with blanks in its path.
bool IsQuotedProgram(std::string_view command,
                     const std::function<bool(std::string_view)>& is_program) {
  if (std::count(command.begin(), command.end(), '"') != 2) return false;
  const std::string_view inside = command.substr(1, command.rfind('"') - 1);
  return inside.find_first_of("&<>()@^|") == std::string_view::npos &&
         inside.find_first_of(kBlanks) != std::string_view::npos && is_program(inside);
}

}  // namespace

bool IsCommandShell(std::string_view program) {
  const std::string_view name = program.substr(program.find_last_of("/\\") + 1);
  return EqualsIgnoringCase(name, "cmd") || EqualsIgnoringCase(name, "cmd.exe");
}

CommandShellOptions ParseCommandShellOptions(std::string_view tail) {
  CommandShellOptions options;
  for (tail = SkipBlanks(tail); !tail.empty(); tail = SkipBlanks(tail)) {
    const char letter = tail[0] == '/' && tail.size() > 1
                            ? static_cast<char>(std::tolower(static_cast<unsigned char>(tail[1])))
                            : '\0';
    if (letter == 'c' || letter == 'r' || letter == 'k') {
      options.mode = letter == 'k' ? CommandShellOptions::Mode::kRunAndStay
                                   : CommandShellOptions::Mode::kRunAndExit;
      options.command = SkipBlanks(tail.substr(2));
      return options;
    }
    if (letter == 's') options.strip_quotes_always = true;
    // Other switches (/D, /Q, /E:ON ...) and stray words mean nothing here.
    tail = tail.substr(std::min(tail.find_first_of(" \t/", 1), tail.size()));
  }
  return options;
}

std::string StripCommandQuotes(const CommandShellOptions& options,
                               const std::function<bool(std::string_view)>& is_program) {
  std::string command(options.command);
  if (!command.starts_with('"')) return command;
  if (!options.strip_quotes_always && IsQuotedProgram(command, is_program)) return command;
  command.erase(0, 1);
  const size_t last = command.rfind('"');
  if (last != std::string::npos) command.erase(last, 1);
  return command;
}

std::vector<std::string> CommandShellArguments(std::string_view tail,
                                               const std::vector<std::string>& environment,
                                               const std::string& working_directory) {
  const CommandShellOptions options = ParseCommandShellOptions(tail);
  if (options.mode == CommandShellOptions::Mode::kInteractive) return {"sh"};
  const auto is_program = [&](std::string_view name) {
    std::string path;
    return FindProgram(name, environment, working_directory, &path) == 0;
  };
  std::string script = TranslateToPosix(StripCommandQuotes(options, is_program), environment);
  if (options.mode == CommandShellOptions::Mode::kRunAndStay) script += "\nexec /bin/sh";
  return {"sh", "-c", script, "cmd"};
}

}  // namespace hcs::emulator
