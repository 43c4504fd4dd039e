#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/document_file.h"
#include "client/hcsctl/for_each.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/network_options.h"
#include "client/hcsctl/network_text.h"
#include "client/hcsctl/object_commands.h"

namespace hcs::ctl {
namespace {

struct CreateOptions {
  std::string name;
  std::string document;
  std::string type = "nat";
  std::vector<std::string> subnets;
  std::vector<std::string> gateways;
  std::vector<std::string> dns_servers;
  std::string dns_suffix;
  std::string adapter;
};

absl::StatusOr<v1::CreateNetworkRequest> RequestFor(const CreateOptions& options) {
  v1::CreateNetworkRequest request;
  if (!options.document.empty()) {
    auto document = ReadDocument("network create", options.document);
    if (!document.ok()) return document.status();
    request.set_raw_document(*std::move(document));
    return request;
  }
  if (options.name.empty()) {
    return absl::InvalidArgumentError("network create: NAME or --document is required");
  }
  if (options.gateways.size() > options.subnets.size()) {
    return absl::InvalidArgumentError("network create: --gateway is that of the --subnet before");
  }
  v1::Network& network = *request.mutable_network();
  network.set_name(options.name);
  network.set_type(options.type);
  for (size_t i = 0; i < options.subnets.size(); ++i) {
    v1::Subnet& subnet = *network.add_subnets();
    subnet.set_address_prefix(options.subnets[i]);
    if (i < options.gateways.size()) subnet.set_gateway_address(options.gateways[i]);
  }
  if (!options.dns_servers.empty()) {
    network.set_dns_server_list(absl::StrJoin(options.dns_servers, ","));
  }
  if (!options.dns_suffix.empty()) network.set_dns_suffix(options.dns_suffix);
  if (!options.adapter.empty()) network.set_network_adapter_name(options.adapter);
  return request;
}

void AddCreate(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("create", "Create a network, and print its id");
  auto options = std::make_shared<CreateOptions>();
  command->add_option("NAME", options->name, "The network's name");
  command
      ->add_option("--type", options->type,
                   "nat, transparent, l2bridge, l2tunnel, overlay, ics, internal or private")
      ->type_name("TYPE")
      ->capture_default_str();
  command->add_option("--subnet", options->subnets, "Its addresses; may repeat")
      ->type_name("PREFIX")
      ->allow_extra_args(false);
  command->add_option("--gateway", options->gateways, "Of each subnet, in their order")
      ->type_name("IP")
      ->allow_extra_args(false);
  command->add_option("--dns", options->dns_servers, "A DNS server; may repeat")
      ->type_name("IP")
      ->allow_extra_args(false);
  command->add_option("--dns-suffix", options->dns_suffix, "The DNS suffix")->type_name("SUFFIX");
  command->add_option("--adapter", options->adapter, "The adapter that it goes out by")
      ->type_name("NAME");
  AddDocumentOption(*command, options->document);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation]() -> absl::StatusOr<int> {
      const auto request = RequestFor(*options);
      if (!request.ok()) return request.status();
      return Create(invocation, [&request](const client::Client& client) {
        return client.networks().CreateNetwork(*request);
      });
    };
  });
}

struct ListOptions {
  std::string type;
  bool quiet = false;
};

void AddList(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("ls", "List the networks");
  auto options = std::make_shared<ListOptions>();
  command->add_option("--type", options->type, "Those of this type")->type_name("TYPE");
  command->add_flag("-q,--quiet", options->quiet, "Print ids alone");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return List<v1::Network>(
          invocation, options->quiet,
          [&options](const client::Client& client) {
            v1::NetworkFilter filter;
            if (!options->type.empty()) filter.add_types(options->type);
            return client.networks().ListNetworks(filter);
          },
          NetworksText);
    };
  });
}

void AddInspect(CLI::App& group, Invocation& invocation) {
  AddObjectCommand(
      group, invocation, "inspect", "Print a network and its endpoints, as JSON: HNS' document",
      "NAME",
      [](const client::Client& client, const std::string& name) -> absl::StatusOr<std::string> {
        const auto response = client.networks().GetNetwork(name);
        if (!response.ok()) return response.status();
        return WithMember(ToJson(response->network()), "users", ArrayOf(response->users()));
      });
}

struct MembershipOptions {
  std::string network;
  std::string container;
  std::string ip;
  std::string mac;
  std::string name;
};

