#include "client/hcsctl/completion_script.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/substitute.h"

namespace hcs::ctl {
namespace {

using Commands = std::vector<CompletionCommand>;

std::string Quoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

std::string NamesOf(const Commands& commands) {
  return absl::StrJoin(commands, " ", [](std::string* out, const CompletionCommand& command) {
    absl::StrAppend(out, command.name);
  });
}

// "--rm -i --interactive".
std::string OptionWords(const CompletionCommand& command) {
  std::vector<std::string> words;
  for (const CompletionOption& option : command.options) {
    if (!option.short_name.empty()) words.push_back("-" + option.short_name);
    if (!option.long_name.empty()) words.push_back("--" + option.long_name);
  }
  return absl::StrJoin(words, " ");
}

// For zsh's _describe: "name:description".
std::string Described(const std::string& name, const std::string& description) {
  return Quoted(absl::StrCat(name, ":", absl::StrReplaceAll(description, {{":", "\\:"}})));
}

std::string DescribedOptions(const CompletionCommand& command) {
  std::vector<std::string> words;
  for (const CompletionOption& option : command.options) {
    const std::string& long_name = option.long_name;
    words.push_back(Described(long_name.empty() ? "-" + option.short_name : "--" + long_name,
                              option.description));
  }
  return absl::StrJoin(words, " ");
}

constexpr char kBash[] = R"script(# bash completion of hcsctl: source <(hcsctl completion bash)
_hcsctl() {
  local current=${COMP_WORDS[COMP_CWORD]} command= words= lists= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --) return ;;
      --address | --format) ((i++)) ;;
      -*) ;;
      *) command=${command:-${COMP_WORDS[i]}} ;;
    esac
  done
  case $command in
    '') words='@COMMANDS@' ;;
@CASES@  esac
  if [[ $current != -* && -n $lists ]]; then
    words+=" $(hcsctl $lists 2>/dev/null)"
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _hcsctl hcsctl
)script";

// clang-format off
constexpr char kZsh[] = R"script(#compdef hcsctl
# zsh completion of hcsctl: source <(hcsctl completion zsh), after compinit
_hcsctl() {
  local -a commands options names
  local lists
  commands=(@COMMANDS@)
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  case $words[2] in
@CASES@  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe option options
  elif [[ -n $lists ]]; then
    names=(${(f)"$(hcsctl ${=lists} 2>/dev/null)"})
    compadd -a names
  else
    _files
  fi
}
compdef _hcsctl hcsctl
)script";
// clang-format on

constexpr char kFish[] = R"script(# fish completion of hcsctl: hcsctl completion fish | source
complete -c hcsctl -f
)script";

}  // namespace

std::string BashCompletion(const Commands& commands) {
  std::string cases;
  for (const CompletionCommand& command : commands) {
    const std::string words = absl::StrJoin(command.subcommands, " ");
    absl::SubstituteAndAppend(
        &cases, "    $0) words='$1$2'$3 ;;\n", command.name, OptionWords(command),
        words.empty() ? "" : " " + words,
        command.lists.empty() ? "" : absl::StrCat(" lists='", command.lists, "'"));
  }
  return absl::StrReplaceAll(kBash, {{"@COMMANDS@", NamesOf(commands)}, {"@CASES@", cases}});
}

std::string ZshCompletion(const Commands& commands) {
  std::vector<std::string> names;
  std::string cases;
  for (const CompletionCommand& command : commands) {
    names.push_back(Described(command.name, command.description));
    absl::SubstituteAndAppend(
        &cases, "    $0) options=($1) lists='$2'$3 ;;\n", command.name, DescribedOptions(command),
        command.lists,
        command.subcommands.empty()
            ? ""
            : absl::StrCat("; compadd ", absl::StrJoin(command.subcommands, " ")));
  }
  return absl::StrReplaceAll(kZsh, {{"@COMMANDS@", absl::StrJoin(names, " ")}, {"@CASES@", cases}});
}

std::string FishCompletion(const Commands& commands) {
  std::string script = kFish;
  for (const CompletionCommand& command : commands) {
    absl::SubstituteAndAppend(&script, "complete -c hcsctl -n __fish_use_subcommand -a $0 -d $1\n",
                              command.name, Quoted(command.description));
    const std::string line =
        absl::StrCat("complete -c hcsctl -n '__fish_seen_subcommand_from ", command.name, "'");
    for (const CompletionOption& option : command.options) {
      absl::StrAppend(&script, line,
                      option.short_name.empty() ? "" : absl::StrCat(" -s ", option.short_name),
                      option.long_name.empty() ? "" : absl::StrCat(" -l ", option.long_name),
                      " -d ", Quoted(option.description), "\n");
    }
    if (!command.subcommands.empty()) {
      absl::StrAppend(&script, line, " -a ", Quoted(absl::StrJoin(command.subcommands, " ")), "\n");
    }
    if (!command.lists.empty()) {
      absl::StrAppend(&script, line, " -a '(hcsctl ", command.lists, " 2>/dev/null)'\n");
    }
  }
  return script;
}

}  // namespace hcs::ctl
