#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/exit_code.h"
#include "client/hcsctl/invocation.h"
#include "client/hcsctl/own_words.h"
#include "client/hcsctl/standard_streams.h"

namespace hcs::ctl {
namespace {

void AddCommands(CLI::App& app, Invocation& invocation) {
  app.add_option("--address", invocation.address, "The daemon: unix:///path or tcp://host:port")
      ->envname("HCSD_ADDRESS")
      ->type_name("URI")
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--format", [&](const std::string& format) { invocation.json = format == "json"; },
         "table, or json: one document, or one a line for streams")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json"}));
  app.require_subcommand(1);
  app.fallthrough();
  AddRunCommand(app, invocation);
  AddCreateCommand(app, invocation);
  AddExecCommand(app, invocation);
  AddLifecycleCommands(app, invocation);
  AddEndCommands(app, invocation);
  AddAttachCommand(app, invocation);
  AddListCommands(app, invocation);
  AddStatsCommand(app, invocation);
  AddEventsCommand(app, invocation);
  AddImageCommands(app, invocation);
  AddHostCommands(app, invocation);
  AddLayerCommands(app, invocation);
  AddVersionCommand(app, invocation);
  AddCompletionCommand(app, invocation);
}

bool RunsProcess(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return std::any_of(chosen.begin(), chosen.end(), [](const CLI::App* command) {
    return command->get_name() == "run" || command->get_name() == "exec" ||
           command->get_name() == "attach";
  });
}

int Act(const Invocation& invocation, bool runs_process) {
  const absl::StatusOr<int> result = invocation.action();
  if (result.ok()) return *result;
  PrintError(invocation, result.status());
  return runs_process ? RunFailureExitCode(result.status()) : kFailure;
}

int Main(int argc, char** argv) {
  Invocation invocation;
  CLI::App app("Speaks to hcsd: containers and the processes in them.", "hcsctl");
  AddCommands(app, invocation);
  SplitWords split = SplitOwnWords(app, {argv + 1, argv + argc});
  invocation.words = std::move(split.command);
  std::vector<std::string> words = std::move(split.own);
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    PrintError(invocation, absl::InvalidArgumentError(error.what()));
    return RunsProcess(app) ? kRunFailure : kFailure;
  }
  return Act(invocation, RunsProcess(app));
}

}  // namespace
}  // namespace hcs::ctl

int main(int argc, char** argv) {
  hcs::ctl::IgnoreClosedOutput();
  try {
    return hcs::ctl::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "hcsctl: " << error.what() << '\n';
    return hcs::ctl::kRunFailure;
  }
}
