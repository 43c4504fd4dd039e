// The IP addresses of one network: which are free, and whose the others are.

#ifndef HCS_CORE_EMULATOR_NETWORK_ADDRESS_SPACE_H_
#define HCS_CORE_EMULATOR_NETWORK_ADDRESS_SPACE_H_

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/emulator/network/ip_address.h"
#include "core/emulator/network/number_pool.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

struct SubnetPlan {
  IpPrefix prefix;
  std::optional<IpAddress> gateway;

  bool operator==(const SubnetPlan&) const = default;
};

// Of a subnet, the first address (the network's, or IPv6's anycast of the routers), the
// last of an IPv4 one (broadcast) and the gateway belong to nobody. Every function is of
// constant time in the number of addresses; /8 and /64 cost no more than /24. Not
// thread-safe.
class AddressSpace {
 public:
  // Of a network without subnets any address can be claimed, and none be taken.
  explicit AddressSpace(std::vector<SubnetPlan> subnets);

  const std::vector<SubnetPlan>& subnets() const { return plans_; }
  bool Has(IpFamily family) const;

  // nullptr when the address is in none.
  const SubnetPlan* SubnetOf(const IpAddress& address) const;

  // The next free address of the first subnet of the family that has one, for `owner`.
  // 0x800705AA when all are in use, HCN_E_SUBNET_NOT_FOUND without such a subnet.
  Outcome<IpAddress> Take(IpFamily family, const std::string& owner);

  // One that the caller names; fine when it is the owner's already. HCN_E_INVALID_IP
  // outside the subnets or for one that belongs to nobody, 0x80071392 when it is in use.
  Status Claim(const IpAddress& address, const std::string& owner);

  // What is not the owner's is left alone. The address is the last to be taken again.
  void Release(const IpAddress& address, const std::string& owner);

  // Replays of an earlier release that the address was released, if it is free.
  void RememberRelease(const IpAddress& address);

  // In the order of their release.
  std::vector<IpAddress> Released() const;

 private:
  struct Subnet {
    SubnetPlan plan;
    NumberPool pool;  // Of offsets from the prefix' first address.
  };
  Subnet* Find(const IpAddress& address);

  std::vector<SubnetPlan> plans_;
  std::vector<Subnet> subnets_;
  std::unordered_map<IpAddress, std::string, IpAddress::Hash> owners_;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_ADDRESS_SPACE_H_
