#include "core/runtime/network_users.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/network/object_id.h"
#include "core/runtime/network_events.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

// Of users in a message.
constexpr size_t kMostNamed = 10;

constexpr char kContainer[] = "Container";
constexpr char kEndpoint[] = "Endpoint";

std::string Describe(const v1::NetworkUser& user) {
  switch (user.user_case()) {
    case v1::NetworkUser::kEndpointId:
      return user.endpoint_name().empty()
                 ? absl::StrCat("endpoint ", user.endpoint_id())
                 : absl::StrCat("endpoint ", user.endpoint_name(), " (", user.endpoint_id(), ")");
    case v1::NetworkUser::kContainerId: return absl::StrCat("container ", user.container_id());
    case v1::NetworkUser::kNamespaceId: return absl::StrCat("namespace ", user.namespace_id());
    case v1::NetworkUser::USER_NOT_SET: break;
  }
  return "something that is not known";
}

// OK, too, when there was nothing to do any more.
absl::Status UnlessGone(absl::Status status) {
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

v1::NetworkUser Through(const v1::Endpoint& endpoint) {
  v1::NetworkUser user;
  user.set_through_endpoint_id(endpoint.id());
  user.set_endpoint_name(endpoint.name());
  return user;
}

}  // namespace

absl::StatusOr<std::vector<v1::Endpoint>> EndpointsOf(Services& services,
                                                      const v1::Network& network) {
  auto all = services.hns.List<v1::Endpoint>();
  if (!all.ok()) return all.status();
  std::erase_if(*all, [&network](const v1::Endpoint& endpoint) {
    return !network::SameObjectId(endpoint.virtual_network(), network.id());
  });
  return all;
}

NetworkUsers UsersOf(const v1::Endpoint& endpoint) {
  NetworkUsers users;
  for (const std::string& container : endpoint.shared_containers()) {
    v1::NetworkUser& user = users.emplace_back(Through(endpoint));
    user.set_container_id(container);
  }
  if (!endpoint.namespace_().id().empty()) {
    v1::NetworkUser& user = users.emplace_back(Through(endpoint));
    user.set_namespace_id(endpoint.namespace_().id());
  }
  return users;
}

NetworkUsers UsersOf(const std::vector<v1::Endpoint>& endpoints) {
  NetworkUsers users;
  for (const v1::Endpoint& endpoint : endpoints) {
    v1::NetworkUser& user = users.emplace_back();
    user.set_endpoint_id(endpoint.id());
    user.set_endpoint_name(endpoint.name());
  }
  return users;
}

NetworkUsers UsersOf(const v1::Namespace& name_space) {
  NetworkUsers users;
  for (const v1::NamespaceResource& resource : name_space.resource_list()) {
    v1::NetworkUser& user = users.emplace_back();
    if (resource.type() == kContainer) {
      user.set_container_id(resource.data().id());
    } else {
      user.set_endpoint_id(resource.data().id());
    }
  }
  return users;
}

absl::Status CheckUnused(const std::string& object, const NetworkUsers& users) {
  if (users.empty()) return absl::OkStatus();
  std::vector<std::string> named;
  for (size_t i = 0; i < std::min(users.size(), kMostNamed); ++i) {
    named.push_back(Describe(users[i]));
  }
  std::string text = absl::StrCat(object, " is in use by ", absl::StrJoin(named, ", "));
  if (users.size() > kMostNamed)
    absl::StrAppend(&text, " and ", users.size() - kMostNamed, " more");
  return absl::FailedPreconditionError(text);
}

absl::Status CutOff(Services& services, const v1::Endpoint& endpoint, NetworkUsers* cut) {
  const std::string id = network::ObjectKey(endpoint.id());
  for (v1::NetworkUser& user : UsersOf(endpoint)) {
    if (user.has_container_id()) {
      v1::EndpointAttachment attachment;
      attachment.set_container_id(user.container_id());
      attachment.set_system_type(kContainer);
      absl::Status detached = UnlessGone(services.hns.Detach(id, attachment));
      if (!detached.ok()) return detached;
      TellOf(services, v1::EVENT_TYPE_ENDPOINT_DETACHED, endpoint, user.container_id());
    } else {
      v1::NamespaceResource resource;
      resource.set_type(kEndpoint);
      resource.mutable_data()->set_id(endpoint.id());
      absl::Status removed = UnlessGone(services.hns.RemoveResource(user.namespace_id(), resource));
      if (!removed.ok()) return removed;
      TellOf(services, v1::EVENT_TYPE_NAMESPACE_MODIFIED, endpoint.namespace_());
    }
    cut->push_back(std::move(user));
  }
  return absl::OkStatus();
}

absl::Status DeleteUnused(Services& services, const v1::Endpoint& endpoint) {
  const std::string id = network::ObjectKey(endpoint.id());
  absl::Status deleted = services.hns.Delete<v1::Endpoint>(id);
  if (!deleted.ok()) return deleted;
  services.endpoint_names.Remove(id);
  TellOf(services, v1::EVENT_TYPE_ENDPOINT_DELETED, endpoint);
  return absl::OkStatus();
}

}  // namespace hcs::runtime
