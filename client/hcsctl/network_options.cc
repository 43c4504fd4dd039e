#include "client/hcsctl/network_options.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/hcsctl/port_mapping.h"

namespace hcs::ctl {
namespace {

// Ids, with commas.
constexpr char kEndpointsLabel[] = "hcsctl.endpoints";

absl::StatusOr<v1::CreateEndpointRequest> EndpointRequestFor(const NetworkOptions& options,
                                                             const std::string& network,
                                                             const std::string& container,
                                                             bool with_ports) {
  v1::CreateEndpointRequest request;
  request.set_network(network);
  v1::Endpoint& endpoint = *request.mutable_endpoint();
  endpoint.set_name(EndpointNameFor(container, network));
  if (!with_ports) return request;
  for (const std::string& port : options.ports) {
    const auto mapping = ParsePortMapping("-p", port);
    if (!mapping.ok()) return mapping.status();
    *endpoint.add_policies() = NatPolicyOf(*mapping);
  }
  return request;
}

absl::Status DeleteAll(const client::Client& client, const std::vector<std::string>& ids) {
  absl::Status first;
  for (const std::string& id : ids) {
    absl::Status deleted = client.networks().DeleteEndpoint(id, true).status();
    if (!deleted.ok() && !absl::IsNotFound(deleted)) first.Update(deleted);
  }
  return first;
}

}  // namespace

void AddNetworkOptions(CLI::App& command, NetworkOptions& options) {
  command.add_option("--network", options.networks, "A network to be on; may repeat")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option("-p,--publish", options.ports,
                  "A port of the host that leads to one of the container's, on the first network; "
                  "may repeat")
      ->type_name("HOSTPORT:PORT[/udp]")
      ->allow_extra_args(false);
}

absl::Status Check(const NetworkOptions& options) {
  if (!options.ports.empty() && options.networks.empty()) {
    return absl::InvalidArgumentError("-p publishes a port of a network: name one with --network");
  }
  for (const std::string& port : options.ports) {
    const auto mapping = ParsePortMapping("-p", port);
    if (!mapping.ok()) return mapping.status();
  }
  return absl::OkStatus();
}

std::string EndpointNameFor(const std::string& container, const std::string& network) {
  return absl::StrCat(container, "-", network);
}

absl::Status CreateEndpoints(const client::Client& client, const NetworkOptions& options,
                             v1::CreateContainerRequest* request) {
  std::vector<std::string> ids;
  for (const std::string& network : options.networks) {
    const auto wanted = EndpointRequestFor(options, network, request->id(), ids.empty());
    absl::Status status = wanted.status();
    if (status.ok()) {
      const auto endpoint = client.networks().CreateEndpoint(*wanted);
      status = endpoint.status();
      if (status.ok()) ids.push_back(endpoint->id());
    }
    if (!status.ok()) {
      (void)DeleteAll(client, ids);
      return status;
    }
  }
  if (ids.empty()) return absl::OkStatus();
  for (const std::string& id : ids) request->mutable_config()->add_endpoint_list(id);
  (*request->mutable_labels())[kEndpointsLabel] = absl::StrJoin(ids, ",");
  return absl::OkStatus();
}

absl::Status DeleteEndpoints(const client::Client& client,
                             const google::protobuf::Map<std::string, std::string>& labels) {
  const auto label = labels.find(kEndpointsLabel);
  if (label == labels.end()) return absl::OkStatus();
  return DeleteAll(client, absl::StrSplit(label->second, ',', absl::SkipEmpty()));
}

}  // namespace hcs::ctl
