#include <iostream>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/container_options.h"
#include "client/hcsctl/container_removal.h"
#include "client/hcsctl/network_options.h"
#include "client/hcsctl/process_options.h"
#include "client/hcsctl/process_start.h"

namespace hcs::ctl {
namespace {

struct RunOptions {
  ContainerOptions container;
  ProcessOptions process;
  NetworkOptions network;
  bool remove = false;
  std::vector<std::string> image;
};

absl::Status CheckRun(const RunOptions& options, const Invocation& invocation) {
  if (!options.image.empty()) {
    return absl::UnimplementedError(absl::StrCat(
        "run: \"", options.image.front(),
        "\" is an image, and images are not built yet; to run a program of the host, write "
        "-- before it: hcsctl run -- COMMAND"));
  }
  if (!invocation.words || invocation.words->empty()) {
    return absl::InvalidArgumentError("run: say what to run: hcsctl run [OPTIONS] -- COMMAND...");
  }
  if (options.remove && options.process.detach) {
    return absl::InvalidArgumentError(
        "run: --rm and -d exclude each other: it is hcsctl that removes the container");
  }
  const absl::Status network = Check(options.network);
  return network.ok() ? Check(options.process) : network;
}

// The process in a container that is there.
absl::StatusOr<int> RunIn(const client::Client& client, const ProcessStart& start,
                          std::optional<ForegroundProcess>& foreground) {
  const absl::Status started = client.containers().Start(start.container_id).status();
  if (!started.ok()) return started;
  if (!foreground) {
    const auto process = StartDetached(client, start);
    if (!process.ok()) return process.status();
    std::cout << start.container_id << '\n';
    return 0;
  }
  if (const auto signal = foreground->interrupted()) return ExitCodeOf(*signal);
  return RunForeground(client, start, *foreground);
}

absl::StatusOr<int> Run(const RunOptions& options, const Invocation& invocation) {
  const absl::Status valid = CheckRun(options, invocation);
  if (!valid.ok()) return valid;
  const auto config = ProcessConfigFor(options.process, *invocation.words);
  if (!config.ok()) return config.status();
  auto request = CreateRequestFor(options.container);
  if (!request.ok()) return request.status();
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();

  std::optional<ForegroundProcess> foreground;
  if (!options.process.detach) foreground.emplace(ForegroundOptionsFor(options.process));
  const absl::Status networked = CreateEndpoints(*client, options.network, &*request);
  if (!networked.ok()) return networked;
  const absl::Status created = client->containers().Create(*request).status();
  if (!created.ok()) {
    (void)DeleteEndpoints(*client, request->labels());
    return created;
  }
  const ProcessStart start = {request->id(), *config, OutputPolicyFor(options.process)};
  absl::StatusOr<int> result = RunIn(*client, start, foreground);
  if (!options.remove) return result;
  const absl::Status removed = RemoveContainer(*client, request->id());
  if (removed.ok()) return result;
  PrintError(invocation, absl::Status(removed.code(), absl::StrCat("removing ", request->id(), ": ",
                                                                   removed.message())));
  return result;
}

}  // namespace

void AddRunCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "run", "Create a container, start it and run one process in it: run [OPTIONS] -- COMMAND...");
  auto options = std::make_shared<RunOptions>();
  command->add_flag("--rm", options->remove, "Remove the container when the process has ended");
  AddContainerOptions(*command, options->container);
  AddNetworkOptions(*command, options->network);
  AddProcessOptions(*command, options->process);
  command->add_option("IMAGE", options->image, "Not built yet: write -- COMMAND...");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Run(*options, invocation); };
  });
}

}  // namespace hcs::ctl
