#include <array>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/container_removal.h"
#include "client/hcsctl/for_each.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

struct StopOptions {
  std::vector<std::string> ids;
  double timeout_s = 10;
};

void AddStopCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "stop", "Ask containers to shut down, and terminate those that do not in time");
  auto options = std::make_shared<StopOptions>();
  command->add_option("ID", options->ids, "The containers")->required();
  command->add_option("--timeout", options->timeout_s, "How long a shutdown may take")
      ->type_name("SECONDS")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return DoForEach(options->ids, invocation,
                       [&](const client::Client& client, const std::string& id) {
                         return StopContainer(client, id, absl::Seconds(options->timeout_s));
                       });
    };
  });
}

struct RemoveOptions {
  std::vector<std::string> ids;
  bool force = false;
};

absl::Status Remove(const client::Client& client, const std::string& id, bool force) {
  const auto container = client.containers().Get(id);
  if (!container.ok()) return container.status();
  const bool active = container->state() == v1::CONTAINER_STATE_RUNNING ||
                      container->state() == v1::CONTAINER_STATE_PAUSED;
  if (active && !force) {
    return absl::FailedPreconditionError(
        absl::StrCat("rm: ", id, " is ", StateText(container->state()),
                     ": stop it first, or terminate and remove it with rm -f"));
  }
  return RemoveContainer(client, id);
}

void AddRemoveCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("rm", "Remove containers");
  auto options = std::make_shared<RemoveOptions>();
  command->add_option("ID", options->ids, "The containers")->required();
  command->add_flag("-f,--force", options->force, "Terminate those that run");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return DoForEach(options->ids, invocation,
                       [&](const client::Client& client, const std::string& id) {
                         return Remove(client, id, options->force);
                       });
    };
  });
}

struct KillOptions {
  std::string id;
  uint32_t process = 0;
  std::string signal;
};

struct SignalNumber {
  absl::string_view name;
  int number;
};

// Linux' own numbers, for its containers and the emulated host.
constexpr std::array<SignalNumber, 12> kSignalNumbers = {{{"HUP", 1},
                                                          {"INT", 2},
                                                          {"QUIT", 3},
                                                          {"ABRT", 6},
                                                          {"KILL", 9},
                                                          {"USR1", 10},
                                                          {"USR2", 12},
                                                          {"PIPE", 13},
                                                          {"ALRM", 14},
                                                          {"TERM", 15},
                                                          {"CONT", 18},
                                                          {"STOP", 19}}};

// A number, a name of Linux with or without SIG, or else a name for the host to judge,
// such as CtrlC.
v1::ProcessSignal ParseSignal(const std::string& text) {
  v1::ProcessSignal signal;
  int number = 0;
  absl::string_view name = text;
  absl::ConsumePrefix(&name, "SIG");
  for (const SignalNumber& known : kSignalNumbers) {
    if (absl::EqualsIgnoreCase(known.name, name)) number = known.number;
  }
  if (number != 0 || absl::SimpleAtoi(text, &number)) {
    signal.set_number(number);
  } else {
    signal.set_name(text);
  }
  return signal;
}

absl::Status Kill(const client::Client& client, const KillOptions& options) {
  if (options.process == 0) {
    if (options.signal.empty()) return client.containers().Terminate(options.id).status();
    return absl::InvalidArgumentError(
        "kill: --signal is for a process: name it with -p; a container can only be terminated");
  }
  const client::ProcessId process = {options.id, options.process};
  if (options.signal.empty()) return client.processes().Kill(process);
  return client.processes().Signal(process, ParseSignal(options.signal));
}

void AddKillCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("kill", "Terminate a container, or end or signal a process in it");
  auto options = std::make_shared<KillOptions>();
  command->add_option("ID", options->id, "The container")->required();
  command->add_option("-p,--process", options->process, "The process")->type_name("PID");
  command
      ->add_option("-s,--signal", options->signal,
                   "Instead of ending the process: CtrlC, CtrlBreak, CtrlClose, CtrlLogOff, "
                   "CtrlShutdown; on Linux also a number or a name such as TERM")
      ->type_name("SIGNAL");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation]() -> absl::StatusOr<int> {
      const auto client = invocation.Connect();
      if (!client.ok()) return client.status();
      const absl::Status status = Kill(*client, *options);
      if (!status.ok()) return status;
      return 0;
    };
  });
}

}  // namespace

void AddEndCommands(CLI::App& app, Invocation& invocation) {
  AddStopCommand(app, invocation);
  AddKillCommand(app, invocation);
  AddRemoveCommand(app, invocation);
}

}  // namespace hcs::ctl
