#include <memory>

#include "client/hcsctl/commands.h"
#include "client/hcsctl/object_commands.h"

namespace hcs::ctl {
namespace {

void AddCreate(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("create", "Create a namespace, and print its id");
  auto is_default = std::make_shared<bool>(false);
  command->add_flag("--default", *is_default, "The one for what asks for none");
  command->callback([is_default, &invocation] {
    invocation.action = [is_default, &invocation] {
      return Create(invocation, [&is_default](const client::Client& client) {
        v1::CreateNamespaceRequest request;
        request.mutable_namespace_()->set_is_default(*is_default);
        return client.networks().CreateNamespace(request);
      });
    };
  });
}

void AddList(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("ls", "List the namespaces");
  auto quiet = std::make_shared<bool>(false);
  command->add_flag("-q,--quiet", *quiet, "Print ids alone");
  command->callback([quiet, &invocation] {
    invocation.action = [quiet, &invocation] {
      return List<v1::Namespace>(
          invocation, *quiet,
          [](const client::Client& client) { return client.networks().ListNamespaces(); },
          NamespacesText);
    };
  });
}

// connect and disconnect.
template <typename Request>
void AddMembership(CLI::App& group, Invocation& invocation, const std::string& name,
                   const std::string& description,
                   absl::StatusOr<v1::Namespace> (client::Networks::*change)(
                       Request, const client::CallOptions&) const) {
  struct Options {
    std::string id;
    std::string resource;
    bool container = false;
  };
  CLI::App* command = group.add_subcommand(name, description);
  auto options = std::make_shared<Options>();
  command->add_option("NAMESPACE", options->id, "The namespace's id")->required();
  command->add_option("ENDPOINT", options->resource, "The endpoint, by name or id")->required();
  command->add_flag("--container", options->container, "It is a container's id instead");
  command->callback([options, change, &invocation] {
    invocation.action = [options, change, &invocation] {
      return Create(invocation, [&](const client::Client& client) {
        Request request;
        request.set_id(options->id);
        if (options->container) {
          request.set_container_id(options->resource);
        } else {
          request.set_endpoint(options->resource);
        }
        return (client.networks().*change)(std::move(request), {});
      });
    };
  });
}

}  // namespace

void AddNamespaceCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand(
      "namespace", "Network namespaces: endpoints and containers that belong together");
  group->require_subcommand(1);
  AddCreate(*group, invocation);
  AddList(*group, invocation);
  AddObjectCommand(
      *group, invocation, "inspect", "Print a namespace, as JSON: HNS' document", "NAMESPACE",
      [](const client::Client& client, const std::string& id) -> absl::StatusOr<std::string> {
        const auto name_space = client.networks().GetNamespace(id);
        if (!name_space.ok()) return name_space.status();
        return ToJson(*name_space);
      });
  AddRemoval(*group, invocation, "namespaces", "Take out first what is in them",
             [](const client::Client& client, const std::string& id, bool force) {
               return client.networks().DeleteNamespace(id, force);
             });
  AddMembership(*group, invocation, "connect", "Put an endpoint into a namespace",
                &client::Networks::AddNamespaceResource);
  AddMembership(*group, invocation, "disconnect", "Take an endpoint out of a namespace",
                &client::Networks::RemoveNamespaceResource);
}

}  // namespace hcs::ctl
