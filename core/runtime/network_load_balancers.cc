// The policy lists' calls of NetworkOperations.

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/runtime/network_events.h"
#include "core/runtime/network_operations.h"
#include "core/runtime/network_requests.h"
#include "core/runtime/network_work.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kPageList = "load balancers";

// "NAT"; empty of one that the contract does not know.
std::string_view TypeOf(const v1::NetworkPolicy& policy) {
  const auto* field = policy.GetReflection()->GetOneofFieldDescriptor(
      policy, policy.GetDescriptor()->FindOneofByName("policy"));
  return field == nullptr ? std::string_view() : field->json_name();
}

// `endpoint` is an id here.
bool Matches(const v1::LoadBalancerFilter& filter, const v1::PolicyList& list) {
  const auto& references = list.references();
  const bool refers =
      filter.endpoint().empty() ||
      std::any_of(references.begin(), references.end(), [&filter](const std::string& reference) {
        return network::SameObjectId(reference.substr(reference.rfind('/') + 1), filter.endpoint());
      });
  const auto& policies = list.policies();
  const bool of_type =
      filter.policy_type().empty() ||
      std::any_of(policies.begin(), policies.end(), [&filter](const v1::NetworkPolicy& policy) {
        const std::string_view type = TypeOf(policy);
        return absl::EqualsIgnoreCase(filter.policy_type(),
                                      absl::string_view(type.data(), type.size()));
      });
  return refers && of_type;
}

absl::StatusOr<v1::ListLoadBalancersResponse> List(Services& services, const PagePlace& place,
                                                   v1::LoadBalancerFilter filter) {
  if (!filter.endpoint().empty()) {
    const auto endpoint = FindEndpoint(services, filter.endpoint());
    if (!endpoint.ok()) return endpoint.status();
    filter.set_endpoint(endpoint->id());
  }
  auto all = services.hns.List<v1::PolicyList>();
  if (!all.ok()) return all.status();
  auto page = PageOf(kPageList, *std::move(all), place.after, place.limit,
                     [&filter](const v1::PolicyList& list) { return Matches(filter, list); });
  v1::ListLoadBalancersResponse response;
  for (v1::PolicyList& list : page.documents) *response.add_policy_lists() = std::move(list);
  response.set_next_page_token(std::move(page.next));
  return response;
}

}  // namespace

void NetworkOperations::CreateLoadBalancer(const v1::CreateLoadBalancerRequest& request,
                                           CallContext context,
                                           Done<v1::CreateLoadBalancerResponse> done) {
  auto document = DocumentFrom(
      "policy_list", request.document_case() == v1::CreateLoadBalancerRequest::kRawDocument,
      request.policy_list(), request.raw_document());
  if (!document.ok()) return std::move(done)(document.status());
  ChangeHns<v1::CreateLoadBalancerRequest, v1::CreateLoadBalancerResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_,
       document = *std::move(document)]() -> absl::StatusOr<v1::CreateLoadBalancerResponse> {
        auto list = services.hns.Create<v1::PolicyList>(document);
        if (!list.ok()) return list.status();
        TellOf(services, v1::EVENT_TYPE_LOAD_BALANCER_CREATED, *list);
        v1::CreateLoadBalancerResponse response;
        *response.mutable_policy_list() = *std::move(list);
        return response;
      });
}

void NetworkOperations::GetLoadBalancer(const v1::GetLoadBalancerRequest& request,
                                        CallContext /*context*/,
                                        Done<v1::GetLoadBalancerResponse> done) {
  auto id = ObjectIdIn("id", request.id());
  if (!id.ok()) return std::move(done)(id.status());
  AskHns(services_, std::move(done),
         [&services = services_,
          id = *std::move(id)]() -> absl::StatusOr<v1::GetLoadBalancerResponse> {
           auto list = services.hns.Get<v1::PolicyList>(id);
           if (!list.ok()) return list.status();
           v1::GetLoadBalancerResponse response;
           *response.mutable_policy_list() = *std::move(list);
           return response;
         });
}

void NetworkOperations::ListLoadBalancers(const v1::ListLoadBalancersRequest& request,
                                          CallContext /*context*/,
                                          Done<v1::ListLoadBalancersResponse> done) {
  auto place = PlaceIn(kPageList, request);
  absl::Status valid = place.status();
  if (valid.ok() && !request.filter().endpoint().empty()) {
    valid = CheckIdOrName("filter.endpoint", request.filter().endpoint());
  }
  if (!valid.ok()) return std::move(done)(std::move(valid));
  AskHns(services_, std::move(done),
         [&services = services_, place = *std::move(place), filter = request.filter()] {
           return List(services, place, filter);
         });
}

void NetworkOperations::DeleteLoadBalancer(const v1::DeleteLoadBalancerRequest& request,
                                           CallContext context,
                                           Done<v1::DeleteLoadBalancerResponse> done) {
  auto id = ObjectIdIn("id", request.id());
  if (!id.ok()) return std::move(done)(id.status());
  ChangeHns<v1::DeleteLoadBalancerRequest, v1::DeleteLoadBalancerResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_,
       id = *std::move(id)]() -> absl::StatusOr<v1::DeleteLoadBalancerResponse> {
        absl::Status deleted = services.hns.Delete<v1::PolicyList>(id);
        if (!deleted.ok()) return deleted;
        v1::PolicyList list;
        list.set_id(id);
        TellOf(services, v1::EVENT_TYPE_LOAD_BALANCER_DELETED, list);
        return v1::DeleteLoadBalancerResponse();
      });
}

}  // namespace hcs::runtime
