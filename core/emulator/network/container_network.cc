#include "core/emulator/network/container_network.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/attachments.h"
#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

// One endpoint to attach, and the field that asks for it.
struct Wish {
  std::string field;
  std::string endpoint;
  bool shared = false;
};

bool HasContainer(const Endpoint& endpoint, const std::string& container) {
  for (const Json& attachment : endpoint.attachments) {
    if (StringField(attachment, "ContainerId") == container) return true;
  }
  return false;
}

Status AddNameSpace(HnsState& state, const std::string& name, std::vector<Wish>* wishes) {
  const std::string field = "Container.Networking.Namespace";
  const std::optional<std::string> id = ReadGuidText(name);
  const NameSpace* space = id ? state.model().FindNameSpace(*id) : nullptr;
  if (space == nullptr) {
    return {abi::ERROR_NOT_FOUND, field + ": there is no namespace \"" + name + "\""};
  }
  for (const std::string& endpoint : space->endpoints) wishes->push_back({field, endpoint});
  return {};
}

Status AddShared(HnsState& state, const std::string& container, std::vector<Wish>* wishes) {
  const std::string field = "NetworkSharedContainerName";
  if (!state.RuntimeIdOf(container)) {
    return {abi::ERROR_NOT_FOUND, field + ": there is no container \"" + container + "\""};
  }
  for (const auto& [id, endpoint] : state.model().endpoints()) {
    if (HasContainer(endpoint, container)) wishes->push_back({field, id, true});
  }
  return {};
}

Status Attach(HnsState& state, const std::string& container, const Wish& wish) {
  if (wish.shared) return ShareEndpoint(state, wish.endpoint, container);
  const Json body = {{"ContainerId", container}, {"SystemType", "Container"}};
  const Outcome<Json> attached = AttachEndpoint(state, wish.endpoint, JsonToText(body));
  return attached.ok() ? Status() : attached.failure();
}

}  // namespace

ContainerNetwork ContainerNetworkOf(const Json& document) {
  ContainerNetwork network;
  if (const Json* endpoints = FindField(document, "EndpointList")) {
    for (const Json& endpoint : *endpoints) {
      if (endpoint.is_string()) network.endpoints.push_back(endpoint.get<std::string>());
    }
  }
  network.shared_with = StringField(document, "NetworkSharedContainerName");
  const Json* container = FindField(document, "Container");
  const Json* networking = container == nullptr ? nullptr : FindField(*container, "Networking");
  if (networking == nullptr) return network;
  network.name_space = StringField(*networking, "Namespace");
  if (network.shared_with.empty()) {
    network.shared_with = StringField(*networking, "NetworkSharedContainerName");
  }
  return network;
}

Status AttachContainer(HnsState& state, const std::string& id, const ContainerNetwork& network) {
  std::vector<Wish> wishes;
  for (size_t i = 0; i < network.endpoints.size(); ++i) {
    const std::string field = "EndpointList[" + std::to_string(i) + "]";
    const std::optional<std::string> endpoint = ReadGuidText(network.endpoints[i]);
    if (!endpoint) return {abi::HCN_E_ENDPOINT_NOT_FOUND, field + " is not a GUID"};
    wishes.push_back({field, *endpoint});
  }
  if (!network.name_space.empty()) {
    Status status = AddNameSpace(state, network.name_space, &wishes);
    if (!status.ok()) return status;
  }
  if (!network.shared_with.empty()) {
    Status status = AddShared(state, network.shared_with, &wishes);
    if (!status.ok()) return status;
  }
  std::vector<std::string> attached;
  for (const Wish& wish : wishes) {
    Status status = Attach(state, id, wish);
    if (status.ok()) {
      attached.push_back(wish.endpoint);
      continue;
    }
    const std::string body = JsonToText({{"ContainerId", id}});
    for (const std::string& endpoint : attached) {
      static_cast<void>(DetachEndpoint(state, endpoint, body));
    }
    status.message = wish.field + ": " + status.message;
    return status;
  }
  return {};
}

}  // namespace hcs::emulator::hns
