#include "core/emulator/network/policy_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/hns_documents.h"
#include "core/emulator/network/policy_rules.h"

namespace hcs::emulator::hns {
namespace {

constexpr uint64_t kMaxPort = 65535;
constexpr uint64_t kMaxVlan = 4094;
constexpr uint64_t kMaxVsid = (1 << 24) - 1;

// 0 is "not set" in an optional port.
constexpr PolicyField Port(std::string_view name) {
  return {name, ValueRule::kNumber, false, 0, kMaxPort, {}};
}
constexpr PolicyField NeededPort(std::string_view name) {
  return {name, ValueRule::kNumber, true, 1, kMaxPort, {}};
}
constexpr PolicyField Number(std::string_view name, bool required, uint64_t low, uint64_t high) {
  return {name, ValueRule::kNumber, required, low, high, {}};
}
constexpr PolicyField Optional(std::string_view name, ValueRule rule) {
  return {name, rule, false, 0, 0, {}};
}
constexpr PolicyField Needed(std::string_view name, ValueRule rule) {
  return {name, rule, true, 0, 0, {}};
}

constexpr std::string_view kActions[] = {"Allow", "Block"};
constexpr std::string_view kDirections[] = {"In", "Out"};
constexpr std::string_view kRuleTypes[] = {"Host", "Switch"};

constexpr PolicyField kNat[] = {Needed("Protocol", ValueRule::kTransport),
                                NeededPort("InternalPort"), Port("ExternalPort"),
                                Optional("ExternalPortReserved", ValueRule::kBool)};
constexpr PolicyField kQos[] = {Number("MaximumOutgoingBandwidthInBytes", true, 1, UINT64_MAX)};
constexpr PolicyField kVlan[] = {Number("VLAN", true, 1, kMaxVlan)};
constexpr PolicyField kVsid[] = {Number("VSID", true, 1, kMaxVsid)};
constexpr PolicyField kPa[] = {Needed("PA", ValueRule::kAddress)};
constexpr PolicyField kAcl[] = {{"Action", ValueRule::kWord, true, 0, 0, kActions},
                                {"Direction", ValueRule::kWord, true, 0, 0, kDirections},
                                {"RuleType", ValueRule::kWord, false, 0, 0, kRuleTypes},
                                Optional("Protocols", ValueRule::kProtocols),
                                Number("Protocol", false, 0, 256),
                                Optional("LocalAddresses", ValueRule::kAddresses),
                                Optional("RemoteAddresses", ValueRule::kAddresses),
                                Optional("LocalPorts", ValueRule::kPorts),
                                Optional("RemotePorts", ValueRule::kPorts),
                                Port("LocalPort"),
                                Port("RemotePort"),
                                Number("Priority", false, 0, UINT16_MAX)};
constexpr PolicyField kOutBoundNat[] = {Optional("VIP", ValueRule::kAddress),
                                        Optional("ExceptionList", ValueRule::kAddressList),
                                        Optional("Destinations", ValueRule::kAddressList)};
constexpr PolicyField kRoute[] = {Needed("DestinationPrefix", ValueRule::kPrefix),
                                  Optional("NextHop", ValueRule::kAddress),
                                  Optional("NeedEncap", ValueRule::kBool)};
constexpr PolicyField kElb[] = {Optional("SourceVIP", ValueRule::kAddress),
                                Optional("VIPs", ValueRule::kAddressList),
                                Optional("ILB", ValueRule::kBool),
                                Optional("IsDSR", ValueRule::kBool),
                                Needed("Protocol", ValueRule::kTransport),
                                NeededPort("InternalPort"),
                                NeededPort("ExternalPort")};
constexpr PolicyField kIsolation[] = {Number("VLAN", false, 0, kMaxVlan),
                                      Number("VSID", false, 0, kMaxVsid),
                                      Optional("InDefaultIsolation", ValueRule::kBool)};
constexpr PolicyField kProxy[] = {
    Optional("IP", ValueRule::kAddress), Needed("Port", ValueRule::kPorts),
    Optional("ExceptionList", ValueRule::kAddressList),
    Optional("Destination", ValueRule::kAddresses), Optional("OutboundNat", ValueRule::kBool)};

struct PolicyType {
  std::string_view name;
  std::span<const PolicyField> fields;
};
constexpr PolicyType kTypes[] = {{"NAT", kNat},
                                 {"QOS", kQos},
                                 {"VLAN", kVlan},
                                 {"VSID", kVsid},
                                 {"PA", kPa},
                                 {"ACL", kAcl},
                                 {"OutBoundNAT", kOutBoundNat},
                                 {"ROUTE", kRoute},
                                 {"ELB", kElb},
                                 {"L2Driver", {}},
                                 {"Isolation", kIsolation},
                                 {"PROXY", kProxy}};

const PolicyType* TypeNamed(const std::string& name) {
  const auto* found =
      std::find_if(std::begin(kTypes), std::end(kTypes),
                   [&](const PolicyType& type) { return SameName(type.name, name); });
  return found == std::end(kTypes) ? nullptr : found;
}

Status Invalid(std::string message) { return {abi::HCN_E_INVALID_POLICY, std::move(message)}; }

bool IsAbsent(const Json& value) {
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty());
}

// The policy with the type's fields by HNS' names.
Outcome<Json> Renamed(const Json& policy, const PolicyType& type, const std::string& path) {
  Json renamed = {{"Type", type.name}};
  for (const auto& [name, value] : policy.items()) {
    if (SameName(name, "Type")) continue;
    const auto field =
        std::find_if(type.fields.begin(), type.fields.end(),
                     [&](const PolicyField& known) { return SameName(known.name, name); });
    if (field != type.fields.end() && IsAbsent(value)) continue;
    const std::string own_name = field == type.fields.end() ? name : std::string(field->name);
    if (renamed.contains(own_name) && renamed[own_name] != value) {
      return Invalid(path + "." + own_name + " is there twice");
    }
    renamed[own_name] = value;
  }
  return renamed;
}

Status ReadPolicy(Json* policy, const std::string& path) {
  const std::string name = StringField(*policy, "Type");
  const PolicyType* type = TypeNamed(name);
  if (type == nullptr) {
    return {abi::HCN_E_INVALID_POLICY_TYPE, name.empty()
                                                ? path + ".Type is missing"
                                                : path + ".Type is not known: \"" + name + "\""};
  }
  Outcome<Json> renamed = Renamed(*policy, *type, path);
  if (!renamed.ok()) return renamed.failure();
  for (const PolicyField& field : type->fields) {
    const std::string field_name(field.name);
    const auto value = renamed->find(field_name);
    if (value == renamed->end()) {
      if (field.required) return Invalid(path + "." + field_name + " is missing");
      continue;
    }
    const std::string wrong = CheckPolicyValue(field, &*value);
    if (!wrong.empty()) return Invalid(path + "." + field_name + " " + wrong);
  }
  *policy = *std::move(renamed);
  return {};
}

}  // namespace