absl::StatusOr<v1::Endpoint> Connect(const client::Client& client,
                                     const MembershipOptions& options) {
  v1::CreateEndpointRequest request;
  request.set_network(options.network);
  v1::Endpoint& wanted = *request.mutable_endpoint();
  wanted.set_name(options.name.empty() ? EndpointNameFor(options.container, options.network)
                                       : options.name);
  if (!options.ip.empty()) wanted.set_ip_address(options.ip);
  if (!options.mac.empty()) wanted.set_mac_address(options.mac);
  const auto endpoint = client.networks().CreateEndpoint(request);
  if (!endpoint.ok()) return endpoint;
  v1::AttachEndpointRequest attach;
  attach.set_endpoint(endpoint->id());
  attach.set_container_id(options.container);
  auto attached = client.networks().AttachEndpoint(attach);
  if (!attached.ok()) (void)client.networks().DeleteEndpoint(endpoint->id(), true);
  return attached;
}

void AddConnect(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand(
      "connect", "Put a container on a network, by an endpoint of its own, and print its id");
  auto options = std::make_shared<MembershipOptions>();
  command->add_option("NETWORK", options->network, "The network")->required();
  command->add_option("CONTAINER", options->container, "The container")->required();
  command->add_option("--ip", options->ip, "The address; HNS chooses one without it")
      ->type_name("IP");
  command->add_option("--mac", options->mac, "The MAC address")->type_name("MAC");
  command->add_option("--name", options->name, "The endpoint's name")->type_name("NAME");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return Create(invocation,
                    [&options](const client::Client& client) { return Connect(client, *options); });
    };
  });
}

absl::StatusOr<int> Disconnect(const MembershipOptions& options, const Invocation& invocation) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  v1::EndpointFilter filter;
  filter.set_network(options.network);
  filter.set_container_id(options.container);
  const auto endpoints = client->networks().ListEndpoints(filter);
  if (!endpoints.ok()) return endpoints.status();
  if (endpoints->empty()) {
    return absl::NotFoundError(
        absl::StrCat("container ", options.container, " is not on network ", options.network));
  }
  for (const v1::Endpoint& endpoint : *endpoints) {
    v1::DetachEndpointRequest detach;
    detach.set_endpoint(endpoint.id());
    detach.set_container_id(options.container);
    const auto left = client->networks().DetachEndpoint(detach);
    if (!left.ok()) return left.status();
    if (!left->shared_containers().empty()) continue;
    const auto deleted = client->networks().DeleteEndpoint(endpoint.id(), false);
    if (!deleted.ok()) return deleted.status();
  }
  return 0;
}

void AddDisconnect(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand(
      "disconnect", "Take a container off a network, and delete its endpoint there");
  auto options = std::make_shared<MembershipOptions>();
  command->add_option("NETWORK", options->network, "The network")->required();
  command->add_option("CONTAINER", options->container, "The container")->required();
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return Disconnect(*options, invocation); };
  });
}

absl::StatusOr<std::vector<NamedStatistics>> StatisticsOf(const client::Client& client,
                                                          const std::string& network) {
  v1::EndpointFilter filter;
  filter.set_network(network);
  const auto endpoints = client.networks().ListEndpoints(filter);
  if (!endpoints.ok()) return endpoints.status();
  std::vector<NamedStatistics> all;
  for (const v1::Endpoint& endpoint : *endpoints) {
    auto statistics = client.networks().GetEndpointStatistics(endpoint.id());
    if (absl::IsNotFound(statistics.status())) continue;
    if (!statistics.ok()) return statistics.status();
    all.push_back(
        {endpoint.name().empty() ? endpoint.id() : endpoint.name(), *std::move(statistics)});
  }
  return all;
}

void AddStats(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("stats", "Show what went through a network's endpoints");
  auto network = std::make_shared<std::string>();
  command->add_option("NAME", *network, "The network")->required();
  command->callback([network, &invocation] {
    invocation.action = [network, &invocation] {
      return PrintStatistics(invocation, [&network](const client::Client& client) {
        return StatisticsOf(client, *network);
      });
    };
  });
}

}  // namespace

void AddNetworkCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group = app.add_subcommand("network", "Networks that containers can be on");
  group->require_subcommand(1);
  AddCreate(*group, invocation);
  AddList(*group, invocation);
  AddInspect(*group, invocation);
  AddRemoval(*group, invocation, "networks", "Cut off and delete their endpoints",
             [](const client::Client& client, const std::string& name, bool force) {
               return client.networks().DeleteNetwork(name, force);
             });
  AddConnect(*group, invocation);
  AddDisconnect(*group, invocation);
  AddStats(*group, invocation);
}

}  // namespace hcs::ctl
