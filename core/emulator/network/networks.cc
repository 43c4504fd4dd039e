#include "core/emulator/network/networks.h"

#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/hns_documents.h"
#include "core/emulator/network/network_document.h"
#include "core/emulator/network/policy_document.h"
#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

// Where the subnets are that HNS gives to nat networks: 172.16.0.0/12 in /20s.
constexpr char kAssigned[] = "172.16.0.0";
constexpr uint64_t kAssignedSize = 1 << 12;
constexpr uint64_t kAssignedCount = 1 << 8;

Status Invalid(std::string message) { return {abi::HCN_E_INVALID_NETWORK, std::move(message)}; }

// The network, other than `id`, whose subnets a network of this document must not
// overlap, and one of that does; nullptr when there is none.
const Network* OverlappedBy(const HnsModel& model, const std::string& id,
                            const std::vector<SubnetPlan>& subnets) {
  for (const auto& [other_id, other] : model.networks()) {
    if (other_id == id || !SharesRoutes(other.document)) continue;
    for (const SubnetPlan& theirs : other.addresses.subnets()) {
      for (const SubnetPlan& ours : subnets) {
        if (ours.prefix.Overlaps(theirs.prefix)) return &other;
      }
    }
  }
  return nullptr;
}

Status AssignSubnet(const HnsModel& model, const std::string& id, Json* document,
                    std::vector<SubnetPlan>* subnets) {
  const IpAddress base = *IpAddress::Parse(kAssigned);
  for (uint64_t i = 1; i < kAssignedCount; ++i) {
    const IpAddress first = base.Plus(i * kAssignedSize);
    const IpPrefix prefix = *IpPrefix::Parse(first.Text() + "/20");
    std::vector<SubnetPlan> plan = {{prefix, first.Plus(1)}};
    if (OverlappedBy(model, id, plan) != nullptr) continue;
    (*document)["Subnets"] = {
        {{"AddressPrefix", prefix.Text()}, {"GatewayAddress", plan[0].gateway->Text()}}};
    *subnets = std::move(plan);
    return {};
  }
  return {kNoResources, "every subnet of 172.16.0.0/12 is in use: the network needs its own"};
}

Status CheckSubnets(const HnsModel& model, const std::string& id, Json* document) {
  Outcome<std::vector<SubnetPlan>> subnets = ReadSubnets(document);
  if (!subnets.ok()) return subnets.failure();
  const std::string type = StringField(*document, "Type");
  if (subnets->empty() && (type == "nat" || type == "ics")) {
    return AssignSubnet(model, id, document, &*subnets);
  }
  if (!SharesRoutes(*document)) return {};
  const Network* other = OverlappedBy(model, id, *subnets);
  if (other == nullptr) return {};
  return Invalid("Subnets overlap those of network " + StringField(other->document, "ID") + " (" +
                 StringField(other->document, "Name") + ")");
}

Status CheckMacPools(HnsModel& model, const std::string& id, Json* document) {
  const Outcome<std::vector<MacRange>> pools = ReadMacPools(document);
  if (!pools.ok()) return pools.failure();
  for (size_t i = 0; i < pools->size(); ++i) {
    const std::string other = model.macs().Overlapped((*pools)[i], id);
    if (other.empty()) continue;
    return Invalid("MacPools[" + std::to_string(i) + "] overlaps a pool of network " + other);
  }
  if (!pools->empty()) return {};
  const Outcome<MacRange> range = model.macs().FreeRange();
  if (!range.ok()) return range.failure();
  (*document)["MacPools"] = {
      {{"StartMacAddress", range->first.Text()}, {"EndMacAddress", range->last.Text()}}};
  return {};
}

Status CheckPolicies(Json* document) {
  if (Status status = ReadPolicies(document, ""); !status.ok()) return status;
  const auto subnets = document->find("Subnets");
  if (subnets == document->end()) return {};
  for (size_t i = 0; i < subnets->size(); ++i) {
    const std::string path = "Subnets[" + std::to_string(i) + "].";
    if (Status status = ReadPolicies(&(*subnets)[i], path); !status.ok()) return status;
  }
  return {};
}

Status CheckNameIsFree(HnsModel& model, const std::string& id, const Json& document) {
  const std::string name = StringField(document, "Name");
  const Network* other = name.empty() ? nullptr : model.FindNetworkByName(name);
  if (other == nullptr || StringField(other->document, "ID") == id) return {};
  return {abi::HCN_E_NETWORK_ALREADY_EXISTS,
          "\"" + name + "\" is network " + StringField(other->document, "ID")};
}

// Checks everything that a document has, and fills in what is missing.
Status Complete(HnsModel& model, const std::string& id, Json* document) {
  if (Status status = CheckName(*document, abi::HCN_E_INVALID_NETWORK); !status.ok()) return status;
  if (Status status = ReadType(document); !status.ok()) return status;
  if (Status status = CheckNameIsFree(model, id, *document); !status.ok()) return status;
  if (Status status = ReadOwnAddresses(document); !status.ok()) return status;
  if (Status status = CheckPolicies(document); !status.ok()) return status;
  if (Status status = CheckSubnets(model, id, document); !status.ok()) return status;
  return CheckMacPools(model, id, document);
}

