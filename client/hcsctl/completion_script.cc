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
  local current=${COMP_WORDS[COMP_CWORD]} command= subcommand= words= ids= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --) return ;;
      --address | --format) ((i++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else
           subcommand=${subcommand:-${COMP_WORDS[i]}}
         fi ;;
    esac
  done
  case $command:$subcommand in
    :) words='@COMMANDS@' ;;
@CASES@  esac
  if [[ $current != -* && -n $ids ]]; then
    words=$(hcsctl $ids 2>/dev/null)
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _hcsctl hcsctl
)script";

// clang-format takes the quoted command in it for C++.
// clang-format off
constexpr char kZsh[] = R"script(#compdef hcsctl
# zsh completion of hcsctl: source <(hcsctl completion zsh), after compinit
_hcsctl() {
  local -a commands options found
  local ids
  commands=(@COMMANDS@)
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  commands=()
  case $words[2]:$((CURRENT > 3)):$words[3] in
@CASES@  esac
  if ((CURRENT == 3 && $#commands)); then
    _describe command commands
  elif [[ $words[CURRENT] == -* ]]; then
    _describe option options
  elif [[ -n $ids ]]; then
    found=(${(f)"$(hcsctl ${=ids} 2>/dev/null)"})
    compadd -a found
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

// "run:*) words='--rm -i' ids='ps -q' ;;"
std::string BashCase(const std::string& pattern, const CompletionCommand& command) {
  const std::string ids =
      command.lists_ids.empty() ? "" : absl::StrCat(" ids=", Quoted(command.lists_ids));
  return absl::Substitute("    $0) words='$1'$2 ;;\n", pattern, OptionWords(command), ids);
}

std::string ZshCase(const std::string& pattern, const CompletionCommand& command) {
  const std::string ids =
      command.lists_ids.empty() ? "" : absl::StrCat(" ids=", Quoted(command.lists_ids));
  return absl::Substitute("    $0) options=($1)$2 ;;\n", pattern, DescribedOptions(command), ids);
}

std::string DescribedNames(const Commands& commands) {
  std::vector<std::string> names;
  for (const CompletionCommand& command : commands) {
    names.push_back(Described(command.name, command.description));
  }
  return absl::StrJoin(names, " ");
}

// Lines for one command, which is completed where `condition` holds.
std::string FishLines(const std::string& condition, const CompletionCommand& command) {
  const std::string line = absl::StrCat("complete -c hcsctl -n '", condition, "'");
  std::string lines;
  for (const CompletionOption& option : command.options) {
    absl::StrAppend(&lines, line,
                    option.short_name.empty() ? "" : absl::StrCat(" -s ", option.short_name),
                    option.long_name.empty() ? "" : absl::StrCat(" -l ", option.long_name), " -d ",
                    Quoted(option.description), "\n");
  }
  if (!command.lists_ids.empty()) {
    absl::StrAppend(&lines, line, " -a '(hcsctl ", command.lists_ids, " 2>/dev/null)'\n");
  }
  return lines;
}

}  // namespace

std::string BashCompletion(const Commands& commands) {
  std::string cases;
  for (const CompletionCommand& command : commands) {
    if (command.subcommands.empty()) {
      cases += BashCase(command.name + ":*", command);
      continue;
    }
    absl::SubstituteAndAppend(&cases, "    $0:) words='$1' ;;\n", command.name,
                              NamesOf(command.subcommands));
    for (const CompletionCommand& subcommand : command.subcommands) {
      cases += BashCase(absl::StrCat(command.name, ":", subcommand.name), subcommand);
    }
  }
  return absl::StrReplaceAll(kBash, {{"@COMMANDS@", NamesOf(commands)}, {"@CASES@", cases}});
}

std::string ZshCompletion(const Commands& commands) {
  std::string cases;
  for (const CompletionCommand& command : commands) {
    if (command.subcommands.empty()) {
      cases += ZshCase(command.name + ":*", command);
      continue;
    }
    absl::SubstituteAndAppend(&cases, "    $0:0:*) commands=($1) ;;\n", command.name,
                              DescribedNames(command.subcommands));
    for (const CompletionCommand& subcommand : command.subcommands) {
      cases += ZshCase(absl::StrCat(command.name, ":1:", subcommand.name), subcommand);
    }
  }
  return absl::StrReplaceAll(kZsh, {{"@COMMANDS@", DescribedNames(commands)}, {"@CASES@", cases}});
}

std::string FishCompletion(const Commands& commands) {
  std::string script = kFish;
  for (const CompletionCommand& command : commands) {
    absl::SubstituteAndAppend(&script, "complete -c hcsctl -n __fish_use_subcommand -a $0 -d $1\n",
                              command.name, Quoted(command.description));
    const std::string seen = absl::StrCat("__fish_seen_subcommand_from ", command.name);
    script += FishLines(seen, command);
    for (const CompletionCommand& subcommand : command.subcommands) {
      absl::SubstituteAndAppend(
          &script,
          "complete -c hcsctl -n '$0; and not __fish_seen_subcommand_from $1' -a $2 -d $3\n", seen,
          NamesOf(command.subcommands), subcommand.name, Quoted(subcommand.description));
      script += FishLines(absl::StrCat(seen, "; and __fish_seen_subcommand_from ", subcommand.name),
                          subcommand);
    }
  }
  return script;
}

}  // namespace hcs::ctl
