#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/layer_options.h"
#include "client/hcsctl/layer_text.h"
#include "client/hcsctl/layer_transfer.h"

namespace hcs::ctl {
namespace {

using client::LayerName;

using Change = std::function<absl::StatusOr<v1::LayerInfo>(const client::Layers&)>;

// Makes the change and prints the layer's name, or the layer.
absl::StatusOr<int> MakeChange(const Change& change, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto layer = change(client->layers());
  if (!layer.ok()) return layer.status();
  std::cout << (invocation.json ? ToJson(*layer) : layer->id()) << '\n';
  return 0;
}

void AddEmptyLayerCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("create", "Make an empty read-only layer");
  const auto named = AddLayerOptions(*command);
  auto parent = std::make_shared<std::string>();
  command->add_option("-p,--parent", *parent, "Its parent; a base layer has none")
      ->type_name("LAYER");
  command->callback([named, parent, &invocation] {
    invocation.action = [named, parent, &invocation] {
      return MakeChange(
          [&](const client::Layers& layers) { return layers.Create(named->name(), *parent); },
          invocation);
    };
  });
}

void AddSandboxCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("sandbox", "Make a layer for a container to write in");
  const auto named = AddLayerOptions(*command);
  const auto parents = AddParentOption(*command, /*required=*/true);
  command->callback([named, parents, &invocation] {
    invocation.action = [named, parents, &invocation] {
      return MakeChange(
          [&](const client::Layers& layers) {
            return layers.CreateSandbox(named->name(), named->PathsOf(*parents));
          },
          invocation);
    };
  });
}

// Without --parent, the parents are those that the daemon knows.
absl::StatusOr<v1::LayerInfo> Prepare(const client::Layers& layers, const LayerName& name,
                                      std::vector<std::string> parents) {
  if (parents.empty()) {
    const auto layer = layers.Get(name, /*with_size=*/false);
    if (!layer.ok()) return layer.status();
    parents.assign(layer->parents().begin(), layer->parents().end());
  }
  return layers.Prepare(name, parents);
}

void AddPrepareCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("prepare", "Let an active sandbox be seen together with its parents");
  const auto named = AddLayerOptions(*command);
  const auto parents = AddParentOption(*command, /*required=*/false);
  command->callback([named, parents, &invocation] {
    invocation.action = [named, parents, &invocation] {
      return MakeChange(
          [&](const client::Layers& layers) {
            return Prepare(layers, named->name(), named->PathsOf(*parents));
          },
          invocation);
    };
  });
}

void AddChangeCommand(CLI::App& app, Invocation& invocation, const std::string& name,
                      const std::string& description,
                      absl::StatusOr<v1::LayerInfo> (client::Layers::*change)(
                          const LayerName&, const client::CallOptions&) const) {
  CLI::App* command = app.add_subcommand(name, description);
  const auto named = AddLayerOptions(*command);
  command->callback([named, change, &invocation] {
    invocation.action = [named, change, &invocation] {
      return MakeChange(
          [&](const client::Layers& layers) { return (layers.*change)(named->name(), {}); },
          invocation);
    };
  });
}

void AddExpandCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("expand", "Let a sandbox hold at least so many bytes");
  const auto named = AddLayerOptions(*command);
  auto size = std::make_shared<std::string>();
  command->add_option("SIZE", *size, "Such as 20G")->required();
  command->callback([named, size, &invocation] {
    invocation.action = [named, size, &invocation]() -> absl::StatusOr<int> {
      const auto bytes = ParseSize(*size);
      if (!bytes.ok()) return bytes.status();
      return MakeChange(
          [&](const client::Layers& layers) { return layers.ExpandSandbox(named->name(), *bytes); },
          invocation);
    };
  });
}

absl::StatusOr<int> List(const LayerOptions& options, bool with_size, bool quiet,
                         const Invocation& invocation) {
  if (options.home.empty()) {
    return absl::InvalidArgumentError("layer ls: --home, or HCSD_LAYERS, must name a folder");
  }
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto layers = client->layers().List(options.home, with_size);
  if (!layers.ok()) return layers.status();
  if (invocation.json) {
    std::vector<std::string> documents;
    for (const v1::LayerInfo& layer : *layers) documents.push_back(ToJson(layer));
    std::cout << JsonArray(documents) << '\n';
  } else if (quiet) {
    for (const v1::LayerInfo& layer : *layers) std::cout << layer.id() << '\n';
  } else {
    std::cout << LayersText(*layers);
  }
  return 0;
}

void AddListCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("ls", "List the layers in the home folder");
  auto options = std::make_shared<LayerOptions>();
  AddHomeOption(*command, *options);
  auto with_size = std::make_shared<bool>(false);
  auto quiet = std::make_shared<bool>(false);
  command->add_flag("-s,--size", *with_size, "And what they take on disk");
  command->add_flag("-q,--quiet", *quiet, "Names alone");
  command->callback([options, with_size, quiet, &invocation] {
    invocation.action = [options, with_size, quiet, &invocation] {
      return List(*options, *with_size, *quiet, invocation);
    };
  });
}

// Each prints what `ask` gives for the layer.
void AddAskCommand(CLI::App& app, Invocation& invocation, const std::string& name,
                   const std::string& description,
                   absl::StatusOr<std::string> (*ask)(const client::Layers&, const LayerName&)) {
  CLI::App* command = app.add_subcommand(name, description);
  const auto named = AddLayerOptions(*command);
  command->callback([named, ask, &invocation] {
    invocation.action = [named, ask, &invocation]() -> absl::StatusOr<int> {
      const auto client = invocation.Connect();
      if (!client.ok()) return client.status();
      const auto answer = ask(client->layers(), named->name());
      if (!answer.ok()) return answer.status();
      std::cout << *answer << '\n';
      return 0;
    };
  });
}

absl::StatusOr<std::string> Inspect(const client::Layers& layers, const LayerName& name) {
  const auto layer = layers.Get(name, /*with_size=*/true);
  if (!layer.ok()) return layer.status();
  return Indented(ToJson(*layer));
}

absl::StatusOr<std::string> MountPath(const client::Layers& layers, const LayerName& name) {
  return layers.GetMountPath(name);
}

// Failures are told as they come, and do not spare the rest.
absl::StatusOr<int> Remove(const LayerOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  int exit_code = 0;
  for (const std::string& layer : options.layers) {
    const absl::Status status = client->layers().Destroy(options.NameOf(layer));
    if (status.ok()) {
      std::cout << layer << std::endl;
    } else {
      PrintError(invocation, status);
      exit_code = 1;
    }
  }
  return exit_code;
}

void AddRemoveCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("rm", "Remove layers that nothing uses");
  const auto named = AddLayersOptions(*command);
  command->callback([named, &invocation] {
    invocation.action = [named, &invocation] { return Remove(*named, invocation); };
  });
}

void AddGuidCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("name-to-guid", "The GUID by which the host knows a layer of this name");
  auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "The last component of the layer's path")->required();
  command->callback([name, &invocation] {
    invocation.action = [name, &invocation]() -> absl::StatusOr<int> {
      const auto client = invocation.Connect();
      if (!client.ok()) return client.status();
      const auto guid = client->layers().NameToGuid(*name);
      if (!guid.ok()) return guid.status();
      std::cout << *guid << '\n';
      return 0;
    };
  });
}

}  // namespace

void AddLayerCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* layer = app.add_subcommand("layer", "Layers, on the daemon's machine");
  layer->require_subcommand(1);
  AddListCommand(*layer, invocation);
  AddAskCommand(*layer, invocation, "inspect", "Print all that is known of a layer, as JSON",
                Inspect);
  AddLayerImportCommand(*layer, invocation);
  AddLayerExportCommand(*layer, invocation);
  AddEmptyLayerCommand(*layer, invocation);
  AddSandboxCommand(*layer, invocation);
  AddChangeCommand(*layer, invocation, "activate", "Mount a layer: a sandbox gets its volume",
                   &client::Layers::Activate);
  AddChangeCommand(*layer, invocation, "deactivate", "Undo activate", &client::Layers::Deactivate);
  AddPrepareCommand(*layer, invocation);
  AddChangeCommand(*layer, invocation, "unprepare", "Undo prepare", &client::Layers::Unprepare);
  AddAskCommand(*layer, invocation, "mount-path", "Print where a layer's tree is seen", MountPath);
  AddExpandCommand(*layer, invocation);
  AddRemoveCommand(*layer, invocation);
  AddGuidCommand(*layer, invocation);
}

}  // namespace hcs::ctl
