#include <iostream>
#include <memory>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/completion_script.h"

namespace hcs::ctl {
namespace {

std::string FirstOf(const std::vector<std::string>& names) {
  return names.empty() ? "" : names.front();
}

CompletionCommand Describe(const CLI::App& command) {
  CompletionCommand result = {command.get_name(), command.get_description(), {}, {}, false};
  for (const CLI::Option* option : command.get_options()) {
    if (option->nonpositional()) {
      result.options.push_back({FirstOf(option->get_lnames()), FirstOf(option->get_snames()),
                                option->get_description()});
    } else if (option->get_name() == "ID") {
      result.takes_container = true;
    }
  }
  for (const CLI::App* subcommand : command.get_subcommands({})) {
    result.subcommands.push_back(subcommand->get_name());
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
