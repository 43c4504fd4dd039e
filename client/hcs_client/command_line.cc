#include "client/hcs_client/command_line.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hcs::client {
namespace {

using Words = absl::Span<const std::string>;

std::string Quote(absl::string_view word) {
  if (!word.empty() && word.find_first_of(" \t\n\v\"") == word.npos) return std::string(word);
  std::string quoted = "\"";
  size_t backslashes = 0;
  for (const char c : word) {
    // Backslashes count for two before a quote, for one elsewhere.
    if (c == '"') quoted.append(backslashes + 1, '\\');
    backslashes = c == '\\' ? backslashes + 1 : 0;
    quoted.push_back(c);
  }
  return quoted.append(backslashes, '\\') + '"';
}

std::string Join(Words words) {
  return absl::StrJoin(words, " ", [](std::string* out, const std::string& word) {
    absl::StrAppend(out, Quote(word));
  });
}

bool IsCmd(absl::string_view program) {
  const size_t slash = program.find_last_of("/\\");
  const std::string name =
      absl::AsciiStrToLower(slash == program.npos ? program : program.substr(slash + 1));
  return name == "cmd" || name == "cmd.exe";
}

bool EndsSwitches(const std::string& word) {
  return absl::EqualsIgnoreCase(word, "/c") || absl::EqualsIgnoreCase(word, "/k");
}

// What follows /c or /k.
std::string CmdCommand(Words command) {
  if (command.size() == 1) {
    const std::string& text = command.front();
    const bool plain = text.find_first_of(" \t\"&<>()@^|%") == text.npos;
    return plain ? text : absl::StrCat("\"", text, "\"");
  }
  const std::string joined = Join(command);
  return absl::StrContains(joined, '"') ? absl::StrCat("\"", joined, "\"") : joined;
}

}  // namespace

absl::StatusOr<std::string> WindowsCommandLine(const std::vector<std::string>& words) {
  if (words.empty()) return absl::InvalidArgumentError("a command has at least one word");
  if (words.front().empty()) return absl::InvalidArgumentError("the program's name is empty");
  if (absl::StrContains(words.front(), '"')) {
    return absl::InvalidArgumentError(
        "the program's name holds a quote, which a Windows command line cannot say");
  }
  for (const std::string& word : words) {
    if (absl::StrContains(word, '\0')) {
      return absl::InvalidArgumentError("a word of the command holds a NUL");
    }
  }
  const auto last_switch = std::find_if(words.begin() + 1, words.end(), EndsSwitches);
  if (!IsCmd(words.front()) || last_switch == words.end() || last_switch + 1 == words.end()) {
    return Join(words);
  }
  const size_t head = last_switch - words.begin() + 1;
  return absl::StrCat(Join(Words(words).subspan(0, head)), " ",
                      CmdCommand(Words(words).subspan(head)));
}

}  // namespace hcs::client
