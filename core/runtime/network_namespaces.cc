// The namespaces' calls of NetworkOperations.

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/runtime/network_events.h"
#include "core/runtime/network_operations.h"
#include "core/runtime/network_requests.h"
#include "core/runtime/network_users.h"
#include "core/runtime/network_work.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kPageList = "namespaces";

constexpr char kEndpoint[] = "Endpoint";
constexpr char kContainer[] = "Container";

// What is to be put in or taken out: an endpoint by id or name, or a container.
struct WantedResource {
  std::string endpoint;
  std::string container_id;
};

template <typename Request>
absl::StatusOr<WantedResource> WantedIn(const Request& request) {
  absl::Status valid;
  switch (request.resource_case()) {
    case Request::kEndpoint: valid = CheckIdOrName("endpoint", request.endpoint()); break;
    case Request::kContainerId:
      valid = CheckContainerId("container_id", request.container_id());
      break;
    case Request::RESOURCE_NOT_SET:
      valid = document::InvalidField("resource", "endpoint or container_id must be set");
  }
  if (!valid.ok()) return valid;
  return WantedResource{request.endpoint(), request.container_id()};
}

absl::StatusOr<v1::NamespaceResource> ResourceOf(Services& services, const WantedResource& wanted) {
  v1::NamespaceResource resource;
  if (wanted.endpoint.empty()) {
    resource.set_type(kContainer);
    resource.mutable_data()->set_id(wanted.container_id);
    return resource;
  }
  const auto endpoint = FindEndpoint(services, wanted.endpoint);
  if (!endpoint.ok()) return endpoint.status();
  resource.set_type(kEndpoint);
  resource.mutable_data()->set_id(endpoint->id());
  return resource;
}

using Change = absl::Status (network::Hns::*)(std::string_view name_space,
                                              const v1::NamespaceResource& resource) const;

template <typename Request, typename Response>
void ChangeResource(Services& services, const Request& request, const CallContext& context,
                    Done<Response> done, Change change) {
  auto id = ObjectIdIn("id", request.id());
  auto wanted = WantedIn(request);
  if (!id.ok() || !wanted.ok()) return std::move(done)(id.ok() ? wanted.status() : id.status());
  ChangeHns<Request, Response>(services, services.network_changes, request, context,
                               std::move(done),
                               [&services, change, id = *std::move(id),
                                wanted = *std::move(wanted)]() -> absl::StatusOr<Response> {
                                 const auto resource = ResourceOf(services, wanted);
                                 if (!resource.ok()) return resource.status();
                                 absl::Status changed = (services.hns.*change)(id, *resource);
                                 if (!changed.ok()) return changed;
                                 auto name_space = services.hns.Get<v1::Namespace>(id);
                                 if (!name_space.ok()) return name_space.status();
                                 TellOf(services, v1::EVENT_TYPE_NAMESPACE_MODIFIED, *name_space);
                                 Response response;
                                 *response.mutable_namespace_() = *std::move(name_space);
                                 return response;
                               });
}

