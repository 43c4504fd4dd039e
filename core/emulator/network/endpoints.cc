#include "core/emulator/network/endpoints.h"

#include <string_view>
#include <utility>
#include <vector>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/attachments.h"
#include "core/emulator/network/endpoint_claims.h"
#include "core/emulator/network/endpoint_view.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/hns_documents.h"
#include "core/emulator/network/policy_document.h"
#include "core/emulator/network/references.h"
#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

// What an endpoint is, for as long as it is there.
constexpr const char* kFixed[] = {"ID",
                                  "VirtualNetwork",
                                  "VirtualNetworkName",
                                  "MacAddress",
                                  "IPAddress",
                                  "IPv6Address",
                                  "PrefixLength",
                                  "IPv6PrefixLength",
                                  "GatewayAddress",
                                  "GatewayAddressV6",
                                  "IsRemoteEndpoint"};
// What HNS alone says.
constexpr const char* kOwn[] = {"State", "SharedContainers", "Namespace"};

Status Invalid(std::string message) { return {abi::HCN_E_INVALID_ENDPOINT, std::move(message)}; }

Status Missing(HnsState& state, const std::string& id) {
  return state.Missing(Kind::kEndpoint, id, abi::HCN_E_ENDPOINT_NOT_FOUND);
}

// The network that the document names, by id or by name.
Outcome<std::string> NetworkOf(HnsState& state, const Json& document) {
  const Outcome<std::string> id =
      GuidField(document, "VirtualNetwork", abi::HCN_E_INVALID_ENDPOINT);
  if (!id.ok()) return id;
  const std::string name = StringField(document, "VirtualNetworkName");
  if (id->empty() && name.empty()) return Invalid("VirtualNetwork is missing");
  HnsModel& model = state.model();
  const Network* network = id->empty() ? model.FindNetworkByName(name) : model.FindNetwork(*id);
  if (network == nullptr) {
    if (id->empty()) return Status{abi::HCN_E_NETWORK_NOT_FOUND, "VirtualNetworkName: " + name};
    return state.Missing(Kind::kNetwork, *id, abi::HCN_E_NETWORK_NOT_FOUND);
  }
  if (!name.empty() && model.FindNetworkByName(name) != network) {
    return Invalid("VirtualNetworkName is not that of VirtualNetwork: \"" + name + "\"");
  }
  return StringField(network->document, "ID");
}

Outcome<std::string> IdFor(HnsState& state, const Json& document) {
  Outcome<std::string> id = GuidField(document, "ID", abi::HCN_E_INVALID_ENDPOINT);
  if (!id.ok()) return id;
  if (id->empty()) return NewGuidText();
  if (state.model().FindEndpoint(*id) == nullptr) return id;
  return Status{kObjectExists, "ID is that of another endpoint: " + *id};
}

Status CheckRemote(const Json& document) {
  if (!BoolField(document, "IsRemoteEndpoint")) return {};
  if (document.contains("IPAddress") || document.contains("IPv6Address")) return {};
  return Invalid("IsRemoteEndpoint: the IPAddress is the remote one, and is missing");
}

void InheritFromNetwork(const Json& network, Json* document) {
  (*document)["VirtualNetwork"] = network["ID"];
  if (network.contains("Name")) (*document)["VirtualNetworkName"] = network["Name"];
  for (const char* name : {"DNSSuffix", "DNSServerList"}) {
    if (!document->contains(name) && network.contains(name)) (*document)[name] = network[name];
  }
}

// Spellings of addresses and ids may differ.
bool SameValue(const Json& now, const Json& wanted) {
  if (!now.is_string() || !wanted.is_string()) return now == wanted;
  const auto& one = now.get_ref<const std::string&>();
  const auto& other = wanted.get_ref<const std::string&>();
  if (const auto mac = MacAddress::Parse(one)) return MacAddress::Parse(other) == mac;
  if (const auto address = IpAddress::Parse(one)) return IpAddress::Parse(other) == address;
  return SameName(one, ReadGuidText(other).value_or(other));
}

Status CheckFixed(const Json& now, const Json& wanted) {
  for (const char* name : kFixed) {
    if (!wanted.contains(name)) continue;
    const Json none = name == std::string_view("IsRemoteEndpoint") ? Json(false) : Json();
    if (!SameValue(now.value(name, none), wanted[name])) {
      return Invalid(std::string(name) + " cannot be changed");
    }
  }
  return {};
}

// What HNS knows to be free when an endpoint has gone.
std::vector<std::string> ReleasesOf(const Endpoint& endpoint) {
  std::vector<std::string> lines;
  lines.reserve(endpoint.addresses.size() + 1);
  for (const IpAddress& address : endpoint.addresses) {
    lines.push_back(HnsModel::ReleaseLine(endpoint.network, address));
  }
  if (endpoint.mac) lines.push_back(HnsModel::ReleaseLine(*endpoint.mac));
  return lines;
}

Json RecordOf(const Json& document, const Json& attachments) {
  return {{"Document", document}, {"Attachments", attachments}};
}

}  // namespace

Outcome<Json> ListEndpoints(HnsState& state) {
  std::vector<std::string> ids;
  for (const auto& [id, endpoint] : state.model().endpoints()) ids.push_back(id);
  Json list = Json::array();
  for (const std::string& id : ids) {
    if (Status status = DropStaleAttachments(state, id); !status.ok()) return status;
    list.push_back(ViewOfEndpoint(state.model(), id));
  }
  return list;
}

