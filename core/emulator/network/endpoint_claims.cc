#include "core/emulator/network/endpoint_claims.h"

#include <optional>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/policy_document.h"

namespace hcs::emulator::hns {

// The fields of a family's address.
struct EndpointClaims::FamilyFields {
  IpFamily family;
  const char* address;
  const char* length;
  const char* gateway;
};

namespace {

Status InvalidIp(std::string message) { return {abi::HCN_E_INVALID_IP, std::move(message)}; }

Status CheckLength(const Json& document, const char* name, int bits) {
  const uint64_t length = NumberField(document, name);
  if (length >= 1 && length <= static_cast<uint64_t>(bits)) return {};
  return {abi::HCN_E_INVALID_ENDPOINT,
          std::string(name) + " is not from 1 to " + std::to_string(bits)};
}

Status CheckGateway(const char* name, const SubnetPlan& subnet, Json* document) {
  const std::string text = StringField(*document, name);
  const std::optional<IpAddress> gateway = IpAddress::Parse(text);
  if (!gateway || gateway->family() != subnet.prefix.family()) {
    return InvalidIp(std::string(name) + " is no " + NameOf(subnet.prefix.family()) +
                     " address: \"" + text + "\"");
  }
  if (!subnet.prefix.Contains(*gateway)) {
    return InvalidIp(std::string(name) + " " + text + " is not in " + subnet.prefix.Text());
  }
  (*document)[name] = gateway->Text();
  return {};
}

}  // namespace

EndpointClaims::~EndpointClaims() {
  for (const auto& undo : undo_) undo();
}

Status EndpointClaims::TakeAddresses(Json* document) {
  constexpr FamilyFields kFamilies[] = {
      {IpFamily::kV4, "IPAddress", "PrefixLength", "GatewayAddress"},
      {IpFamily::kV6, "IPv6Address", "IPv6PrefixLength", "GatewayAddressV6"}};
  for (const FamilyFields& fields : kFamilies) {
    if (Status status = TakeAddress(fields, document); !status.ok()) return status;
  }
  return {};
}

Status EndpointClaims::TakeAddress(const FamilyFields& fields, Json* document) {
  AddressSpace& space = model_->FindNetwork(network_)->addresses;
  const std::string wanted = StringField(*document, fields.address);
  if (wanted.empty() && !space.Has(fields.family)) return {};
  const Outcome<IpAddress> address = Assigned(fields, wanted);
  if (!address.ok()) return address.failure();
  (*document)[fields.address] = address->Text();
  const SubnetPlan* subnet = space.SubnetOf(*address);
  if (subnet == nullptr) {
    if (!document->contains(fields.length)) return {};
    return CheckLength(*document, fields.length, address->bits());
  }
  if (!document->contains(fields.length)) {
    (*document)[fields.length] = static_cast<uint32_t>(subnet->prefix.length());
  }
  if (Status status = CheckLength(*document, fields.length, address->bits()); !status.ok()) {
    return status;
  }
  if (document->contains(fields.gateway)) return CheckGateway(fields.gateway, *subnet, document);
  if (subnet->gateway) (*document)[fields.gateway] = subnet->gateway->Text();
  return {};
}

Outcome<IpAddress> EndpointClaims::Assigned(const FamilyFields& fields, const std::string& wanted) {
  AddressSpace& space = model_->FindNetwork(network_)->addresses;
  const auto undo = [this, &space](const IpAddress& address) {
    undo_.emplace_back([this, &space, address] { space.Release(address, endpoint_); });
  };
  if (wanted.empty()) {
    Outcome<IpAddress> taken = space.Take(fields.family, endpoint_);
    if (taken.ok()) undo(*taken);
    return taken;
  }
  const std::optional<IpAddress> address = IpAddress::Parse(wanted);
  if (!address || address->family() != fields.family) {
    return InvalidIp(std::string(fields.address) + " is no " + NameOf(fields.family) +
                     " address: \"" + wanted + "\"");
  }
  if (Status status = space.Claim(*address, endpoint_); !status.ok()) {
    status.message = std::string(fields.address) + " " + status.message;
    return status;
  }
  undo(*address);
  return *address;
}

Status EndpointClaims::TakeMac(Json* document) {
  const std::string wanted = StringField(*document, "MacAddress");
  MacAddress mac;
  if (wanted.empty()) {
    const Outcome<MacAddress> taken = model_->macs().Take(network_, endpoint_);
    if (!taken.ok()) return taken.failure();
    mac = *taken;
  } else {
    const std::optional<MacAddress> parsed = MacAddress::Parse(wanted);
    if (!parsed || !parsed->IsUnicast()) {
      return {abi::HCN_E_INVALID_ENDPOINT, std::string("MacAddress is no ") +
                                               (parsed ? "adapter's" : "MAC address") + ": \"" +
                                               wanted + "\""};
    }
    mac = *parsed;
    if (Status status = model_->macs().Claim(mac, endpoint_); !status.ok()) {
      status.message = "MacAddress " + status.message;
      return status;
    }
  }
  undo_.emplace_back([this, mac] { model_->macs().Release(mac, endpoint_); });
  (*document)["MacAddress"] = mac.Text();
  return {};
}

Status EndpointClaims::TakePorts(Json* document) {
  const auto policies = document->find("Policies");
  if (policies == document->end()) return {};
  std::set<ExternalPort> own;
  // Those that are named come first: HNS' choice must not be one of them.
  for (const bool named : {true, false}) {
    for (size_t i = 0; i < policies->size(); ++i) {
      Json& policy = (*policies)[i];
      if (StringField(policy, "Type") != "NAT") continue;
      if ((ExternalPortOf(policy).port != 0) != named) continue;
      const std::string path = "Policies[" + std::to_string(i) + "].ExternalPort: ";
      if (Status status = TakePort(path, &policy, &own); !status.ok()) return status;
    }
  }
  return {};
}

Status EndpointClaims::TakePort(const std::string& path, Json* policy,
                                std::set<ExternalPort>* own) {
  PortRegistry& ports = model_->ports();
  ExternalPort port = ExternalPortOf(*policy);
  if (port.port == 0) {
    const Outcome<uint16_t> taken = ports.Take(port.protocol, endpoint_);
    if (!taken.ok()) return taken.failure();
    port.port = *taken;
    (*policy)["ExternalPort"] = port.port;
  } else {
    if (!own->insert(port).second) {
      return {abi::HCN_E_PORT_ALREADY_EXISTS, path + "the endpoint has it in another policy"};
    }
    // What it had before, it keeps when the change fails.
    const bool had = ports.IsOwnedBy(port, endpoint_);
    if (Status status = ports.Claim(port, endpoint_); !status.ok()) {
      status.message = path + status.message;
      return status;
    }
    if (had) return {};
  }
  undo_.emplace_back([&ports, port, this] { ports.Release(port, endpoint_); });
  return {};
}

}  // namespace hcs::emulator::hns
