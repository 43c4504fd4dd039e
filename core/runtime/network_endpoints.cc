// The endpoints' calls of NetworkOperations.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/runtime/network_events.h"
#include "core/runtime/network_operations.h"
#include "core/runtime/network_requests.h"
#include "core/runtime/network_users.h"
#include "core/runtime/network_work.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kPageList = "endpoints";

std::string KeyOf(const v1::Endpoint& endpoint) { return network::ObjectKey(endpoint.id()); }

std::string Words(const v1::Endpoint& endpoint) {
  return absl::StrCat("endpoint ", endpoint.name().empty() ? endpoint.id() : endpoint.name());
}

// What a request for an endpoint says of its network, the field `network` first.
constexpr std::string_view kIdField = "endpoint.VirtualNetwork";
struct WantedNetwork {
  std::string_view field;
  std::string id_or_name;
};
WantedNetwork WantedIn(const v1::CreateEndpointRequest& request) {
  const v1::Endpoint& endpoint = request.endpoint();
  if (!request.network().empty()) return {"network", request.network()};
  if (!endpoint.virtual_network().empty()) {
    return {kIdField, endpoint.virtual_network()};
  }
  return {"endpoint.VirtualNetworkName", endpoint.virtual_network_name()};
}

absl::Status CheckWanted(const WantedNetwork& wanted) {
  if (wanted.id_or_name.empty()) {
    return document::InvalidField("network", "must be set, or be in the document");
  }
  if (wanted.field == kIdField) return ObjectIdIn(kIdField, wanted.id_or_name).status();
  return CheckIdOrName(wanted.field, wanted.id_or_name);
}

absl::StatusOr<v1::CreateEndpointResponse> Create(Services& services, const WantedNetwork& wanted,
                                                  const std::string& document) {
  std::string whole = document;
  if (!wanted.id_or_name.empty()) {
    const auto network = FindNetwork(services, wanted.id_or_name);
    if (!network.ok()) return network.status();
    v1::Endpoint place;
    place.set_virtual_network(network->id());
    auto change = network::ChangeTo(place, {});
    if (!change.ok()) return change.status();
    // The id says it all; a name beside it could only contradict.
    change->removed.emplace_back("VirtualNetworkName");
    whole = network::Changed(document, *change);
  }
  auto endpoint = services.hns.Create<v1::Endpoint>(whole);
  if (!endpoint.ok()) return endpoint.status();
  services.endpoint_names.Set(KeyOf(*endpoint), endpoint->name());
  TellOf(services, v1::EVENT_TYPE_ENDPOINT_CREATED, *endpoint);
  v1::CreateEndpointResponse response;
  *response.mutable_endpoint() = *std::move(endpoint);
  return response;
}

bool Matches(const v1::EndpointFilter& filter, const v1::Endpoint& endpoint) {
  const auto& containers = endpoint.shared_containers();
  const bool attached =
      filter.container_id().empty() ||
      std::find(containers.begin(), containers.end(), filter.container_id()) != containers.end();
  const bool in_namespace =
      filter.namespace_id().empty() ||
      network::SameObjectId(filter.namespace_id(), endpoint.namespace_().id());
  const bool of_network = filter.network().empty() ||
                          network::SameObjectId(filter.network(), endpoint.virtual_network());
  return attached && in_namespace && of_network &&
         endpoint.name().starts_with(filter.name_prefix());
}

absl::StatusOr<v1::ListEndpointsResponse> List(Services& services, const PagePlace& place,
                                               v1::EndpointFilter filter) {
  if (!filter.network().empty()) {
    const auto network = FindNetwork(services, filter.network());
    if (!network.ok()) return network.status();
    filter.set_network(network->id());
  }
  auto all = services.hns.List<v1::Endpoint>();
  if (!all.ok()) return all.status();
  auto page = PageOf(kPageList, *std::move(all), place.after, place.limit,
                     [&filter](const v1::Endpoint& endpoint) { return Matches(filter, endpoint); });
  v1::ListEndpointsResponse response;
  for (v1::Endpoint& endpoint : page.documents) *response.add_endpoints() = std::move(endpoint);
  response.set_next_page_token(std::move(page.next));
  return response;
}

absl::Status CheckFilter(const v1::EndpointFilter& filter) {
  if (!filter.network().empty()) {
    absl::Status valid = CheckIdOrName("filter.network", filter.network());
    if (!valid.ok()) return valid;
  }
  if (filter.namespace_id().empty()) return absl::OkStatus();
  return ObjectIdIn("filter.namespace_id", filter.namespace_id()).status();
}

absl::StatusOr<v1::DeleteEndpointResponse> Delete(Services& services, const std::string& name,
                                                  bool force) {
  const auto endpoint = FindEndpoint(services, name);
  if (!endpoint.ok()) return endpoint.status();
  NetworkUsers cut;
  absl::Status status =
      force ? CutOff(services, *endpoint, &cut) : CheckUnused(Words(*endpoint), UsersOf(*endpoint));
  if (status.ok()) status = DeleteUnused(services, *endpoint);
  if (!status.ok()) return status;
  v1::DeleteEndpointResponse response;
  for (v1::NetworkUser& user : cut) *response.add_cut() = std::move(user);
  return response;
}

}  // namespace

