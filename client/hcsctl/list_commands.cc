#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/process_options.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

struct PsOptions {
  std::string id;
  bool all = false;
  bool quiet = false;
  std::vector<std::string> filters;
};

absl::Status AddState(const std::string& name, v1::ContainerFilter& filter) {
  v1::ContainerState state = v1::CONTAINER_STATE_UNSPECIFIED;
  if (!v1::ContainerState_Parse(absl::StrCat("CONTAINER_STATE_", absl::AsciiStrToUpper(name)),
                                &state) ||
      state == v1::CONTAINER_STATE_UNSPECIFIED) {
    return absl::InvalidArgumentError(absl::StrCat(
        "ps: --filter state=", name, ": a state is creating, created, running, paused or stopped"));
  }
  filter.add_states(state);
  return absl::OkStatus();
}

void AddLabel(const std::string& label, v1::ContainerFilter& filter) {
  const size_t equals = label.find('=');
  const std::string value = equals == label.npos ? "" : label.substr(equals + 1);
  (*filter.mutable_labels())[label.substr(0, equals)] = value;
}

absl::StatusOr<v1::ContainerFilter> FilterFor(const std::vector<std::string>& conditions) {
  v1::ContainerFilter filter;
  for (const std::string& condition : conditions) {
    const auto pair = ParsePair("ps: --filter", condition);
    if (!pair.ok()) return pair.status();
    const auto& [key, value] = *pair;
    absl::Status status;
    if (key == "state") {
      status = AddState(value, filter);
    } else if (key == "label") {
      AddLabel(value, filter);
    } else if (key == "owner") {
      filter.set_owner(value);
    } else if (key == "id") {
      filter.set_id_prefix(value);
    } else {
      status = absl::InvalidArgumentError(absl::StrCat(
          "ps: --filter ", condition,
          ": a condition is state=STATE, label=NAME[=VALUE], owner=NAME or id=PREFIX"));
    }
    if (!status.ok()) return status;
  }
  return filter;
}

std::string LabelsText(const v1::Container& container) {
  const std::map<std::string, std::string> sorted(container.labels().begin(),
                                                  container.labels().end());
  return absl::StrJoin(sorted, ",", absl::PairFormatter("="));
}

std::string ContainersText(const std::vector<v1::Container>& containers) {
  Table table({"ID", "STATE", "OWNER", "CREATED", "PROCESSES", "LABELS"});
  for (const v1::Container& container : containers) {
    table.AddRow({container.id(), StateText(container.state()), container.owner(),
                  AgeText(container.create_time()), absl::StrCat(container.running_processes()),
                  LabelsText(container)});
  }
  return table.Text();
}

absl::StatusOr<v1::ContainerProperties> PropertiesOf(const client::Client& client,
                                                     const std::string& id,
                                                     const std::vector<std::string>& types) {
  v1::GetContainerPropertiesRequest request;
  request.set_id(id);
  for (const std::string& type : types) request.mutable_query()->add_property_types(type);
  auto response = client.containers().GetProperties(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_properties());
}

std::string ProcessesText(const v1::ContainerProperties& properties,
                          const std::vector<v1::Process>& held) {
  std::map<uint32_t, std::string> command_lines;
  for (const v1::Process& process : held) {
    command_lines[process.process_id()] = process.command_line();
  }
  Table table({"PID", "IMAGE", "STARTED", "CPU", "MEMORY", "COMMAND"});
  for (const v1::ProcessListItem& item : properties.process_list()) {
    const absl::Duration cpu =
        absl::Nanoseconds(100) * (item.kernel_time_100ns() + item.user_time_100ns());
    table.AddRow({absl::StrCat(item.process_id()), item.image_name(),
                  AgeText(item.create_timestamp()),
                  absl::FormatDuration(absl::Trunc(cpu, absl::Milliseconds(1))),
                  BytesText(item.memory_commit_bytes()), command_lines[item.process_id()]});
  }
  return table.Text();
}

// The host's own list; the daemon knows command lines of those that it started.
absl::StatusOr<int> PrintProcesses(const std::string& id, bool quiet,
                                   const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto properties = PropertiesOf(*client, id, {"ProcessList"});
  if (!properties.ok()) return properties.status();
  if (quiet) {
    for (const auto& item : properties->process_list()) std::cout << item.process_id() << '\n';
    return 0;
  }
  if (invocation.json) {
    std::cout << ArrayOf(properties->process_list()) << '\n';
    return 0;
  }
  const auto held = client->processes().List(id);
  if (!held.ok()) return held.status();
  std::cout << ProcessesText(*properties, *held);
  return 0;
}

absl::StatusOr<int> PrintContainers(const PsOptions& options, const Invocation& invocation) {
  const auto filter = FilterFor(options.filters);
  if (!filter.ok()) return filter.status();
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto containers = client->containers().List(*filter);
  if (!containers.ok()) return containers.status();
  if (options.quiet) {
    for (const v1::Container& container : *containers) std::cout << container.id() << '\n';
  } else if (invocation.json) {
    std::cout << ArrayOf(*containers) << '\n';
  } else {
    std::cout << ContainersText(*containers);
  }
  return 0;
}

void AddPsCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("ps", "List the containers, or the processes of one of them");
  auto options = std::make_shared<PsOptions>();
  command->add_option("ID", options->id, "List the processes of this container");
  command->add_flag("-a,--all", options->all,
                    "No change: containers of every state are listed anyway");
  command->add_flag("-q,--quiet", options->quiet, "Print ids alone");
  command
      ->add_option("--filter", options->filters,
                   "state=STATE, label=NAME[=VALUE], owner=NAME or id=PREFIX; may repeat")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return options->id.empty() ? PrintContainers(*options, invocation)
                                 : PrintProcesses(options->id, options->quiet, invocation);
    };
  });
}

void AddTopCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("top", "List the processes of a container");
  auto id = std::make_shared<std::string>();
  command->add_option("ID", *id, "The container")->required();
  command->callback([id, &invocation] {
    invocation.action = [id, &invocation] { return PrintProcesses(*id, false, invocation); };
  });
}

absl::StatusOr<int> Inspect(const std::string& id, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto container = client->containers().Get(id);
  if (!container.ok()) return container.status();
  const auto processes = client->processes().List(id);
  if (!processes.ok()) return processes.status();
  std::string json = WithMember(ToJson(*container), "processes", ArrayOf(*processes));
  // A container that has stopped may have no properties any more.
  const auto properties = PropertiesOf(*client, id, {});
  if (properties.ok()) json = WithMember(json, "properties", ToJson(*properties));
  std::cout << (invocation.json ? json : Indented(json)) << '\n';
  return 0;
}

void AddInspectCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("inspect",
                         "Print all that is known of a container, as JSON: the daemon's view, its "
                         "processes, and the host's properties");
  auto id = std::make_shared<std::string>();
  command->add_option("ID", *id, "The container")->required();
  command->callback([id, &invocation] {
    invocation.action = [id, &invocation] { return Inspect(*id, invocation); };
  });
}

}  // namespace

void AddListCommands(CLI::App& app, Invocation& invocation) {
  AddPsCommand(app, invocation);
  AddTopCommand(app, invocation);
  AddInspectCommand(app, invocation);
}

}  // namespace hcs::ctl