Status ReadPolicies(Json* document, const std::string& path) {
  const auto policies = document->find("Policies");
  if (policies == document->end()) return {};
  if (policies->size() > kMaxPolicies) {
    return Invalid(path + "Policies has " + std::to_string(policies->size()) +
                   " entries, more than " + std::to_string(kMaxPolicies));
  }
  for (size_t i = 0; i < policies->size(); ++i) {
    Status status = ReadPolicy(&(*policies)[i], path + "Policies[" + std::to_string(i) + "]");
    if (!status.ok()) return status;
  }
  return {};
}

uint8_t ProtocolNumber(const Json& value) {
  int number = 0;
  if (value.is_string()) number = ProtocolOfName(value.get_ref<const std::string&>());
  if (value.is_number_unsigned()) {
    number = static_cast<int>(std::min<uint64_t>(value.get<uint64_t>(), 256));
  }
  return number > 0 && number < 256 ? static_cast<uint8_t>(number) : uint8_t{0};
}

ExternalPort ExternalPortOf(const Json& policy) {
  const Json* protocol = FindField(policy, "Protocol");
  return {protocol == nullptr ? uint8_t{0} : ProtocolNumber(*protocol),
          static_cast<uint16_t>(NumberField(policy, "ExternalPort"))};
}

std::vector<ExternalPort> ExternalPortsOf(const Json& document) {
  std::vector<ExternalPort> ports;
  const Json* policies = FindField(document, "Policies");
  if (policies == nullptr || !policies->is_array()) return ports;
  for (const Json& policy : *policies) {
    if (!policy.is_object() || StringField(policy, "Type") != "NAT") continue;
    const ExternalPort port = ExternalPortOf(policy);
    if (port.port != 0) ports.push_back(port);
  }
  return ports;
}

}  // namespace hcs::emulator::hns
