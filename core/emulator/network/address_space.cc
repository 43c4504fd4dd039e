#include "core/emulator/network/address_space.h"

#include <algorithm>
#include <utility>

#include "core/emulator/network/hns_codes.h"

namespace hcs::emulator::hns {
namespace {

// A pool counts in 64 bits; addresses beyond it can be claimed, not taken.
constexpr int kMaxPoolBits = 63;

NumberPool PoolOf(const SubnetPlan& plan) {
  NumberPool pool(uint64_t{1} << std::min(plan.prefix.host_bits(), kMaxPoolBits));
  pool.Claim(0);
  if (plan.prefix.family() == IpFamily::kV4) pool.Claim(pool.count() - 1);
  if (plan.gateway) {
    if (const auto offset = plan.gateway->OffsetFrom(plan.prefix.first())) pool.Claim(*offset);
  }
  return pool;
}

// Why nobody can have the address; empty when anybody can.
std::string ReservedAs(const SubnetPlan& plan, const IpAddress& address) {
  if (plan.gateway == address) return "the gateway of " + plan.prefix.Text();
  if (address == plan.prefix.first()) return "the address of " + plan.prefix.Text() + " itself";
  if (plan.prefix.family() == IpFamily::kV4 && address == plan.prefix.last()) {
    return "the broadcast address of " + plan.prefix.Text();
  }
  return {};
}

}  // namespace

AddressSpace::AddressSpace(std::vector<SubnetPlan> subnets) : plans_(std::move(subnets)) {
  for (const SubnetPlan& plan : plans_) subnets_.push_back({plan, PoolOf(plan)});
}

bool AddressSpace::Has(IpFamily family) const {
  return std::any_of(plans_.begin(), plans_.end(),
                     [&](const SubnetPlan& plan) { return plan.prefix.family() == family; });
}

const SubnetPlan* AddressSpace::SubnetOf(const IpAddress& address) const {
  const auto found = std::find_if(plans_.begin(), plans_.end(), [&](const SubnetPlan& plan) {
    return plan.prefix.Contains(address);
  });
  return found == plans_.end() ? nullptr : &*found;
}

AddressSpace::Subnet* AddressSpace::Find(const IpAddress& address) {
  const auto found = std::find_if(subnets_.begin(), subnets_.end(), [&](const Subnet& subnet) {
    return subnet.plan.prefix.Contains(address);
  });
  return found == subnets_.end() ? nullptr : &*found;
}

Outcome<IpAddress> AddressSpace::Take(IpFamily family, const std::string& owner) {
  std::string full;
  for (Subnet& subnet : subnets_) {
    if (subnet.plan.prefix.family() != family) continue;
    if (const auto offset = subnet.pool.Take()) {
      const IpAddress address = subnet.plan.prefix.first().Plus(*offset);
      owners_.emplace(address, owner);
      return address;
    }
    full += (full.empty() ? "" : ", ") + subnet.plan.prefix.Text();
  }
  if (full.empty()) {
    return Status{abi::HCN_E_SUBNET_NOT_FOUND,
                  std::string("the network has no ") + NameOf(family) + " subnet"};
  }
  return Status{kNoResources, "every address of " + full + " is in use"};
}

Status AddressSpace::Claim(const IpAddress& address, const std::string& owner) {
  Subnet* subnet = Find(address);
  if (subnet == nullptr && (!subnets_.empty() || address.IsUnspecified())) {
    return {abi::HCN_E_INVALID_IP, address.Text() + " is in no subnet of the network"};
  }
  if (subnet != nullptr) {
    if (std::string reserved = ReservedAs(subnet->plan, address); !reserved.empty()) {
      return {abi::HCN_E_INVALID_IP, address.Text() + " is " + reserved};
    }
  }
  const auto [entry, free] = owners_.emplace(address, owner);
  if (!free && entry->second != owner) {
    return {kObjectExists, address.Text() + " is in use by endpoint " + entry->second};
  }
  if (free && subnet != nullptr) {
    if (const auto offset = address.OffsetFrom(subnet->plan.prefix.first())) {
      subnet->pool.Claim(*offset);
    }
  }
  return {};
}

void AddressSpace::Release(const IpAddress& address, const std::string& owner) {
  const auto entry = owners_.find(address);
  if (entry == owners_.end() || entry->second != owner) return;
  owners_.erase(entry);
  RememberRelease(address);
}

void AddressSpace::RememberRelease(const IpAddress& address) {
  Subnet* subnet = Find(address);
  if (subnet == nullptr || owners_.contains(address)) return;
  if (!ReservedAs(subnet->plan, address).empty()) return;
  if (const auto offset = address.OffsetFrom(subnet->plan.prefix.first())) {
    subnet->pool.Release(*offset);
  }
}

std::vector<IpAddress> AddressSpace::Released() const {
  std::vector<IpAddress> addresses;
  for (const Subnet& subnet : subnets_) {
    for (const uint64_t offset : subnet.pool.Released()) {
      addresses.push_back(subnet.plan.prefix.first().Plus(offset));
    }
  }
  return addresses;
}

}  // namespace hcs::emulator::hns
