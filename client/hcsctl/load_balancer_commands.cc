#include <memory>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/commands.h"
#include "client/hcsctl/document_file.h"
#include "client/hcsctl/object_commands.h"
#include "client/hcsctl/port_mapping.h"

namespace hcs::ctl {
namespace {

struct CreateOptions {
  std::string document;
  std::vector<std::string> endpoints;
  std::vector<std::string> vips;
  std::vector<std::string> ports;
  std::string source_vip;
  bool internal = false;
};

// IP protocol numbers.
constexpr uint32_t kTcp = 6;
constexpr uint32_t kUdp = 17;

absl::StatusOr<v1::NetworkPolicy> PolicyFor(const CreateOptions& options, const std::string& port) {
  const auto mapping = ParsePortMapping("-p", port);
  if (!mapping.ok()) return mapping.status();
  v1::NetworkPolicy policy;
  v1::ElbPolicy& elb = *policy.mutable_elb();
  elb.set_protocol(mapping->protocol == "UDP" ? kUdp : kTcp);
  elb.set_external_port(mapping->external);
  elb.set_internal_port(mapping->internal);
  for (const std::string& vip : options.vips) elb.add_vips(vip);
  if (!options.source_vip.empty()) elb.set_source_vip(options.source_vip);
  if (options.internal) elb.set_ilb(true);
  return policy;
}

absl::StatusOr<v1::CreateLoadBalancerRequest> RequestFor(const client::Client& client,
                                                         const CreateOptions& options) {
  v1::CreateLoadBalancerRequest request;
  if (!options.document.empty()) {
    auto document = ReadDocument("loadbalancer create", options.document);
    if (!document.ok()) return document.status();
    request.set_raw_document(*std::move(document));
    return request;
  }
  if (options.endpoints.empty() || options.ports.empty()) {
    return absl::InvalidArgumentError(
        "loadbalancer create: endpoints and -p, or --document, are required");
  }
  v1::PolicyList& list = *request.mutable_policy_list();
  for (const std::string& port : options.ports) {
    auto policy = PolicyFor(options, port);
    if (!policy.ok()) return policy.status();
    *list.add_policies() = *std::move(policy);
  }
  for (const std::string& name : options.endpoints) {
    const auto endpoint = client.networks().GetEndpoint(name);
    if (!endpoint.ok()) return endpoint.status();
    list.add_references(absl::StrCat("/endpoints/", endpoint->endpoint().id()));
  }
  return request;
}

void AddCreate(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand(
      "create", "Spread what comes to a port over endpoints, and print the load balancer's id");
  auto options = std::make_shared<CreateOptions>();
  command->add_option("ENDPOINT", options->endpoints, "The endpoints, by name or id");
  command->add_option("-p,--port", options->ports, "A port, and the endpoints' own; may repeat")
      ->type_name("PORT:ENDPOINTPORT[/udp]")
      ->allow_extra_args(false);
  command->add_option("--vip", options->vips, "An address to listen on; may repeat")
      ->type_name("IP")
      ->allow_extra_args(false);
  command->add_option("--source-vip", options->source_vip, "What the endpoints see as the source")
      ->type_name("IP");
  command->add_flag("--internal", options->internal, "Not for traffic from outside");
  AddDocumentOption(*command, options->document);
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return Create(invocation,
                    [&options](const client::Client& client) -> absl::StatusOr<v1::PolicyList> {
                      const auto request = RequestFor(client, *options);
                      if (!request.ok()) return request.status();
                      return client.networks().CreateLoadBalancer(*request);
                    });
    };
  });
}

struct ListOptions {
  std::string endpoint;
  std::string type;
  bool quiet = false;
};

void AddList(CLI::App& group, Invocation& invocation) {
  CLI::App* command = group.add_subcommand("ls", "List the policy lists: load balancers, routes");
  auto options = std::make_shared<ListOptions>();
  command->add_option("--endpoint", options->endpoint, "Those of this endpoint")->type_name("NAME");
  command->add_option("--type", options->type, "Those with a policy of this type, such as ELB")
      ->type_name("TYPE");
  command->add_flag("-q,--quiet", options->quiet, "Print ids alone");
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return List<v1::PolicyList>(
          invocation, options->quiet,
          [&options](const client::Client& client) {
            v1::LoadBalancerFilter filter;
            filter.set_endpoint(options->endpoint);
            filter.set_policy_type(options->type);
            return client.networks().ListLoadBalancers(filter);
          },
          LoadBalancersText);
    };
  });
}

}  // namespace

void AddLoadBalancerCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* group =
      app.add_subcommand("loadbalancer", "Load balancers over endpoints: HNS' policy lists");
  group->require_subcommand(1);
  AddCreate(*group, invocation);
  AddList(*group, invocation);
  AddObjectCommand(
      *group, invocation, "inspect", "Print a load balancer, as JSON: HNS' document",
      "LOADBALANCER",
      [](const client::Client& client, const std::string& id) -> absl::StatusOr<std::string> {
        const auto list = client.networks().GetLoadBalancer(id);
        if (!list.ok()) return list.status();
        return ToJson(*list);
      });
  AddRemoval(*group, invocation, "load balancers", "No change: nothing uses one",
             [](const client::Client& client, const std::string& id,
                bool /*force*/) -> absl::StatusOr<std::vector<v1::NetworkUser>> {
               const absl::Status deleted = client.networks().DeleteLoadBalancer(id);
               if (!deleted.ok()) return deleted;
               return std::vector<v1::NetworkUser>();
             });
}

}  // namespace hcs::ctl
