#include "core/emulator/programs/command_line.h"

#include <algorithm>

namespace hcs::emulator {
namespace {

constexpr std::string_view kBlanks = " \t";

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Takes the program's name and the blanks after it off `line`.
std::string TakeProgram(std::string_view* line) {
  std::string program;
  if (line->front() == '"') {
    const size_t end = std::min(line->find('"', 1), line->size());
    program = line->substr(1, end - 1);
    line->remove_prefix(std::min(end + 1, line->size()));
  } else {
    const size_t end = std::min(line->find_first_of(kBlanks), line->size());
    program = line->substr(0, end);
    line->remove_prefix(end);
  }
  line->remove_prefix(std::min(line->find_first_not_of(kBlanks), line->size()));
  return program;
}

// How many characters `c` stand at the start of `text`.
size_t CountLeading(std::string_view text, char c) {
  return std::min(text.find_first_not_of(c), text.size());
}

// A run of quotes, the opening one counted: each third is literal and ends the quoting,
// so `"""` inside an argument is a literal quote, as is `""` inside quotes.
bool AppendQuotes(size_t count, bool quoted, std::string* argument) {
  size_t open = quoted ? 1 : 0;
  for (; count > 0; --count) {
    if (++open < 3) continue;
    argument->push_back('"');
    open = 0;
  }
  return open == 1;
}

// Takes one argument off `line`, which does not start with a blank.
std::string TakeArgument(std::string_view* line) {
  std::string argument;
  bool quoted = false;
  while (!line->empty() && (quoted || !IsBlank(line->front()))) {
    const size_t backslashes = CountLeading(*line, '\\');
    line->remove_prefix(backslashes);
    if (line->empty() || line->front() != '"') {
      argument.append(backslashes, '\\');
      if (backslashes > 0) continue;
      argument.push_back(line->front());
      line->remove_prefix(1);
      continue;
    }
    argument.append(backslashes / 2, '\\');
    if (backslashes % 2 == 1) {
      argument.push_back('"');
      line->remove_prefix(1);
      continue;
    }
    const size_t quotes = CountLeading(*line, '"');
    quoted = AppendQuotes(quotes, quoted, &argument);
    line->remove_prefix(quotes);
  }
  return argument;
}

}  // namespace

std::vector<std::string> SplitCommandLine(std::string_view command_line) {
  std::vector<std::string> arguments;
  if (command_line.empty()) return arguments;
  arguments.push_back(TakeProgram(&command_line));
  while (!command_line.empty()) {
    arguments.push_back(TakeArgument(&command_line));
    command_line.remove_prefix(
        std::min(command_line.find_first_not_of(kBlanks), command_line.size()));
  }
  return arguments;
}

std::string_view CommandLineTail(std::string_view command_line) {
  if (!command_line.empty()) TakeProgram(&command_line);
  return command_line;
}

std::string QuoteArgument(std::string_view argument) {
  const bool plain = !argument.empty() && argument.find_first_of(" \t\"") == std::string::npos;
  if (plain) return std::string(argument);
  std::string quoted = "\"";
  while (!argument.empty()) {
    const size_t backslashes = CountLeading(argument, '\\');
    argument.remove_prefix(backslashes);
    const bool before_quote = argument.empty() || argument.front() == '"';
    quoted.append(before_quote ? backslashes * 2 : backslashes, '\\');
    if (argument.empty()) break;
    if (argument.front() == '"') quoted.push_back('\\');
    quoted.push_back(argument.front());
    argument.remove_prefix(1);
  }
  quoted.push_back('"');
  return quoted;
}

std::string JoinCommandLine(const std::vector<std::string>& arguments) {
  std::string line;
  for (const std::string& argument : arguments) {
    if (&argument == &arguments.front()) {
      const bool plain = !argument.empty() && argument.find_first_of(kBlanks) == std::string::npos;
      line = plain ? argument : "\"" + argument + "\"";
    } else {
      line += " " + QuoteArgument(argument);
    }
  }
  return line;
}

}  // namespace hcs::emulator
