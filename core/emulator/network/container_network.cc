#include "core/emulator/network/container_network.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/attachments.h"
#include "core/emulator/network/hns_documents.h"
#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

// One endpoint to attach, and the field that asks for it.
struct Wish {
  std::string field;
  std::string endpoint;
  bool shared = false;
};

bool HasContainer(const Endpoint& endpoint, const std::string& container,
                  const std::string& runtime_id) {
  return std::any_of(endpoint.attachments.begin(), endpoint.attachments.end(),
                     [&](const Json& attachment) {
                       return StringField(attachment, "ContainerId") == container &&
                              StringField(attachment, "RuntimeId") == runtime_id;
                     });
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
  const std::optional<std::string> runtime_id = state.RuntimeIdOf(container);
  if (!runtime_id) {
    return {abi::ERROR_NOT_FOUND, field + ": there is no container \"" + container + "\""};
  }
  for (const auto& [id, endpoint] : state.model().endpoints()) {
    if (HasContainer(endpoint, container, *runtime_id)) wishes->push_back({field, id, true});
  }
  return {};
}

Status Attach(HnsState& state, const std::string& container, const Wish& wish) {
  if (wish.shared) return ShareEndpoint(state, wish.endpoint, container);
  const Json body = {{"ContainerId", container}, {"SystemType", "Container"}};
  const Outcome<Json> attached = AttachEndpoint(state, wish.endpoint, JsonToText(body));
  return attached.ok() ? Status() : attached.failure();
}

// The endpoint that a modification's settings are: its GUID or its document.
std::optional<std::string> EndpointOfSettings(const Json& request) {
  const Json* settings = FindField(request, "Settings");
  if (settings == nullptr) return std::nullopt;
  if (settings->is_string()) return ReadGuidText(settings->get_ref<const std::string&>());
  if (!settings->is_object()) return std::nullopt;
  const Outcome<Json> document = InHnsForm(*settings, kEndpointFields);
  if (!document.ok()) return std::nullopt;
  return ReadGuidText(StringField(*document, "ID"));
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

bool IsNetworkModification(const Json& request) {
  return StringField(request, "ResourceType") == "Network";
}

Status ModifyContainer(HnsState& state, const std::string& id, const Json& request) {
  const std::optional<std::string> endpoint = EndpointOfSettings(request);
  if (!endpoint) {
    return {abi::VMCOMPUTE_INVALID_JSON, "Settings is neither an endpoint nor the GUID of one"};
  }
  const std::string type = StringField(request, "RequestType");
  if (type == "Add") return Attach(state, id, {"Settings", *endpoint});
  if (type != "Remove") {
    return {abi::VMCOMPUTE_INVALID_JSON, R"(RequestType is not "Add" or "Remove")"};
  }
  const Outcome<Json> detached =
      DetachEndpoint(state, *endpoint, JsonToText({{"ContainerId", id}}));
  return detached.ok() ? Status() : detached.failure();
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
