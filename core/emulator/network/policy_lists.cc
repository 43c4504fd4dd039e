#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/hns_documents.h"
#include "core/emulator/network/policy_document.h"
#include "core/emulator/network/references.h"
#include "core/emulator/state/guid.h"

namespace hcs::emulator::hns {
namespace {

// What one load balancer listens on: VIP (empty: every endpoint's own address), protocol
// and external port.
using Frontend = std::tuple<std::string, uint8_t, uint16_t>;

std::set<Frontend> FrontendsOf(const Json& document) {
  std::set<Frontend> frontends;
  const Json* policies = FindField(document, "Policies");
  if (policies == nullptr) return frontends;
  for (const Json& policy : *policies) {
    if (StringField(policy, "Type") != "ELB") continue;
    const ExternalPort port = ExternalPortOf(policy);
    const Json* vips = FindField(policy, "VIPs");
    if (vips == nullptr || vips->empty()) frontends.emplace("", port.protocol, port.port);
    if (vips == nullptr) continue;
    for (const Json& vip : *vips) {
      if (vip.is_string()) frontends.emplace(vip.get<std::string>(), port.protocol, port.port);
    }
  }
  return frontends;
}

// Two balancers without VIPs are apart when they have different endpoints.
bool Collide(const Frontend& frontend, const PolicyList& one, const std::string& other_endpoint) {
  if (!std::get<0>(frontend).empty()) return true;
  return std::count(one.endpoints.begin(), one.endpoints.end(), other_endpoint) > 0;
}

Status CheckFrontends(const HnsModel& model, const Json& document,
                      const std::set<std::string>& endpoints) {
  const std::set<Frontend> frontends = FrontendsOf(document);
  if (frontends.empty()) return {};
  for (const auto& [id, list] : model.policy_lists()) {
    for (const Frontend& frontend : FrontendsOf(list.document)) {
      if (!frontends.contains(frontend)) continue;
      for (const std::string& endpoint : endpoints) {
        if (!Collide(frontend, list, endpoint)) continue;
        const auto& [vip, protocol, port] = frontend;
        return {abi::HCN_E_PORT_ALREADY_EXISTS, TextOf(ExternalPort{protocol, port}) +
                                                    (vip.empty() ? "" : " of " + vip) +
                                                    " is policy list " + id + "'s"};
      }
    }
  }
  return {};
}

Outcome<std::set<std::string>> CheckReferences(HnsState& state, const Json& document) {
  std::set<std::string> endpoints;
  const Json* references = FindField(document, "References");
  if (references == nullptr || references->empty()) {
    return Status{abi::ERROR_INVALID_PARAMETER, "References is missing"};
  }
  for (size_t i = 0; i < references->size(); ++i) {
    const std::string path = "References[" + std::to_string(i) + "]";
    const std::optional<std::string> endpoint = EndpointOfReference((*references)[i]);
    if (!endpoint) {
      return Status{abi::ERROR_INVALID_PARAMETER, path + " is not \"/endpoints/GUID\""};
    }
    if (state.model().FindEndpoint(*endpoint) == nullptr) {
      return Status{abi::HCN_E_ENDPOINT_NOT_FOUND, path + ": " + *endpoint};
    }
    endpoints.insert(*endpoint);
  }
  return endpoints;
}

}  // namespace

Outcome<Json> ListPolicyLists(HnsState& state) {
  Json list = Json::array();
  for (const auto& [id, entry] : state.model().policy_lists()) list.push_back(entry.document);
  return list;
}

Outcome<Json> GetPolicyList(HnsState& state, const std::string& id) {
  const PolicyList* list = state.model().FindPolicyList(id);
  if (list == nullptr) return state.Missing(Kind::kPolicyList, id, abi::HCN_E_POLICY_NOT_FOUND);
  return list->document;
}

Outcome<Json> CreatePolicyList(HnsState& state, const std::string& body) {
  Outcome<Json> read = ReadBody(body, kPolicyListFields);
  if (!read.ok()) return read;
  Json document = *std::move(read);
  Outcome<std::string> wanted = GuidField(document, "ID", abi::HCN_E_INVALID_POLICY);
  if (!wanted.ok()) return wanted.failure();
  const std::string id = wanted->empty() ? NewGuidText() : *wanted;
  if (state.model().FindPolicyList(id) != nullptr) {
    return Status{abi::HCN_E_POLICY_ALREADY_EXISTS, "ID is that of another: " + id};
  }
  if (!document.contains("Policies") || document["Policies"].empty()) {
    return Status{abi::HCN_E_INVALID_POLICY, "Policies is missing"};
  }
  if (Status status = ReadPolicies(&document, ""); !status.ok()) return status;
  const Outcome<std::set<std::string>> endpoints = CheckReferences(state, document);
  if (!endpoints.ok()) return endpoints.failure();
  Json references = Json::array();
  for (const std::string& endpoint : *endpoints) references.push_back("/endpoints/" + endpoint);
  document["References"] = std::move(references);
  Status apart = CheckFrontends(state.model(), document, *endpoints);
  if (!apart.ok()) return apart;
  document["ID"] = id;
  if (Status status = state.Put(Kind::kPolicyList, id, {{"Document", document}}); !status.ok()) {
    return status;
  }
  return document;
}

Outcome<Json> DeletePolicyList(HnsState& state, const std::string& id) {
  if (state.model().FindPolicyList(id) == nullptr) {
    return state.Missing(Kind::kPolicyList, id, abi::HCN_E_POLICY_NOT_FOUND);
  }
  if (Status status = state.Erase(Kind::kPolicyList, id); !status.ok()) return status;
  return Json::object();
}

}  // namespace hcs::emulator::hns
