// Networks themselves; the other objects' calls are in network_endpoints.cc and so on.

#include "core/runtime/network_operations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/runtime/network_events.h"
#include "core/runtime/network_requests.h"
#include "core/runtime/network_users.h"
#include "core/runtime/network_work.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kPageList = "networks";

std::string KeyOf(const v1::Network& network) { return network::ObjectKey(network.id()); }

std::string Words(const v1::Network& network) {
  return absl::StrCat("network ", network.name().empty() ? network.id() : network.name());
}

bool Matches(const v1::NetworkFilter& filter, const v1::Network& network) {
  const auto& types = filter.types();
  const bool of_type =
      types.empty() || std::any_of(types.begin(), types.end(), [&network](const std::string& type) {
        return absl::EqualsIgnoreCase(type, network.type());
      });
  return of_type && network.name().starts_with(filter.name_prefix());
}

// Deletes every endpoint of it, whoever uses them.
absl::Status CutOffEndpoints(Services& services, const std::vector<v1::Endpoint>& endpoints,
                             NetworkUsers* cut) {
  NetworkUsers users = UsersOf(endpoints);
  for (size_t i = 0; i < endpoints.size(); ++i) {
    absl::Status status = CutOff(services, endpoints[i], cut);
    if (status.ok()) status = DeleteUnused(services, endpoints[i]);
    if (!status.ok() && !absl::IsNotFound(status)) return status;
    cut->push_back(std::move(users[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::DeleteNetworkResponse> Delete(Services& services, const std::string& name,
                                                 bool force) {
  const auto network = FindNetwork(services, name);
  if (!network.ok()) return network.status();
  const auto endpoints = EndpointsOf(services, *network);
  if (!endpoints.ok()) return endpoints.status();
  NetworkUsers cut;
  absl::Status status = force ? CutOffEndpoints(services, *endpoints, &cut)
                              : CheckUnused(Words(*network), UsersOf(*endpoints));
  if (status.ok()) status = services.hns.Delete<v1::Network>(KeyOf(*network));
  if (!status.ok()) return status;
  services.network_names.Remove(KeyOf(*network));
  TellOf(services, v1::EVENT_TYPE_NETWORK_DELETED, *network);
  v1::DeleteNetworkResponse response;
  for (v1::NetworkUser& user : cut) *response.add_cut() = std::move(user);
  return response;
}

}  // namespace

void NetworkOperations::CreateNetwork(const v1::CreateNetworkRequest& request, CallContext context,
                                      Done<v1::CreateNetworkResponse> done) {
  auto document =
      DocumentFrom("network", request.document_case() == v1::CreateNetworkRequest::kRawDocument,
                   request.network(), request.raw_document());
  if (!document.ok()) return std::move(done)(document.status());
  ChangeHns<v1::CreateNetworkRequest, v1::CreateNetworkResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_,
       document = *std::move(document)]() -> absl::StatusOr<v1::CreateNetworkResponse> {
        auto network = services.hns.Create<v1::Network>(document);
        if (!network.ok()) return network.status();
        services.network_names.Set(KeyOf(*network), network->name());
        TellOf(services, v1::EVENT_TYPE_NETWORK_CREATED, *network);
        v1::CreateNetworkResponse response;
        *response.mutable_network() = *std::move(network);
        return response;
      });
}

void NetworkOperations::GetNetwork(const v1::GetNetworkRequest& request, CallContext /*context*/,
                                   Done<v1::GetNetworkResponse> done) {
  if (absl::Status valid = CheckIdOrName("network", request.network()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  AskHns(services_, std::move(done),
         [&services = services_, name = request.network(),
          with_users = request.with_users()]() -> absl::StatusOr<v1::GetNetworkResponse> {
           auto network = FindNetwork(services, name);
           if (!network.ok()) return network.status();
           v1::GetNetworkResponse response;
           if (with_users) {
             const auto endpoints = EndpointsOf(services, *network);
             if (!endpoints.ok()) return endpoints.status();
             for (v1::NetworkUser& user : UsersOf(*endpoints)) {
               *response.add_users() = std::move(user);
             }
           }
           *response.mutable_network() = *std::move(network);
           return response;
         });
}

void NetworkOperations::ListNetworks(const v1::ListNetworksRequest& request,
                                     CallContext /*context*/, Done<v1::ListNetworksResponse> done) {
  auto place = PlaceIn(kPageList, request);
  if (!place.ok()) return std::move(done)(place.status());
  AskHns(services_, std::move(done),
         [&services = services_, place = *std::move(place),
          filter = request.filter()]() -> absl::StatusOr<v1::ListNetworksResponse> {
           auto all = services.hns.List<v1::Network>();
           if (!all.ok()) return all.status();
           auto page =
               PageOf(kPageList, *std::move(all), place.after, place.limit,
                      [&filter](const v1::Network& network) { return Matches(filter, network); });
           v1::ListNetworksResponse response;
           for (v1::Network& network : page.documents) {
             *response.add_networks() = std::move(network);
           }
           response.set_next_page_token(std::move(page.next));
           return response;
         });
}

void NetworkOperations::ModifyNetwork(const v1::ModifyNetworkRequest& request, CallContext context,
                                      Done<v1::ModifyNetworkResponse> done) {
  absl::Status valid = CheckIdOrName("network", request.network());
  auto change = ChangeIn(request);
  if (valid.ok()) valid = change.status();
  if (!valid.ok()) return std::move(done)(std::move(valid));
  ChangeHns<v1::ModifyNetworkRequest, v1::ModifyNetworkResponse>(
      services_, services_.network_modifications, request, context, std::move(done),
      [&services = services_, name = request.network(),
       change = *std::move(change)]() -> absl::StatusOr<v1::ModifyNetworkResponse> {
        const auto network = FindNetwork(services, name);
        if (!network.ok()) return network.status();
        auto changed = services.hns.Change<v1::Network>(KeyOf(*network), change);
        if (!changed.ok()) return changed.status();
        services.network_names.Set(KeyOf(*changed), changed->name());
        TellOf(services, v1::EVENT_TYPE_NETWORK_MODIFIED, *changed);
        v1::ModifyNetworkResponse response;
        *response.mutable_network() = *std::move(changed);
        return response;
      });
}

void NetworkOperations::DeleteNetwork(const v1::DeleteNetworkRequest& request, CallContext context,
                                      Done<v1::DeleteNetworkResponse> done) {
  if (absl::Status valid = CheckIdOrName("network", request.network()); !valid.ok()) {
    return std::move(done)(std::move(valid));
  }
  ChangeHns<v1::DeleteNetworkRequest, v1::DeleteNetworkResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_, name = request.network(), force = request.force()] {
        return Delete(services, name, force);
      });
}

}  // namespace hcs::runtime