void NetworkOperations::CreateEndpoint(const v1::CreateEndpointRequest& request,
                                       CallContext context, Done<v1::CreateEndpointResponse> done) {
  const bool is_raw = request.document_case() == v1::CreateEndpointRequest::kRawDocument;
  auto document = DocumentFrom("endpoint", is_raw, request.endpoint(), request.raw_document());
  absl::Status valid = document.status();
  WantedNetwork wanted = WantedIn(request);
  if (valid.ok() && (!is_raw || !wanted.id_or_name.empty())) {
    valid = CheckWanted(wanted);
  }
  if (!valid.ok()) return std::move(done)(std::move(valid));
  ChangeHns<v1::CreateEndpointRequest, v1::CreateEndpointResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_, wanted = std::move(wanted), document = *std::move(document)] {
        return Create(services, wanted, document);
      });
}

void NetworkOperations::GetEndpoint(const v1::GetEndpointRequest& request, CallContext /*context*/,
                                    Done<v1::GetEndpointResponse> done) {
  if (absl::Status valid = CheckIdOrName("endpoint", request.endpoint()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  AskHns(services_, std::move(done),
         [&services = services_,
          name = request.endpoint()]() -> absl::StatusOr<v1::GetEndpointResponse> {
           auto endpoint = FindEndpoint(services, name);
           if (!endpoint.ok()) return endpoint.status();
           v1::GetEndpointResponse response;
           for (v1::NetworkUser& user : UsersOf(*endpoint)) {
             *response.add_users() = std::move(user);
           }
           *response.mutable_endpoint() = *std::move(endpoint);
           return response;
         });
}

void NetworkOperations::ListEndpoints(const v1::ListEndpointsRequest& request,
                                      CallContext /*context*/,
                                      Done<v1::ListEndpointsResponse> done) {
  auto place = PlaceIn(kPageList, request);
  absl::Status valid = place.status();
  if (valid.ok()) valid = CheckFilter(request.filter());
  if (!valid.ok()) return std::move(done)(std::move(valid));
  AskHns(services_, std::move(done),
         [&services = services_, place = *std::move(place), filter = request.filter()] {
           return List(services, place, filter);
         });
}

void NetworkOperations::ModifyEndpoint(const v1::ModifyEndpointRequest& request,
                                       CallContext context, Done<v1::ModifyEndpointResponse> done) {
  absl::Status valid = CheckIdOrName("endpoint", request.endpoint());
  auto change = ChangeIn(request);
  if (valid.ok()) valid = change.status();
  if (!valid.ok()) return std::move(done)(std::move(valid));
  ChangeHns<v1::ModifyEndpointRequest, v1::ModifyEndpointResponse>(
      services_, services_.network_modifications, request, context, std::move(done),
      [&services = services_, name = request.endpoint(),
       change = *std::move(change)]() -> absl::StatusOr<v1::ModifyEndpointResponse> {
        const auto endpoint = FindEndpoint(services, name);
        if (!endpoint.ok()) return endpoint.status();
        auto changed = services.hns.Change<v1::Endpoint>(KeyOf(*endpoint), change);
        if (!changed.ok()) return changed.status();
        services.endpoint_names.Set(KeyOf(*changed), changed->name());
        TellOf(services, v1::EVENT_TYPE_ENDPOINT_MODIFIED, *changed);
        v1::ModifyEndpointResponse response;
        *response.mutable_endpoint() = *std::move(changed);
        return response;
      });
}

void NetworkOperations::DeleteEndpoint(const v1::DeleteEndpointRequest& request,
                                       CallContext context, Done<v1::DeleteEndpointResponse> done) {
  if (absl::Status valid = CheckIdOrName("endpoint", request.endpoint()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  ChangeHns<v1::DeleteEndpointRequest, v1::DeleteEndpointResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_, name = request.endpoint(), force = request.force()] {
        return Delete(services, name, force);
      });
}

void NetworkOperations::GetEndpointStatistics(const v1::GetEndpointStatisticsRequest& request,
                                              CallContext /*context*/,
                                              Done<v1::GetEndpointStatisticsResponse> done) {
  if (absl::Status valid = CheckIdOrName("endpoint", request.endpoint()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  AskHns(services_, std::move(done),
         [&services = services_,
          name = request.endpoint()]() -> absl::StatusOr<v1::GetEndpointStatisticsResponse> {
           auto id = network::ParseObjectId(name);
           if (!id) {
             const auto endpoint = FindEndpoint(services, name);
             if (!endpoint.ok()) return endpoint.status();
             id = KeyOf(*endpoint);
           }
           auto statistics = services.hns.GetStatistics(*id);
           if (!statistics.ok()) return statistics.status();
           v1::GetEndpointStatisticsResponse response;
           *response.mutable_statistics() = *std::move(statistics);
           return response;
         });
}

}  // namespace hcs::runtime
