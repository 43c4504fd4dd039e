// A container's networks, as run says them: an endpoint on each, which lives as long as
// the container.

#ifndef HCS_CLIENT_HCSCTL_NETWORK_OPTIONS_H_
#define HCS_CLIENT_HCSCTL_NETWORK_OPTIONS_H_

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"

namespace hcs::ctl {

struct NetworkOptions {
  std::vector<std::string> networks;
  std::vector<std::string> ports;  // As ParsePortMapping takes them.
};

// --network, -p. `options` must live until the command line is parsed.
void AddNetworkOptions(CLI::App& command, NetworkOptions& options);

// INVALID_ARGUMENT when they contradict each other.
absl::Status Check(const NetworkOptions& options);

// The name of the endpoint by which a container is on a network.
std::string EndpointNameFor(const std::string& container, const std::string& network);

// Creates an endpoint on each network, the first of which gets the ports, and lists them
// in the request, whose labels say that they go with the container. With an error, none
// stays.
absl::Status CreateEndpoints(const client::Client& client, const NetworkOptions& options,
                             v1::CreateContainerRequest* request);

// Deletes the endpoints that CreateEndpoints has noted in a container's labels, whoever
// else uses them. OK if they have gone.
absl::Status DeleteEndpoints(const client::Client& client,
                             const google::protobuf::Map<std::string, std::string>& labels);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_NETWORK_OPTIONS_H_
