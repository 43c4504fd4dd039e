#include "core/emulator/network/port_registry.h"

#include "core/emulator/network/hns_codes.h"

namespace hcs::emulator::hns {
namespace {

constexpr uint16_t kFirstDynamic = 49152;
constexpr uint64_t kDynamicPorts = 65536 - kFirstDynamic;

std::string ProtocolName(uint8_t protocol) {
  if (protocol == 6) return "TCP";
  if (protocol == 17) return "UDP";
  return "protocol " + std::to_string(protocol);
}

}  // namespace

std::string TextOf(const ExternalPort& port) {
  return ProtocolName(port.protocol) + " port " + std::to_string(port.port);
}

NumberPool& PortRegistry::DynamicPool(uint8_t protocol) {
  return dynamic_.try_emplace(protocol, kDynamicPorts).first->second;
}

Status PortRegistry::Claim(const ExternalPort& port, const std::string& owner) {
  const auto [entry, free] = owners_.emplace(port, owner);
  if (!free && entry->second != owner) {
    return {abi::HCN_E_PORT_ALREADY_EXISTS,
            "external " + TextOf(port) + " is endpoint " + entry->second + "'s"};
  }
  if (port.port >= kFirstDynamic) DynamicPool(port.protocol).Claim(port.port - kFirstDynamic);
  return {};
}

Outcome<uint16_t> PortRegistry::Take(uint8_t protocol, const std::string& owner) {
  const auto number = DynamicPool(protocol).Take();
  if (!number) {
    return Status{kNoResources, "every dynamic " + ProtocolName(protocol) + " port is in use"};
  }
  const auto port = static_cast<uint16_t>(kFirstDynamic + *number);
  owners_.emplace(ExternalPort{protocol, port}, owner);
  return port;
}

bool PortRegistry::IsOwnedBy(const ExternalPort& port, const std::string& owner) const {
  const auto entry = owners_.find(port);
  return entry != owners_.end() && entry->second == owner;
}

void PortRegistry::Release(const ExternalPort& port, const std::string& owner) {
  if (!IsOwnedBy(port, owner)) return;
  owners_.erase(port);
  if (port.port >= kFirstDynamic) DynamicPool(port.protocol).Release(port.port - kFirstDynamic);
}

}  // namespace hcs::emulator::hns
