#include <iostream>
#include <memory>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/image_container.h"
#include "client/hcsctl/process_options.h"
#include "client/hcsctl/process_start.h"

namespace hcs::ctl {
namespace {

struct ExecOptions {
  ProcessOptions process;
  std::string id;
  std::vector<std::string> words;
};

absl::StatusOr<int> Exec(const ExecOptions& options, const Invocation& invocation) {
  std::vector<std::string> words = options.words;
  if (invocation.words) {
    words.insert(words.end(), invocation.words->begin(), invocation.words->end());
  }
  if (words.empty()) {
    return absl::InvalidArgumentError("exec: say what to run: hcsctl exec ID -- COMMAND...");
  }
  const absl::Status valid = Check(options.process);
  if (!valid.ok()) return valid;
  auto config = ProcessConfigFor(options.process, words);
  if (!config.ok()) return config.status();
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  // Whether there is such a container, Exec says.
  const auto container = client->containers().Get(options.id);
  if (container.ok()) AddDefaults(*container, &*config);
  const ProcessStart start = {options.id, *config, OutputPolicyFor(options.process)};
  if (options.process.detach) {
    const auto process = StartDetached(*client, start);
    if (!process.ok()) return process.status();
    std::cout << *process << '\n';
    return 0;
  }
  ForegroundProcess foreground(ForegroundOptionsFor(options.process));
  return RunForeground(*client, start, foreground);
}

}  // namespace

void AddExecCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("exec", "Run a process in a container: exec [OPTIONS] ID -- COMMAND...");
  auto options = std::make_shared<ExecOptions>();
  AddProcessOptions(*command, options->process);
  command->add_option("ID", options->id, "The container")->required();
  command->add_option("COMMAND", options->words, "What to run; after -- it may hold options");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Exec(*options, invocation); };
  });
}

}  // namespace hcs::ctl
