#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/exit_code.h"
#include "client/hcsctl/image_container.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/process_options.h"
#include "client/hcsctl/process_start.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

using Change =
    std::function<absl::StatusOr<v1::Container>(const client::Client&, const std::string&)>;

// One of the daemon's own calls.
Change Calling(absl::StatusOr<v1::Container> (client::Containers::*change)(
    const std::string&, const client::CallOptions&) const) {
  return [change](const client::Client& client, const std::string& id) {
    return (client.containers().*change)(id, {});
  };
}

// The container, and the process that was noted when it was made of an image.
absl::StatusOr<v1::Container> Start(const client::Client& client, const std::string& id) {
  auto container = client.containers().Start(id);
  if (!container.ok()) return container;
  const auto process = LabelledProcess(*container);
  if (!process) return container;
  const auto started = StartDetached(client, {id, *process, OutputPolicyFor({.detach = true})});
  if (!started.ok()) return started.status();
  return container;
}

// start, pause, resume: one call for each of the containers, in turn; it ends with the
// first that fails.
void AddChangeCommand(CLI::App& app, Invocation& invocation, const std::string& name,
                      const std::string& description, const Change& change) {
  CLI::App* command = app.add_subcommand(name, description);
  auto ids = std::make_shared<std::vector<std::string>>();
  command->add_option("ID", *ids, "The containers")->required();
  command->callback([ids, change, &invocation] {
    invocation.action = [ids, change, &invocation]() -> absl::StatusOr<int> {
      const auto client = invocation.Connect();
      if (!client.ok()) return client.status();
      for (const std::string& id : *ids) {
        const auto container = change(*client, id);
        if (!container.ok()) return container.status();
        std::cout << (invocation.json ? ToJson(*container) : id) << '\n';
      }
      return 0;
    };
  });
}

struct WaitOptions {
  std::string id;
  uint32_t process = 0;
  double timeout_s = 0;
};

absl::StatusOr<int> TimedOut(const std::string& what, double seconds) {
  return absl::DeadlineExceededError(absl::StrCat(what, " has not exited within ", seconds, " s"));
}

absl::StatusOr<int> WaitForProcess(const client::Client& client, const WaitOptions& options,
                                   absl::Duration timeout, bool json) {
  const auto exit = client.processes().Wait({options.id, options.process}, timeout);
  if (!exit.ok()) return exit.status();
  if (!*exit) {
    return TimedOut(absl::StrCat(options.id, ":", options.process), options.timeout_s);
  }
  std::cout << (json ? ToJson(**exit) : absl::StrCat((*exit)->exit_code())) << '\n';
  return 0;
}

absl::StatusOr<int> Wait(const WaitOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const absl::Duration timeout =
      options.timeout_s > 0 ? absl::Seconds(options.timeout_s) : absl::InfiniteDuration();
  if (options.process != 0) return WaitForProcess(*client, options, timeout, invocation.json);
  const auto exit = client->containers().Wait(options.id, timeout);
  if (!exit.ok()) return exit.status();
  if (!*exit) return TimedOut(options.id, options.timeout_s);
  const std::string& type = (*exit)->exit_type();
  std::cout << (invocation.json ? ToJson(**exit)
                : type.empty()  ? "Exited"
                                : Printable(type))
            << '\n';
  return 0;
}

void AddWaitCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "wait", "Wait until a container or process has exited, and print how it ended");
  auto options = std::make_shared<WaitOptions>();
  command->add_option("ID", options->id, "The container")->required();
  command->add_option("-p,--process", options->process, "Wait for this process of it")
      ->type_name("PID");
  command->add_option("--timeout", options->timeout_s, "Give up after that long, with exit code 1")
      ->type_name("SECONDS")
      ->check(CLI::PositiveNumber);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Wait(*options, invocation); };
  });
}

}  // namespace

void AddLifecycleCommands(CLI::App& app, Invocation& invocation) {
  AddChangeCommand(app, invocation, "start",
                   "Start containers, and what create has noted for them to run", Start);
  AddChangeCommand(app, invocation, "pause", "Stop every process of containers until resume",
                   Calling(&client::Containers::Pause));
  AddChangeCommand(app, invocation, "resume", "Let paused containers go on",
                   Calling(&client::Containers::Resume));
  AddWaitCommand(app, invocation);
}

}  // namespace hcs::ctl
