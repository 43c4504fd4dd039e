#include <algorithm>
#include <iostream>
#include <memory>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/completion_script.h"

namespace hcs::ctl {
namespace {

std::string FirstOf(const std::vector<std::string>& names) {
  return names.empty() ? "" : names.front();
}

// An option once; or, of an argument, where its words come from.
void AddOption(const CLI::Option& option, CompletionCommand* command) {
  if (option.get_name() == "ID") command->lists = "ps -q";
  if (option.get_name() == "LAYER") command->lists = "layer ls -q";
  if (option.get_name() == "IMAGE") command->lists = "image ls --names";
  if (!option.nonpositional()) return;
  const CompletionOption described = {FirstOf(option.get_lnames()), FirstOf(option.get_snames()),
                                      option.get_description()};
  const auto& known = command->options;
  const bool is_known = std::any_of(known.begin(), known.end(), [&](const auto& other) {
    return other.long_name == described.long_name && other.short_name == described.short_name;
  });
  if (!is_known) command->options.push_back(described);
}

CompletionCommand Describe(const CLI::App& command) {
  CompletionCommand result = {command.get_name(), command.get_description(), {}, {}, {}};
  for (const CLI::Option* option : command.get_options()) AddOption(*option, &result);
  // Those of its own commands are offered with each of them.
  for (const CLI::App* subcommand : command.get_subcommands({})) {
    result.subcommands.push_back(subcommand->get_name());
    for (const CLI::Option* option : subcommand->get_options()) AddOption(*option, &result);
  }
  return result;
}

absl::StatusOr<int> PrintCompletion(const CLI::App& app, const std::string& shell) {
  std::vector<CompletionCommand> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(Describe(*command));
  std::cout << (shell == "bash"  ? BashCompletion(commands)
                : shell == "zsh" ? ZshCompletion(commands)
                                 : FishCompletion(commands));
  return 0;
}

}  // namespace

void AddCompletionCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("completion", "Print a script that completes hcsctl's words in a shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &app, &invocation] {
    invocation.action = [shell, &app] { return PrintCompletion(app, *shell); };
  });
}

}  // namespace hcs::ctl
