#include <iostream>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/container_options.h"
#include "client/hcsctl/container_removal.h"
#include "client/hcsctl/image_container.h"
#include "client/hcsctl/network_options.h"
#include "client/hcsctl/process_options.h"
#include "client/hcsctl/process_start.h"

namespace hcs::ctl {
namespace {

using Words = std::vector<std::string>;

struct RunOptions {
  ContainerOptions container;
  ProcessOptions process;
  NetworkOptions network;
  bool remove = false;
  ImageOptions image;
};

// The container that is to be made, and its process.
struct Plan {
  v1::CreateContainerRequest request;
  v1::ProcessConfig process;
};

absl::Status CheckRun(const RunOptions& options, const Invocation& invocation) {
  if (options.image.name.empty() && (!invocation.words || invocation.words->empty())) {
    return absl::InvalidArgumentError(
        "run: say what to run: hcsctl run [OPTIONS] IMAGE [COMMAND...], or a program of the host: "
        "hcsctl run [OPTIONS] -- COMMAND...");
  }
  if (options.image.name.empty() && options.image.entrypoint) {
    return absl::InvalidArgumentError("run: --entrypoint is for an image, and there is none");
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

// Of a program of the host.
absl::Status PlanProgram(const RunOptions& options, const Words& command, Plan* plan) {
  auto process = ProcessConfigFor(options.process, command);
  if (!process.ok()) return process.status();
  plan->process = *std::move(process);
  return absl::OkStatus();
}

absl::Status PlanImage(const client::Client& client, const RunOptions& options,
                       const Words& command, Plan* plan) {
  const auto image = client.images().Get(options.image.name);
  if (!image.ok()) return image.status();
  auto process = ImageProcessFor(*image, options.image.entrypoint, command, options.process);
  if (!process.ok()) return process.status();
  plan->process = *std::move(process);
  // What exec takes from it, it then does not have.
  AddProcessLabel(plan->process, &plan->request).IgnoreError();
  return AddSandbox(client, *image, &plan->request);
}

// With its endpoints, none of which stays if it fails.
absl::Status Create(const client::Client& client, const NetworkOptions& network, Plan* plan) {
  absl::Status created = CreateEndpoints(client, network, &plan->request);
  if (!created.ok()) {
    RemoveSandboxOf(client, plan->request).IgnoreError();
    return created;
  }
  created = CreateContainer(client, plan->request).status();
  // The first error is the one to tell.
  if (!created.ok()) DeleteEndpoints(client, plan->request.labels()).IgnoreError();
  return created;
}

absl::StatusOr<int> Run(const RunOptions& options, const Invocation& invocation) {
  const absl::Status valid = CheckRun(options, invocation);
  if (!valid.ok()) return valid;
  auto request = CreateRequestFor(options.container);
  if (!request.ok()) return request.status();
  Plan plan{*std::move(request), {}};
  const Words command = invocation.words.value_or(Words());
  absl::Status planned;
  if (options.image.name.empty()) planned = PlanProgram(options, command, &plan);
  if (!planned.ok()) return planned;
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  if (!options.image.name.empty()) planned = PlanImage(*client, options, command, &plan);
  if (!planned.ok()) return planned;

  std::optional<ForegroundProcess> foreground;
  if (!options.process.detach) foreground.emplace(ForegroundOptionsFor(options.process));
  const absl::Status created = Create(*client, options.network, &plan);
  if (!created.ok()) return created;
  const std::string& id = plan.request.id();
  const ProcessStart start = {id, plan.process, OutputPolicyFor(options.process)};
  absl::StatusOr<int> result = RunIn(*client, start, foreground);
  if (!options.remove) return result;
  const absl::Status removed = RemoveContainer(*client, id);
  if (removed.ok()) return result;
  PrintError(invocation,
             absl::Status(removed.code(), absl::StrCat("removing ", id, ": ", removed.message())));
  return result;
}

}  // namespace

void AddRunCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "run",
      "Create a container, start it and run one process in it: run [OPTIONS] IMAGE [COMMAND...], "
      "or, of the host's own programs, run [OPTIONS] -- COMMAND...");
  auto options = std::make_shared<RunOptions>();
  command->add_flag("--rm", options->remove, "Remove the container when the process has ended");
  AddContainerOptions(*command, options->container);
  AddNetworkOptions(*command, options->network);
  AddProcessOptions(*command, options->process);
  AddImageOptions(*command, options->image);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Run(*options, invocation); };
  });
}

}  // namespace hcs::ctl
