#include "core/emulator/network/network_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "core/emulator/network/hns_documents.h"

namespace hcs::emulator::hns {
namespace {

constexpr std::string_view kTypes[] = {"nat",     "transparent", "l2bridge", "l2tunnel",
                                       "overlay", "ics",         "internal", "private"};
constexpr std::string_view kRouted[] = {"nat", "ics", "internal"};

Status Invalid(std::string message) { return {abi::HCN_E_INVALID_NETWORK, std::move(message)}; }

std::string Quoted(const std::string& text) { return " \"" + text + "\""; }

// Without room for an endpoint beside the addresses that belong to nobody: /31, /32, /0
// and their like.
bool HasRoom(const IpPrefix& prefix) { return prefix.length() >= 1 && prefix.host_bits() >= 2; }

Status ReadGateway(const std::string& path, Json* subnet, SubnetPlan* plan) {
  const std::string text = StringField(*subnet, "GatewayAddress");
  if (text.empty()) return Invalid(path + ".GatewayAddress is missing");
  plan->gateway = IpAddress::Parse(text);
  if (!plan->gateway) return Invalid(path + ".GatewayAddress is no IP address:" + Quoted(text));
  if (plan->gateway->family() != plan->prefix.family()) {
    return Invalid(path + ".GatewayAddress is not of AddressPrefix' family:" + Quoted(text));
  }
  if (!plan->prefix.Contains(*plan->gateway)) {
    return Invalid(path + ".GatewayAddress " + text + " is not in " + plan->prefix.Text());
  }
  const bool broadcast =
      plan->prefix.family() == IpFamily::kV4 && *plan->gateway == plan->prefix.last();
  if (*plan->gateway == plan->prefix.first() || broadcast) {
    return Invalid(path + ".GatewayAddress " + text + " is the first or last of " +
                   plan->prefix.Text());
  }
  (*subnet)["GatewayAddress"] = plan->gateway->Text();
  return {};
}

Outcome<SubnetPlan> ReadSubnet(const std::string& path, Json* subnet) {
  const std::string text = StringField(*subnet, "AddressPrefix");
  if (text.empty()) return Invalid(path + ".AddressPrefix is missing");
  const std::optional<IpPrefix> prefix = IpPrefix::Parse(text);
  if (!prefix) return Invalid(path + ".AddressPrefix is no ADDRESS/LENGTH:" + Quoted(text));
  if (!HasRoom(*prefix)) {
    return Invalid(path + ".AddressPrefix " + text + " is not from /1 to " +
                   (prefix->family() == IpFamily::kV4 ? "/30" : "/126"));
  }
  SubnetPlan plan{*prefix, std::nullopt};
  if (Status status = ReadGateway(path, subnet, &plan); !status.ok()) return status;
  (*subnet)["AddressPrefix"] = prefix->Text();
  return plan;
}

Outcome<MacRange> ReadMacPool(const std::string& path, Json* pool) {
  MacRange range;
  for (const auto& [name, mac] :
       {std::pair{"StartMacAddress", &range.first}, std::pair{"EndMacAddress", &range.last}}) {
    const std::string text = StringField(*pool, name);
    const std::optional<MacAddress> parsed = MacAddress::Parse(text);
    if (!parsed) return Invalid(path + "." + name + " is no MAC address:" + Quoted(text));
    if (!parsed->IsUnicast())
      return Invalid(path + "." + name + " is no adapter's:" + Quoted(text));
    *mac = *parsed;
    (*pool)[name] = parsed->Text();
  }
  if (range.last < range.first) {
    return Invalid(path + ".EndMacAddress is before StartMacAddress");
  }
  return range;
}

}  // namespace

Status ReadType(Json* document) {
  const std::string type = StringField(*document, "Type");
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](std::string_view known) { return SameName(known, type); });
  if (found == std::end(kTypes)) {
    return {abi::HCN_E_INVALID_NETWORK_TYPE,
            type.empty() ? "Type is missing" : "Type is not known:" + Quoted(type)};
  }
  (*document)["Type"] = *found;
  return {};
}

Outcome<std::vector<SubnetPlan>> ReadSubnets(Json* document) {
  std::vector<SubnetPlan> plans;
  const auto subnets = document->find("Subnets");
  if (subnets == document->end()) return plans;
  if (subnets->size() > kMaxSubnets) {
    return Invalid("Subnets has more than " + std::to_string(kMaxSubnets) + " entries");
  }
  for (size_t i = 0; i < subnets->size(); ++i) {
    const std::string path = "Subnets[" + std::to_string(i) + "]";
    const Outcome<SubnetPlan> plan = ReadSubnet(path, &(*subnets)[i]);
    if (!plan.ok()) return plan.failure();
    for (size_t j = 0; j < plans.size(); ++j) {
      if (!plans[j].prefix.Overlaps(plan->prefix)) continue;
      return Invalid(path + ".AddressPrefix " + plan->prefix.Text() + " overlaps Subnets[" +
                     std::to_string(j) + "]'s " + plans[j].prefix.Text());
    }
    plans.push_back(*plan);
  }
  return plans;
}

Outcome<std::vector<MacRange>> ReadMacPools(Json* document) {
  std::vector<MacRange> ranges;
  const auto pools = document->find("MacPools");
  if (pools == document->end()) return ranges;
  if (pools->size() > kMaxMacPools) {
    return Invalid("MacPools has more than " + std::to_string(kMaxMacPools) + " entries");
  }
  for (size_t i = 0; i < pools->size(); ++i) {
    const std::string path = "MacPools[" + std::to_string(i) + "]";
    const Outcome<MacRange> range = ReadMacPool(path, &(*pools)[i]);
    if (!range.ok()) return range.failure();
    const bool overlaps = std::any_of(ranges.begin(), ranges.end(), [&](const MacRange& other) {
      return range->first <= other.last && other.first <= range->last;
    });
    if (overlaps) return Invalid(path + " overlaps another of the network's pools");
    ranges.push_back(*range);
  }
  return ranges;
}

Status ReadOwnAddresses(Json* document) {
  if (const std::string text = StringField(*document, "SourceMac"); !text.empty()) {
    const std::optional<MacAddress> mac = MacAddress::Parse(text);
    if (!mac) return Invalid("SourceMac is no MAC address:" + Quoted(text));
    (*document)["SourceMac"] = mac->Text();
  }
  // ManagementIP comes with or without a length.
  if (const std::string text = StringField(*document, "ManagementIP"); !text.empty()) {
    if (!IpAddress::Parse(text) && !IpPrefix::Parse(text)) {
      return Invalid("ManagementIP is no IP address:" + Quoted(text));
    }
  }
  return {};
}

bool SharesRoutes(const Json& document) {
  const std::string type = StringField(document, "Type");
  return std::find(std::begin(kRouted), std::end(kRouted), type) != std::end(kRouted);
}

}  // namespace hcs::emulator::hns