absl::Status TakeOut(Services& services, const std::string& id, const v1::Namespace& name_space,
                     NetworkUsers* cut) {
  NetworkUsers users = UsersOf(name_space);
  for (int i = 0; i < name_space.resource_list_size(); ++i) {
    absl::Status removed = services.hns.RemoveResource(id, name_space.resource_list(i));
    if (!removed.ok() && !absl::IsNotFound(removed)) return removed;
    cut->push_back(std::move(users[static_cast<size_t>(i)]));
    TellOf(services, v1::EVENT_TYPE_NAMESPACE_MODIFIED, name_space);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::DeleteNamespaceResponse> Delete(Services& services, const std::string& id,
                                                   bool force) {
  const auto name_space = services.hns.Get<v1::Namespace>(id);
  if (!name_space.ok()) return name_space.status();
  NetworkUsers cut;
  absl::Status status = force ? TakeOut(services, id, *name_space, &cut)
                              : CheckUnused(absl::StrCat("namespace ", id), UsersOf(*name_space));
  if (status.ok()) status = services.hns.Delete<v1::Namespace>(id);
  if (!status.ok()) return status;
  TellOf(services, v1::EVENT_TYPE_NAMESPACE_DELETED, *name_space);
  v1::DeleteNamespaceResponse response;
  for (v1::NetworkUser& user : cut) *response.add_cut() = std::move(user);
  return response;
}

}  // namespace

void NetworkOperations::CreateNamespace(const v1::CreateNamespaceRequest& request,
                                        CallContext context,
                                        Done<v1::CreateNamespaceResponse> done) {
  auto document =
      DocumentFrom("namespace", request.document_case() == v1::CreateNamespaceRequest::kRawDocument,
                   request.namespace_(), request.raw_document());
  if (!document.ok()) return std::move(done)(document.status());
  ChangeHns<v1::CreateNamespaceRequest, v1::CreateNamespaceResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_,
       document = *std::move(document)]() -> absl::StatusOr<v1::CreateNamespaceResponse> {
        auto name_space = services.hns.Create<v1::Namespace>(document);
        if (!name_space.ok()) return name_space.status();
        TellOf(services, v1::EVENT_TYPE_NAMESPACE_CREATED, *name_space);
        v1::CreateNamespaceResponse response;
        *response.mutable_namespace_() = *std::move(name_space);
        return response;
      });
}

void NetworkOperations::GetNamespace(const v1::GetNamespaceRequest& request,
                                     CallContext /*context*/, Done<v1::GetNamespaceResponse> done) {
  auto id = ObjectIdIn("id", request.id());
  if (!id.ok()) return std::move(done)(id.status());
  AskHns(
      services_, std::move(done),
      [&services = services_, id = *std::move(id)]() -> absl::StatusOr<v1::GetNamespaceResponse> {
        auto name_space = services.hns.Get<v1::Namespace>(id);
        if (!name_space.ok()) return name_space.status();
        v1::GetNamespaceResponse response;
        *response.mutable_namespace_() = *std::move(name_space);
        return response;
      });
}

void NetworkOperations::ListNamespaces(const v1::ListNamespacesRequest& request,
                                       CallContext /*context*/,
                                       Done<v1::ListNamespacesResponse> done) {
  auto place = PlaceIn(kPageList, request);
  if (!place.ok()) return std::move(done)(place.status());
  AskHns(services_, std::move(done),
         [&services = services_,
          place = *std::move(place)]() -> absl::StatusOr<v1::ListNamespacesResponse> {
           auto all = services.hns.List<v1::Namespace>();
           if (!all.ok()) return all.status();
           auto page = PageOf(kPageList, *std::move(all), place.after, place.limit,
                              [](const v1::Namespace&) { return true; });
           v1::ListNamespacesResponse response;
           for (v1::Namespace& name_space : page.documents) {
             *response.add_namespaces() = std::move(name_space);
           }
           response.set_next_page_token(std::move(page.next));
           return response;
         });
}

void NetworkOperations::DeleteNamespace(const v1::DeleteNamespaceRequest& request,
                                        CallContext context,
                                        Done<v1::DeleteNamespaceResponse> done) {
  auto id = ObjectIdIn("id", request.id());
  if (!id.ok()) return std::move(done)(id.status());
  ChangeHns<v1::DeleteNamespaceRequest, v1::DeleteNamespaceResponse>(
      services_, services_.network_changes, request, context, std::move(done),
      [&services = services_, id = *std::move(id), force = request.force()] {
        return Delete(services, id, force);
      });
}

void NetworkOperations::AddNamespaceResource(const v1::AddNamespaceResourceRequest& request,
                                             CallContext context,
                                             Done<v1::AddNamespaceResourceResponse> done) {
  ChangeResource(services_, request, context, std::move(done), &network::Hns::AddResource);
}

void NetworkOperations::RemoveNamespaceResource(const v1::RemoveNamespaceResourceRequest& request,
                                                CallContext context,
                                                Done<v1::RemoveNamespaceResourceResponse> done) {
  ChangeResource(services_, request, context, std::move(done), &network::Hns::RemoveResource);
}

}  // namespace hcs::runtime