// Every address of an endpoint stays in the subnet that it is in.
Status CheckEndpointsStay(const HnsModel& model, const std::string& id, const Network& network,
                          Json document) {
  const Outcome<std::vector<SubnetPlan>> subnets = ReadSubnets(&document);
  if (!subnets.ok()) return subnets.failure();
  if (*subnets == network.addresses.subnets()) return {};
  AddressSpace changed(*subnets);
  for (const std::string& endpoint_id : model.EndpointsOf(id)) {
    const auto endpoint = model.endpoints().find(endpoint_id);
    if (endpoint == model.endpoints().end()) continue;
    for (const IpAddress& address : endpoint->second.addresses) {
      const SubnetPlan* before = network.addresses.SubnetOf(address);
      const SubnetPlan* after = changed.SubnetOf(address);
      if (before == nullptr || (after != nullptr && *before == *after)) continue;
      return Invalid("Subnets: endpoint " + endpoint_id + " has its address in " +
                     before->prefix.Text());
    }
  }
  return {};
}

Status CheckFixed(const Json& now, const Json& wanted, const char* name) {
  const std::string text = StringField(wanted, name);
  if (text.empty() || SameName(text, StringField(now, name))) return {};
  return Invalid(std::string(name) + " cannot be changed");
}

}  // namespace

Outcome<Json> ListNetworks(HnsState& state) {
  Json list = Json::array();
  for (const auto& [id, network] : state.model().networks()) list.push_back(network.document);
  return list;
}

Outcome<Json> GetNetwork(HnsState& state, const std::string& id) {
  const Network* network = state.model().FindNetwork(id);
  if (network == nullptr) return state.Missing(Kind::kNetwork, id, abi::HCN_E_NETWORK_NOT_FOUND);
  return network->document;
}

Outcome<Json> CreateNetwork(HnsState& state, const std::string& body) {
  Outcome<Json> read = ReadBody(body, kNetworkFields);
  if (!read.ok()) return read;
  Json document = *std::move(read);
  Outcome<std::string> wanted = GuidField(document, "ID", abi::HCN_E_INVALID_NETWORK);
  if (!wanted.ok()) return wanted.failure();
  const std::string id = wanted->empty() ? NewGuidText() : *wanted;
  if (state.model().FindNetwork(id) != nullptr) {
    return Status{abi::HCN_E_NETWORK_ALREADY_EXISTS, "ID is that of another: " + id};
  }
  document["ID"] = id;
  if (Status status = Complete(state.model(), id, &document); !status.ok()) return status;
  if (Status status = state.Put(Kind::kNetwork, id, {{"Document", document}}); !status.ok()) {
    return status;
  }
  if (state.datapath() == nullptr) return document;
  const Status made = state.datapath()->NetworkMade(document);
  if (made.ok()) return document;
  state.Erase(Kind::kNetwork, id);
  return made;
}

Outcome<Json> UpdateNetwork(HnsState& state, const std::string& id, const std::string& body) {
  const Network* network = state.model().FindNetwork(id);
  if (network == nullptr) return state.Missing(Kind::kNetwork, id, abi::HCN_E_NETWORK_NOT_FOUND);
  const Outcome<Json> wanted = ReadBody(body, kNetworkFields);
  if (!wanted.ok()) return wanted;
  const Json before = network->document;
  for (const char* name : {"ID", "Type"}) {
    if (Status status = CheckFixed(before, *wanted, name); !status.ok()) return status;
  }
  Json document = before;
  for (const auto& [name, value] : wanted->items()) document[name] = value;
  document["ID"] = id;
  if (Status status = Complete(state.model(), id, &document); !status.ok()) return status;
  Status stay = CheckEndpointsStay(state.model(), id, *network, document);
  if (!stay.ok()) return stay;
  if (Status status = state.Put(Kind::kNetwork, id, {{"Document", document}}); !status.ok()) {
    return status;
  }
  if (state.datapath() == nullptr) return document;
  const Status changed = state.datapath()->NetworkChanged(document);
  if (changed.ok()) return document;
  state.Put(Kind::kNetwork, id, {{"Document", before}});
  return changed;
}

Outcome<Json> DeleteNetwork(HnsState& state, const std::string& id) {
  const Network* network = state.model().FindNetwork(id);
  if (network == nullptr) return state.Missing(Kind::kNetwork, id, abi::HCN_E_NETWORK_NOT_FOUND);
  const std::set<std::string>& endpoints = state.model().EndpointsOf(id);
  if (!endpoints.empty()) {
    return Invalid("the network has " + std::to_string(endpoints.size()) + " endpoints: " +
                   *endpoints.begin() + (endpoints.size() > 1 ? " and others" : ""));
  }
  const Json document = network->document;
  if (Status status = state.Erase(Kind::kNetwork, id); !status.ok()) return status;
  if (state.datapath() != nullptr) state.datapath()->NetworkRemoved(document);
  return Json::object();
}

}  // namespace hcs::emulator::hns