Outcome<Json> GetEndpoint(HnsState& state, const std::string& id) {
  if (state.model().FindEndpoint(id) == nullptr) return Missing(state, id);
  if (Status status = DropStaleAttachments(state, id); !status.ok()) return status;
  return ViewOfEndpoint(state.model(), id);
}

Outcome<Json> CreateEndpoint(HnsState& state, const std::string& body) {
  Outcome<Json> read = ReadBody(body, kEndpointFields);
  if (!read.ok()) return read;
  Json document = *std::move(read);
  for (const char* name : kOwn) document.erase(name);
  if (Status status = CheckName(document, abi::HCN_E_INVALID_ENDPOINT); !status.ok()) return status;
  const Outcome<std::string> id = IdFor(state, document);
  if (!id.ok()) return id.failure();
  const Outcome<std::string> network = NetworkOf(state, document);
  if (!network.ok()) return network.failure();
  if (Status status = CheckRemote(document); !status.ok()) return status;
  if (Status status = ReadPolicies(&document, ""); !status.ok()) return status;
  document["ID"] = *id;
  document["State"] = kCreated;
  const Json network_document = state.model().FindNetwork(*network)->document;
  InheritFromNetwork(network_document, &document);

  EndpointClaims claims(&state.model(), *network, *id);
  if (Status status = claims.TakeAddresses(&document); !status.ok()) return status;
  if (Status status = claims.TakeMac(&document); !status.ok()) return status;
  if (Status status = claims.TakePorts(&document); !status.ok()) return status;
  if (Status status = state.Put(Kind::kEndpoint, *id, RecordOf(document, Json::array()));
      !status.ok()) {
    return status;
  }
  claims.Keep();
  if (state.datapath() == nullptr) return document;
  const Status made = state.datapath()->EndpointMade(network_document, document);
  if (made.ok()) return document;
  state.Erase(Kind::kEndpoint, *id, ReleasesOf(*state.model().FindEndpoint(*id)));
  return made;
}

Outcome<Json> UpdateEndpoint(HnsState& state, const std::string& id, const std::string& body) {
  const Endpoint* endpoint = state.model().FindEndpoint(id);
  if (endpoint == nullptr) return Missing(state, id);
  Outcome<Json> wanted = ReadBody(body, kEndpointFields);
  if (!wanted.ok()) return wanted;
  for (const char* name : kOwn) wanted->erase(name);
  if (Status status = CheckFixed(ViewOfEndpoint(state.model(), id), *wanted); !status.ok())
    return status;
  for (const char* name : kFixed) wanted->erase(name);
  if (Status status = CheckName(*wanted, abi::HCN_E_INVALID_ENDPOINT); !status.ok()) return status;
  if (Status status = ReadPolicies(&*wanted, ""); !status.ok()) return status;
  const Json before = RecordOf(endpoint->document, endpoint->attachments);
  EndpointClaims claims(&state.model(), endpoint->network, id);
  if (Status status = claims.TakePorts(&*wanted); !status.ok()) return status;
  Json document = endpoint->document;
  for (const auto& [name, value] : wanted->items()) document[name] = value;
  Status put = state.Put(Kind::kEndpoint, id, RecordOf(document, endpoint->attachments));
  if (!put.ok()) return put;
  claims.Keep();
  const Status changed =
      state.datapath() == nullptr ? Status() : state.datapath()->PoliciesChanged(document);
  if (changed.ok()) return ViewOfEndpoint(state.model(), id);
  state.Put(Kind::kEndpoint, id, before);
  return changed;
}

Outcome<Json> DeleteEndpoint(HnsState& state, const std::string& id) {
  const Endpoint* endpoint = state.model().FindEndpoint(id);
  if (endpoint == nullptr) return Missing(state, id);
  // The references first: dying in between leaves an endpoint that nobody refers to.
  if (Status status = DropReferences(state, id); !status.ok()) return status;
  DetachAll(state, id);
  const Json document = endpoint->document;
  Status erased = state.Erase(Kind::kEndpoint, id, ReleasesOf(*endpoint));
  if (!erased.ok()) return erased;
  if (state.datapath() != nullptr) state.datapath()->EndpointRemoved(document);
  return Json::object();
}

Outcome<Json> EndpointStatistics(HnsState& state, const std::string& id) {
  const Endpoint* endpoint = state.model().FindEndpoint(id);
  if (endpoint == nullptr) return Missing(state, id);
  std::optional<Json> counted;
  if (state.datapath() != nullptr) counted = state.datapath()->Statistics(endpoint->document);
  Json statistics = counted.value_or(Json::object());
  for (const char* name : {"BytesReceived", "BytesSent", "PacketsReceived", "PacketsSent",
                           "DroppedPacketsIncoming", "DroppedPacketsOutgoing"}) {
    if (!statistics.contains(name)) statistics[name] = 0;
  }
  statistics["EndpointId"] = id;
  statistics["InstanceId"] = id;
  // Nothing flows, so that nothing is what was counted.
  if (state.datapath() == nullptr) statistics["Emulation"] = {{"Packets", false}};
  return statistics;
}

}  // namespace hcs::emulator::hns
