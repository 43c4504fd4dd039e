#include "core/emulator/network/hns_model.h"

#include <algorithm>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/hns_documents.h"
#include "core/emulator/network/network_document.h"
#include "core/emulator/network/policy_document.h"
#include "core/platform/case_mapping.h"

namespace hcs::emulator::hns {
namespace {

constexpr std::string_view kAddressReleased = "released-address ";
constexpr std::string_view kMacReleased = "released-mac ";

template <typename Objects>
auto* FindIn(Objects* objects, const std::string& id) {
  const auto found = objects->find(id);
  return found == objects->end() ? nullptr : &found->second;
}

const std::set<std::string>& ReferrersIn(
    const std::map<std::string, std::set<std::string>>& references, const std::string& id) {
  static const std::set<std::string> none;
  const auto found = references.find(id);
  return found == references.end() ? none : found->second;
}

void Unrefer(std::map<std::string, std::set<std::string>>* references, const std::string& to,
             const std::string& from) {
  const auto found = references->find(to);
  if (found == references->end()) return;
  found->second.erase(from);
  if (found->second.empty()) references->erase(found);
}

void EraseName(std::map<std::string, std::string>* names, const Json& document,
               const std::string& id) {
  if (!document.is_object()) return;
  const auto name = names->find(platform::ToUpperUtf8(StringField(document, "Name")));
  if (name != names->end() && name->second == id) names->erase(name);
}

// Endpoints that "References" or "ResourceList" of a document names.
std::vector<std::string> ReferencedEndpoints(const Json& document) {
  std::vector<std::string> ids;
  const Json* references = FindField(document, "References");
  if (references == nullptr) return ids;
  for (const Json& reference : *references) {
    if (std::optional<std::string> id = EndpointOfReference(reference)) ids.push_back(*id);
  }
  return ids;
}

std::vector<std::string> EndpointResources(const Json& document) {
  std::vector<std::string> ids;
  const Json* resources = FindField(document, "ResourceList");
  if (resources == nullptr) return ids;
  for (const Json& resource : *resources) {
    if (StringField(resource, "Type") != "Endpoint") continue;
    const Json* data = FindField(resource, "Data");
    if (data != nullptr && data->is_object()) ids.push_back(StringField(*data, "Id"));
  }
  return ids;
}

}  // namespace

Network* HnsModel::FindNetwork(const std::string& id) { return FindIn(&networks_, id); }
Endpoint* HnsModel::FindEndpoint(const std::string& id) { return FindIn(&endpoints_, id); }
PolicyList* HnsModel::FindPolicyList(const std::string& id) { return FindIn(&policy_lists_, id); }
NameSpace* HnsModel::FindNameSpace(const std::string& id) { return FindIn(&name_spaces_, id); }

Network* HnsModel::FindNetworkByName(const std::string& name) {
  const auto found = network_names_.find(platform::ToUpperUtf8(name));
  return found == network_names_.end() ? nullptr : FindNetwork(found->second);
}

const std::set<std::string>& HnsModel::EndpointsOf(const std::string& network) const {
  return ReferrersIn(endpoints_of_, network);
}

const std::set<std::string>& HnsModel::PolicyListsOf(const std::string& endpoint) const {
  return ReferrersIn(policy_lists_of_, endpoint);
}

const std::set<std::string>& HnsModel::NameSpacesOf(const std::string& endpoint) const {
  return ReferrersIn(name_spaces_of_, endpoint);
}

void HnsModel::Learn(Kind kind, const std::string& id, const Json& record) {
  // A network that is known keeps what it knows of its addresses.
  if (kind != Kind::kNetwork) Forget(kind, id);
  switch (kind) {
    case Kind::kNetwork: return LearnNetwork(id, record);
    case Kind::kEndpoint: return LearnEndpoint(id, record);
    case Kind::kPolicyList: return LearnPolicyList(id, record);
    case Kind::kNamespace: return LearnNameSpace(id, record);
  }
}

void HnsModel::Forget(Kind kind, const std::string& id) {
  switch (kind) {
    case Kind::kNetwork: return ForgetNetwork(id);
    case Kind::kEndpoint: return ForgetEndpoint(id);
    case Kind::kPolicyList: return ForgetPolicyList(id);
    case Kind::kNamespace: return ForgetNameSpace(id);
  }
}

void HnsModel::LearnNetwork(const std::string& id, const Json& record) {
  Network& network = networks_[id];
  EraseName(&network_names_, network.document, id);
  network.document = record["Document"];
  // Was checked when it was written; one that somebody has edited has what can be read.
  Json document = network.document;
  const Outcome<std::vector<MacRange>> pools = ReadMacPools(&document);
  if (pools.ok()) macs_.SetPools(id, *pools);
  const std::string name = StringField(document, "Name");
  if (!name.empty()) network_names_.emplace(platform::ToUpperUtf8(name), id);
  SetSubnets(id, &network);
}

void HnsModel::SetSubnets(const std::string& id, Network* network) {
  Json document = network->document;
  Outcome<std::vector<SubnetPlan>> subnets = ReadSubnets(&document);
  if (!subnets.ok()) subnets = std::vector<SubnetPlan>();
  const bool known = *subnets == network->addresses.subnets();
  if (known && !subnets->empty()) return;
  network->addresses = AddressSpace(*std::move(subnets));
  for (const std::string& endpoint_id : EndpointsOf(id)) {
    const Endpoint* endpoint = FindEndpoint(endpoint_id);
    if (endpoint == nullptr) continue;
    for (const IpAddress& address : endpoint->addresses) {
      network->addresses.Claim(address, endpoint_id);
    }
  }
}

void HnsModel::ForgetNetwork(const std::string& id) {
  const Network* network = FindNetwork(id);
  if (network == nullptr) return;
  EraseName(&network_names_, network->document, id);
  macs_.SetPools(id, {});
  networks_.erase(id);
}

void HnsModel::LearnEndpoint(const std::string& id, const Json& record) {
  Endpoint& endpoint = endpoints_[id];
  endpoint.document = record["Document"];
  if (record.contains("Attachments") && record["Attachments"].is_array()) {
    endpoint.attachments = record["Attachments"];
  }
  endpoint.network = StringField(endpoint.document, "VirtualNetwork");
  for (const char* name : {"IPAddress", "IPv6Address"}) {
    const auto address = IpAddress::Parse(StringField(endpoint.document, name));
    if (address) endpoint.addresses.push_back(*address);
  }
  endpoint.mac = MacAddress::Parse(StringField(endpoint.document, "MacAddress"));
  endpoint.ports = ExternalPortsOf(endpoint.document);
  endpoints_of_[endpoint.network].insert(id);
  if (Network* network = FindNetwork(endpoint.network)) {
    for (const IpAddress& address : endpoint.addresses) network->addresses.Claim(address, id);
  }
  if (endpoint.mac) macs_.Claim(*endpoint.mac, id);
  for (const ExternalPort& port : endpoint.ports) ports_.Claim(port, id);
}

void HnsModel::ForgetEndpoint(const std::string& id) {
  const Endpoint* endpoint = FindEndpoint(id);
  if (endpoint == nullptr) return;
  if (Network* network = FindNetwork(endpoint->network)) {
    for (const IpAddress& address : endpoint->addresses) network->addresses.Release(address, id);
  }
  if (endpoint->mac) macs_.Release(*endpoint->mac, id);
  for (const ExternalPort& port : endpoint->ports) ports_.Release(port, id);
  Unrefer(&endpoints_of_, endpoint->network, id);
  endpoints_.erase(id);
}

void HnsModel::LearnPolicyList(const std::string& id, const Json& record) {
  PolicyList& list = policy_lists_[id];
  list.document = record["Document"];
  list.endpoints = ReferencedEndpoints(list.document);
  for (const std::string& endpoint : list.endpoints) policy_lists_of_[endpoint].insert(id);
}

void HnsModel::ForgetPolicyList(const std::string& id) {
  const PolicyList* list = FindPolicyList(id);
  if (list == nullptr) return;
  for (const std::string& endpoint : list->endpoints) Unrefer(&policy_lists_of_, endpoint, id);
  policy_lists_.erase(id);
}

void HnsModel::LearnNameSpace(const std::string& id, const Json& record) {
  NameSpace& space = name_spaces_[id];
  space.document = record["Document"];
  space.endpoints = EndpointResources(space.document);
  for (const std::string& endpoint : space.endpoints) name_spaces_of_[endpoint].insert(id);
}

void HnsModel::ForgetNameSpace(const std::string& id) {
  const NameSpace* space = FindNameSpace(id);
  if (space == nullptr) return;
  for (const std::string& endpoint : space->endpoints) Unrefer(&name_spaces_of_, endpoint, id);
  name_spaces_.erase(id);
}

std::string HnsModel::ReleaseLine(const std::string& network, const IpAddress& address) {
  return std::string(kAddressReleased) + network + " " + address.Text();
}

std::string HnsModel::ReleaseLine(const MacAddress& mac) {
  return std::string(kMacReleased) + mac.Text();
}

void HnsModel::RememberRelease(const std::string& line) {
  if (line.starts_with(kMacReleased)) {
    if (const auto mac = MacAddress::Parse(line.substr(kMacReleased.size()))) {
      macs_.RememberRelease(*mac);
    }
    return;
  }
  if (!line.starts_with(kAddressReleased)) return;
  const std::string rest = line.substr(kAddressReleased.size());
  const size_t space = rest.find(' ');
  if (space == std::string::npos) return;
  Network* network = FindNetwork(rest.substr(0, space));
  const auto address = IpAddress::Parse(rest.substr(space + 1));
  if (network != nullptr && address) network->addresses.RememberRelease(*address);
}

std::vector<std::string> HnsModel::ReleaseLines() const {
  std::vector<std::string> lines;
  for (const auto& [id, network] : networks_) {
    for (const IpAddress& address : network.addresses.Released()) {
      lines.push_back(ReleaseLine(id, address));
    }
  }
  for (const MacAddress& mac : macs_.Released()) lines.push_back(ReleaseLine(mac));
  return lines;
}

}  // namespace hcs::emulator::hns
