// From cmd's language to the POSIX shell's: one pass over the text, left to right.

#include <strings.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "core/emulator/programs/cmd_shell.h"
#include "core/emulator/programs/cmd_stand_ins.h"
#include "core/emulator/programs/program_search.h"

namespace hcs::emulator {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kWordEnds = " \t\n&|<>();\"'";

// After these words of the POSIX shell, a command starts.
constexpr std::string_view kLeadingWords[] = {"do",    "elif",  "else", "if", "then",
                                              "until", "while", "{",    "!"};

bool IsAlphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view LeadingWord(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of(kWordEnds), text.size()));
}

std::string_view SkipBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

// Text that the shell takes as it is, whatever it holds; for a place outside quotes,
// where blanks shall go on separating words.
std::string EscapedOutsideQuotes(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool plain = IsAlphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 ||
                       std::string_view(" \t_-./:,@%+=").find(c) != std::string_view::npos;
    if (c == '\n') {
      escaped += "'\n'";
      continue;
    }
    if (!plain) escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

std::string EscapedInsideQuotes(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("$`\\\"").find(c) != std::string_view::npos) escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

class Translation {
 public:
  Translation(std::string_view text, const std::vector<std::string>& environment)
      : rest_(text), environment_(environment) {}

  std::string Run() {
    while (!rest_.empty()) Step();
    std::string script;
    for (const std::string_view function : functions_) script.append(function).push_back('\n');
    return script + output_;
  }

 private:
  void Step();
  void TakeOutsideQuotes();
  void TakeInsideQuotes();

  // Each takes what it knows off the text and says whether it did.
  bool TakeCommandWord();
  bool TakeSilentCommand(std::string_view word);
  bool TakeSet(std::string_view word);
  bool TakeDrive();
  bool TakeVariable();

  void TakeCaret();
  void TakeApostrophe();
  void TakeAmpersand();
  void TakeRedirection();
  void EndWord();

  void Copy(size_t count) {
    output_.append(rest_.substr(0, count));
    rest_.remove_prefix(std::min(count, rest_.size()));
  }
  void Replace(size_t count, std::string_view text) {
    output_.append(text);
    rest_.remove_prefix(std::min(count, rest_.size()));
  }
  char Next() const { return rest_.size() > 1 ? rest_[1] : '\0'; }

  std::string_view rest_;
  const std::vector<std::string>& environment_;
  std::string output_;
  std::set<std::string_view> functions_;  // Definitions of the stand-ins in use.
  bool quoted_ = false;
  bool at_command_ = true;  // A command's name comes next.
  bool at_word_ = true;     // A word comes next.
  bool in_path_ = false;    // In a word that started with C:\.
};

void Translation::Step() {
  if (at_command_ && !quoted_) {
    const size_t blanks = std::min(rest_.find_first_not_of(kBlanks), rest_.size());
    Copy(blanks);
    if (rest_.empty() || TakeCommandWord()) return;
  }
  if (at_word_ && TakeDrive()) return;
  if (rest_.front() == '%' && TakeVariable()) return;
  if (in_path_ && rest_.front() == '\\') {
    Replace(1, "/");
  } else if (quoted_) {
    TakeInsideQuotes();
  } else {
    TakeOutsideQuotes();
  }
}

void Translation::EndWord() {
  at_word_ = true;
  in_path_ = false;
}

void Translation::TakeInsideQuotes() {
  at_word_ = false;
  switch (rest_.front()) {
    case '"':
      quoted_ = false;
      in_path_ = false;
      return Copy(1);
    case '\\': return Copy(2);
    default: return Copy(1);
  }
}

void Translation::TakeOutsideQuotes() {
  const char c = rest_.front();
  const bool separates = kWordEnds.find(c) != std::string_view::npos || c == '=';
  at_command_ = c == ';' || c == '\n' || c == '(' || c == '|' || c == '&';
  separates ? EndWord() : void(at_word_ = false);
  switch (c) {
    case '"': quoted_ = true; return Copy(1);
    case '\'': return TakeApostrophe();
    case '\\': return Copy(2);
    case '^': return TakeCaret();
    case '&': return TakeAmpersand();
    case '<':
    case '>': return TakeRedirection();
    default: return Copy(1);
  }
}

// The rules for the first word of a command.
bool Translation::TakeCommandWord() {
  if (rest_.front() == '@') {
    rest_.remove_prefix(1);
    return true;
  }
  const std::string_view word = LeadingWord(rest_);
  if (TakeSilentCommand(word) || TakeSet(word)) return true;
  const auto leads = std::find(std::begin(kLeadingWords), std::end(kLeadingWords), word);
  if (leads != std::end(kLeadingWords)) {
    Copy(word.size());
    return true;  // Still at a command.
  }
  if (EqualsIgnoringCase(word.substr(0, 5), "echo.")) {
    Replace(5, "echo ");
  } else if (EqualsIgnoringCase(word, "echo")) {
    Replace(4, "echo");
  } else if (EqualsIgnoringCase(word, "exit")) {
    const std::string_view after = SkipBlanks(rest_.substr(4));
    const bool of_batch = EqualsIgnoringCase(after.substr(0, 2), "/b");
    Replace(of_batch ? rest_.size() - after.size() + 2 : 4, "exit");
  } else if (const CmdStandIn* stand_in = FindStandIn(word)) {
    functions_.insert(stand_in->definition);
    Replace(word.size(), stand_in->function);
  } else {
    return false;  // An ordinary word: no progress, but no longer special.
  }
  at_command_ = false;
  at_word_ = false;
  return true;
}

// Remarks and `echo off` do nothing; a remark lasts to the end of its line.
bool Translation::TakeSilentCommand(std::string_view word) {
  size_t length = 0;
  if (EqualsIgnoringCase(word, "rem") || word.starts_with("::")) {
    length = std::min(rest_.find('\n'), rest_.size());
  } else if (EqualsIgnoringCase(word, "echo")) {
    const std::string_view after = SkipBlanks(rest_.substr(word.size()));
    const std::string_view what = LeadingWord(after);
    const std::string_view end = SkipBlanks(after.substr(what.size()));
    const bool alone =
        end.empty() || std::string_view("&|)\n").find(end[0]) != std::string_view::npos;
    if (!alone || (!EqualsIgnoringCase(what, "off") && !EqualsIgnoringCase(what, "on")))
      return false;
    length = rest_.size() - after.size() + what.size();
  } else {
    return false;
  }
  Replace(length, ":");
  at_command_ = false;
  return true;
}

// `set NAME=text`, up to an operator; quotes around all of it are not part of it.
bool Translation::TakeSet(std::string_view word) {
  if (!EqualsIgnoringCase(word, "set")) return false;
  std::string_view after = SkipBlanks(rest_.substr(word.size()));
  const bool wrapped = after.starts_with('"');
  if (wrapped) after.remove_prefix(1);
  const size_t name_end =
      std::min(std::find_if_not(after.begin(), after.end(),
                                [](char c) { return IsAlphanumeric(c) || c == '_'; }) -
                   after.begin(),
               static_cast<std::ptrdiff_t>(after.size()));
  if (name_end == 0 || name_end == after.size() || after[name_end] != '=') return false;
  const std::string_view name = after.substr(0, name_end);
  after.remove_prefix(name_end + 1);
  const size_t value_end = std::min(after.find_first_of(wrapped ? "\"\n" : "&|<>\n"), after.size());

  output_.append("export ").append(name).append("=\"");
  const std::string_view beyond =
      after.substr(std::min(value_end + (wrapped ? 1 : 0), after.size()));
  rest_ = after.substr(0, value_end);
  quoted_ = true;
  while (!rest_.empty()) {
    if (rest_.front() == '%' && TakeVariable()) continue;
    Replace(1, EscapedInsideQuotes(rest_.substr(0, 1)));
  }
  quoted_ = false;
  output_.push_back('"');
  rest_ = beyond;
  at_command_ = false;
  return true;
}

bool Translation::TakeDrive() {
  const bool drive = rest_.size() >= 3 && (rest_[0] == 'c' || rest_[0] == 'C') && rest_[1] == ':' &&
                     rest_[2] == '\\';
  if (!drive) return false;
  Replace(3, "/");
  in_path_ = true;
  at_word_ = false;
  at_command_ = false;
  return true;
}

bool Translation::TakeVariable() {
  const size_t end = rest_.find('%', 1);
  const bool named = end != std::string_view::npos && end > 1;
  const std::string_view name = named ? rest_.substr(1, end - 1) : std::string_view();
  std::optional<std::string> text;
  if (const auto value = named ? FindVariable(environment_, name) : std::nullopt) {
    text = quoted_ ? EscapedInsideQuotes(*value) : EscapedOutsideQuotes(*value);
  } else if (EqualsIgnoringCase(name, "cd")) {
    text = quoted_ ? "$PWD" : "\"$PWD\"";
  } else if (EqualsIgnoringCase(name, "errorlevel")) {
    text = "0";
  }
  if (!text) return false;
  Replace(end + 1, *text);
  at_word_ = false;
  at_command_ = false;
  return true;
}

void Translation::TakeCaret() {
  rest_.remove_prefix(1);
  if (rest_.empty()) return;
  if (rest_.front() == '\n') return rest_.remove_prefix(1);  // The line goes on.
  if (!IsAlphanumeric(rest_.front())) output_.push_back('\\');
  Copy(1);
}

// One without its other end is a letter, as in "it's".
void Translation::TakeApostrophe() {
  at_word_ = false;
  const size_t end = rest_.find('\'', 1);
  if (end == std::string_view::npos) return Replace(1, "\\'");
  Copy(end + 1);
}

void Translation::TakeAmpersand() { Next() == '&' ? Copy(2) : Replace(1, ";"); }

void Translation::TakeRedirection() {
  Copy(1);
  if (!rest_.empty() && rest_.front() == '&') return Copy(1);  // 2>&1
  while (!rest_.empty() && (rest_.front() == '<' || rest_.front() == '>')) Copy(1);
  const std::string_view target = SkipBlanks(rest_);
  const std::string_view word = LeadingWord(target);
  if (EqualsIgnoringCase(word, "nul"))
    Replace(rest_.size() - target.size() + word.size(), "/dev/null");
}

}  // namespace

std::string TranslateToPosix(std::string_view command,
                             const std::vector<std::string>& environment) {
  return Translation(command, environment).Run();
}

}  // namespace hcs::emulator
