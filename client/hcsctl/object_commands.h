// What the commands of networks, endpoints, namespaces and load balancers have in common.

#ifndef HCS_CLIENT_HCSCTL_OBJECT_COMMANDS_H_
#define HCS_CLIENT_HCSCTL_OBJECT_COMMANDS_H_

#include <CLI/App.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/hcsctl/invocation.h"
#include "client/hcsctl/json_output.h"
#include "client/hcsctl/network_text.h"

namespace hcs::ctl {

// Prints the id of what `create(client)` has made, or the whole of it as JSON.
template <typename CreateFunction>
absl::StatusOr<int> Create(const Invocation& invocation, CreateFunction create) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const auto created = create(*client);
  if (!created.ok()) return created.status();
  std::cout << (invocation.json ? ToJson(*created) : created->id()) << '\n';
  return 0;
}

// Prints what `list(client)` gives: ids, JSON, or `to_text` of it.
template <typename Message, typename ListFunction>
absl::StatusOr<int> List(const Invocation& invocation, bool quiet, ListFunction list,
                         std::string (*to_text)(const std::vector<Message>&)) {
  const auto client = invocation.Connect();
  if (!client.ok()) return client.status();
  const absl::StatusOr<std::vector<Message>> all = list(*client);
  if (!all.ok()) return all.status();
  if (quiet) {
    for (const Message& message : *all) std::cout << message.id() << '\n';
  } else {
    std::cout << (invocation.json ? ArrayOf(*all) + "\n" : to_text(*all));
  }
  return 0;
}

// A command that prints JSON of one object: indented for people.
using Describe =
    std::function<absl::StatusOr<std::string>(const client::Client&, const std::string& name)>;
void AddObjectCommand(CLI::App& group, Invocation& invocation, const std::string& command,
                      const std::string& description, const std::string& argument,
                      Describe describe);

// rm [-f] NAME...: whom `remove` cut off is said on stderr.
using Remove = std::function<absl::StatusOr<std::vector<v1::NetworkUser>>(
    const client::Client&, const std::string& name, bool force)>;
void AddRemoval(CLI::App& group, Invocation& invocation, const std::string& objects,
                const std::string& force_description, Remove remove);

// --document FILE|-: the host's own document instead of the other options.
void AddDocumentOption(CLI::App& command, std::string& path);

using Statistics =
    std::function<absl::StatusOr<std::vector<NamedStatistics>>(const client::Client&)>;
absl::StatusOr<int> PrintStatistics(const Invocation& invocation, const Statistics& statistics);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_OBJECT_COMMANDS_H_
