#include <memory>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/document_file.h"
#include "client/hcsctl/object_commands.h"
#include "client/hcsctl/port_mapping.h"

namespace hcs::ctl {
namespace {

struct CreateOptions {
  std::string name;
  std::string document;
  std::string network;
  std::string ip;
  std::string ipv6;
  std::string mac;
  std::vector<std::string> ports;
};

absl::StatusOr<v1::CreateEndpointRequest> RequestFor(const CreateOptions& options) {
  v1::CreateEndpointRequest request;
  if (!options.document.empty()) {
    auto document = ReadDocument("endpoint create", options.document);
    if (!document.ok()) return document.status();
    request.set_raw_document(*std::move(document));
    return request;
  }
  if (options.network.empty()) {
    return absl::InvalidArgumentError("endpoint create: --network or --document is required");
  }
  request.set_network(options.network);
  v1::Endpoint& endpoint = *request.mutable_endpoint();
  if (!options.name.empty()) endpoint.set_name(options.name);
  if (!options.ip.empty()) endpoint.set_ip_address(options.ip);
  if (!options.ipv6.empty()) endpoint.set_ipv6_address(options.ipv6);
  if (!options.mac.empty()) endpoint.set_mac_address(options.mac);
  for (const std::string& port : options.ports) {
    const auto mapping = ParsePortMapping("-p", port);
    if (!mapping.ok()) return mapping.status();
    *endpoint.add_policies() = NatPolicyOf(*mapping);
  }
  return request;
}

void AddCreate(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("create", "Create an endpoint, and print its id");
  auto options = std::make_shared<CreateOptions>();
  command->add_option("NAME", options->name, "The endpoint's name");
  command->add_option("--network", options->network, "The network that it is on")
      ->type_name("NAME");
  command->add_option("--ip", options->ip, "The IPv4 address; HNS chooses one without it")
      ->type_name("IP");
  command->add_option("--ipv6", options->ipv6, "The IPv6 address")->type_name("IP");
  command->add_option("--mac", options->mac, "The MAC address; HNS chooses one without it")
      ->type_name("MAC");
  command
      ->add_option("-p,--publish", options->ports,
                   "A port of the host that leads to one of the endpoint's; may repeat")
      ->type_name("HOSTPORT:PORT[/udp]")
      ->allow_extra_args(false);
  AddDocumentOption(*command, options->document);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation]() -> absl::StatusOr<int> {
      const auto request = RequestFor(*options);
      if (!request.ok()) return request.status();
      return Create(invocation, [&request](const client::Client& client) {
        return client.networks().CreateEndpoint(*request);
      });
    };
  });
}

struct ListOptions {
  std::string network;
  std::string container;
  bool quiet = false;
};

void AddList(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("ls", "List the endpoints");
  auto options = std::make_shared<ListOptions>();
  command->add_option("--network", options->network, "Those of this network")->type_name("NAME");
  command->add_option("--container", options->container, "Those of this container")
      ->type_name("ID");
  command->add_flag("-q,--quiet", options->quiet, "Print ids alone");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return List<v1::Endpoint>(
          invocation, options->quiet,
          [&options](const client::Client& client) {
            v1::EndpointFilter filter;
            filter.set_network(options->network);
            filter.set_container_id(options->container);
            return client.networks().ListEndpoints(filter);
          },
          EndpointsText);
    };
  });
}

void AddInspect(CLI::App& group, Invocation& invocation) {
  AddObjectCommand(
      group, invocation, "inspect",
      "Print an endpoint and those that use it, as JSON: HNS' document", "NAME",
      [](const client::Client& client, const std::string& name) -> absl::StatusOr<std::string> {
        const auto response = client.networks().GetEndpoint(name);
        if (!response.ok()) return response.status();
        return WithMember(ToJson(response->endpoint()), "users", ArrayOf(response->users()));
      });
}

// connect and disconnect.
template <typename Request>
void AddMembership(CLI::App& group, Invocation& invocation, const std::string& name,
                   const std::string& description,
                   absl::StatusOr<v1::Endpoint> (client::Networks::*change)(
                       Request, const client::CallOptions&) const) {
  struct Options {
    std::string endpoint;
    std::string container;
  };
  CLI::App* command = group.add_subcommand(name, description);
  auto options = std::make_shared<Options>();
  command->add_option("NAME", options->endpoint, "The endpoint, by name or id")->required();
  command->add_option("CONTAINER", options->container, "The container")->required();
  command->callback([options, change, &invocation] {
    invocation.action = [options, change, &invocation] {
      return Create(invocation, [&](const client::Client& client) {
        Request request;
        request.set_endpoint(options->endpoint);
        request.set_container_id(options->container);
        return (client.networks().*change)(std::move(request), {});
      });
    };
  });
}

void AddStats(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("stats", "Show what went through endpoints");
  auto names = std::make_shared<std::vector<std::string>>();
  command->add_option("NAME", *names, "The endpoints, by name or id")->required();
  command->callback([names, &invocation] {
    invocation.action = [names, &invocation] {
      return PrintStatistics(
          invocation,
          [&names](const client::Client& client) -> absl::StatusOr<std::vector<NamedStatistics>> {
            std::vector<NamedStatistics> all;
            for (const std::string& name : *names) {
              auto statistics = client.networks().GetEndpointStatistics(name);
              if (!statistics.ok()) return statistics.status();
              all.push_back({name, *std::move(statistics)});
            }
            return all;
          });
    };
  });
}

}  // namespace

void AddEndpointCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand("endpoint", "Endpoints: where containers are on networks");
  group->require_subcommand(1);
  AddCreate(*group, invocation);
  AddList(*group, invocation);
  AddInspect(*group, invocation);
  AddRemoval(*group, invocation, "endpoints", "Detach them from their containers first",
             [](const client::Client& client, const std::string& name, bool force) {
               return client.networks().DeleteEndpoint(name, force);
             });
  AddMembership(*group, invocation, "connect", "Attach an endpoint to a container",
                &client::Networks::AttachEndpoint);
  AddMembership(*group, invocation, "disconnect", "Detach an endpoint from a container",
                &client::Networks::DetachEndpoint);
  AddStats(*group, invocation);
}

}  // namespace hcs::ctl
