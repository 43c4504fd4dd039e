#include <iostream>
#include <memory>
#include <string_view>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/completion_script.h"

namespace hcs::ctl {
namespace {

std::string FirstOf(const std::vector<std::string>& names) {
  return names.empty() ? "" : names.front();
}

struct Lister {
  std::string_view positional;
  std::string_view command;
};
constexpr Lister kListers[] = {{"ID", "ps -q"},
                               {"CONTAINER", "ps -q"},
                               {"IMAGE", "image ls --names"},
                               {"LAYER", "layer ls -q"},
                               {"NETWORK", "network ls -q"},
                               {"ENDPOINT", "endpoint ls -q"},
                               {"NAMESPACE", "namespace ls -q"},
                               {"LOADBALANCER", "loadbalancer ls -q"}};

// What lists the ids that `command` of `group` wants for a positional of this name: NAME is
// one of the group's own objects, but of those that create makes.
std::string ListerOf(const std::string& positional, const CLI::App& command,
                     const CLI::App* group) {
  for (const Lister& lister : kListers) {
    if (lister.positional == positional) return std::string(lister.command);
  }
  const auto is_list = [](const CLI::App* command) { return command->get_name() == "ls"; };
  const bool is_own = positional == "NAME" && command.get_name() != "create";
  if (group == nullptr || !is_own || group->get_subcommands(is_list).empty()) return "";
  return group->get_name() + " ls -q";
}

CompletionCommand Describe(const CLI::App& command, const CLI::App* group = nullptr) {
  CompletionCommand result = {command.get_name(), command.get_description(), {}, {}, {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option->nonpositional()) {
      result.options.push_back({FirstOf(option->get_lnames()), FirstOf(option->get_snames()),
                                option->get_description()});
    } else if (result.lists_ids.empty()) {
      result.lists_ids = ListerOf(option->get_name(), command, group);
    }
  }
  for (const CLI::App* subcommand : command.get_subcommands({})) {
    result.subcommands.push_back(Describe(*subcommand, &command));
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
