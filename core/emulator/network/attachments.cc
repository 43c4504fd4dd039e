#include "core/emulator/network/attachments.h"

#include <array>
#include <string_view>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/endpoint_view.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/hns_documents.h"

namespace hcs::emulator::hns {
namespace {

constexpr char kContainer[] = "Container";
constexpr char kHost[] = "Host";
constexpr std::array<const char*, 3> kSystemTypes = {kContainer, "VirtualMachine", kHost};

Status NotFound(std::string message) { return {abi::ERROR_NOT_FOUND, std::move(message)}; }

std::string HolderOf(const Json& attachment) {
  const std::string container = StringField(attachment, "ContainerId");
  return container.empty() ? "the host" : "container " + container;
}

Json RecordOf(const Json& document, const Json& attachments) {
  return {{"Document", document}, {"Attachments", attachments}};
}

// The endpoint with other attachments, written down.
Status PutAttachments(HnsState& state, const std::string& id, Json attachments) {
  Json document = state.model().FindEndpoint(id)->document;
  Json containers = Json::array();
  for (const Json& attachment : attachments) {
    const std::string container = StringField(attachment, "ContainerId");
    if (!container.empty()) containers.push_back(container);
  }
  document["State"] = attachments.empty()      ? kDetached
                      : attachments.size() > 1 ? kAttachedSharing
                                               : kAttached;
  document["SharedContainers"] = std::move(containers);
  return state.Put(Kind::kEndpoint, id, RecordOf(document, attachments));
}

Outcome<Json> ReadAttachment(HnsState& state, const std::string& body) {
  Outcome<Json> read = ReadBody(body, kAttachFields);
  if (!read.ok()) return read;
  Json attachment = *std::move(read);
  const std::string type = StringField(attachment, "SystemType");
  const std::string container = StringField(attachment, "ContainerId");
  std::string known = type.empty() ? kContainer : "";
  for (const char* name : kSystemTypes) {
    if (SameName(name, type)) known = name;
  }
  if (known.empty()) {
    return Status{abi::ERROR_INVALID_PARAMETER, "SystemType is not known: \"" + type + "\""};
  }
  attachment["SystemType"] = known;
  if (known == kHost) return attachment;
  if (known != kContainer) {
    return Status{abi::HCN_E_REQUEST_UNSUPPORTED, "SystemType: this host has no virtual machines"};
  }
  if (container.empty()) {
    return Status{abi::ERROR_INVALID_PARAMETER, "ContainerId is missing"};
  }
  const std::optional<std::string> runtime_id = state.RuntimeIdOf(container);
  if (!runtime_id) return NotFound("ContainerId: there is no container \"" + container + "\"");
  attachment["RuntimeId"] = *runtime_id;
  return attachment;
}

Status AddAttachment(HnsState& state, const std::string& id, const Json& attachment) {
  const Endpoint& endpoint = *state.model().FindEndpoint(id);
  const Json before = RecordOf(endpoint.document, endpoint.attachments);
  Json attachments = endpoint.attachments;
  attachments.push_back(attachment);
  if (Status status = PutAttachments(state, id, std::move(attachments)); !status.ok()) {
    return status;
  }
  if (state.datapath() == nullptr) return {};
  Status attached =
      state.datapath()->EndpointAttached(state.model().FindEndpoint(id)->document, attachment);
  if (!attached.ok()) state.Put(Kind::kEndpoint, id, before);
  return attached;
}

Status CheckAttachable(HnsState& state, const Endpoint& endpoint) {
  if (BoolField(endpoint.document, "IsRemoteEndpoint")) {
    return {kRemoteEndpoint, "IsRemoteEndpoint is true"};
  }
  if (state.model().FindNetwork(endpoint.network) == nullptr) {
    return state.Missing(Kind::kNetwork, endpoint.network, abi::HCN_E_NETWORK_NOT_FOUND);
  }
  return {};
}

// Detaches those that `gone` is true of, if there are any.
template <typename Predicate>
Status Drop(HnsState& state, const std::string& id, Predicate gone) {
  const Json all = state.model().FindEndpoint(id)->attachments;
  Json stay = Json::array();
  Json go = Json::array();
  for (const Json& attachment : all) (gone(attachment) ? go : stay).push_back(attachment);
  if (go.empty()) return {};
  if (Status status = PutAttachments(state, id, std::move(stay)); !status.ok()) return status;
  if (state.datapath() == nullptr) return {};
  const Json& document = state.model().FindEndpoint(id)->document;
  for (const Json& attachment : go) state.datapath()->EndpointDetached(document, attachment);
  return {};
}

}  // namespace

Outcome<Json> AttachEndpoint(HnsState& state, const std::string& id, const std::string& body) {
  if (state.model().FindEndpoint(id) == nullptr) {
    return state.Missing(Kind::kEndpoint, id, abi::HCN_E_ENDPOINT_NOT_FOUND);
  }
  const Outcome<Json> attachment = ReadAttachment(state, body);
  if (!attachment.ok()) return attachment;
  if (Status status = DropStaleAttachments(state, id); !status.ok()) return status;
  const Endpoint& endpoint = *state.model().FindEndpoint(id);
  if (Status status = CheckAttachable(state, endpoint); !status.ok()) return status;
  if (!endpoint.attachments.empty()) {
    return Status{abi::HCN_E_ENDPOINT_ALREADY_ATTACHED,
                  "to " + HolderOf(endpoint.attachments.front())};
  }
  if (Status status = AddAttachment(state, id, *attachment); !status.ok()) return status;
  return ViewOfEndpoint(state.model(), id);
}

Outcome<Json> DetachEndpoint(HnsState& state, const std::string& id, const std::string& body) {
  if (state.model().FindEndpoint(id) == nullptr) {
    return state.Missing(Kind::kEndpoint, id, abi::HCN_E_ENDPOINT_NOT_FOUND);
  }
  const Outcome<Json> request = ReadBody(body, kAttachFields);
  if (!request.ok()) return request;
  if (Status status = DropStaleAttachments(state, id); !status.ok()) return status;
  const std::string container = StringField(*request, "ContainerId");
  const auto meant = [&](const Json& attachment) {
    return container.empty() || StringField(attachment, "ContainerId") == container;
  };
  bool found = false;
  for (const Json& attachment : state.model().FindEndpoint(id)->attachments) {
    found = found || meant(attachment);
  }
  if (!found) {
    return NotFound("the endpoint is not attached" +
                    (container.empty() ? "" : " to container " + container));
  }
  if (Status status = Drop(state, id, meant); !status.ok()) return status;
  return ViewOfEndpoint(state.model(), id);
}

Status ShareEndpoint(HnsState& state, const std::string& id, const std::string& container) {
  const std::optional<std::string> runtime_id = state.RuntimeIdOf(container);
  if (!runtime_id) return NotFound("there is no container \"" + container + "\"");
  const Endpoint* endpoint = state.model().FindEndpoint(id);
  if (endpoint == nullptr) {
    return state.Missing(Kind::kEndpoint, id, abi::HCN_E_ENDPOINT_NOT_FOUND);
  }
  if (Status status = CheckAttachable(state, *endpoint); !status.ok()) return status;
  return AddAttachment(
      state, id,
      {{"ContainerId", container}, {"SystemType", kContainer}, {"RuntimeId", *runtime_id}});
}

Status DropStaleAttachments(HnsState& state, const std::string& id) {
  const Endpoint* endpoint = state.model().FindEndpoint(id);
  if (endpoint == nullptr || endpoint->attachments.empty()) return {};
  return Drop(state, id, [&](const Json& attachment) {
    const std::string container = StringField(attachment, "ContainerId");
    // Another container under the same id has another RuntimeId.
    return !container.empty() &&
           state.RuntimeIdOf(container) != StringField(attachment, "RuntimeId");
  });
}

void DetachAll(HnsState& state, const std::string& id) {
  const Endpoint* endpoint = state.model().FindEndpoint(id);
  if (endpoint == nullptr || state.datapath() == nullptr) return;
  for (const Json& attachment : endpoint->attachments) {
    state.datapath()->EndpointDetached(endpoint->document, attachment);
  }
}

}  // namespace hcs::emulator::hns
