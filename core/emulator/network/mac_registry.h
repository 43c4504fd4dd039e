// The MAC addresses of the host's endpoints, and the pools that networks take them from.

#ifndef HCS_CORE_EMULATOR_NETWORK_MAC_REGISTRY_H_
#define HCS_CORE_EMULATOR_NETWORK_MAC_REGISTRY_H_

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/emulator/network/mac_address.h"
#include "core/emulator/network/number_pool.h"
#include "core/emulator/outcome.h"

namespace hcs::emulator::hns {

struct MacRange {
  MacAddress first;
  MacAddress last;  // Of the range, too.

  bool operator==(const MacRange&) const = default;
};

// No two pools overlap, and no address has two owners, whichever networks they are of.
// Constant time in the number of addresses. Not thread-safe.
class MacRegistry {
 public:
  // A range that no pool has, of Microsoft's prefix 00-15-5D. 0x800705AA when there is
  // none any more.
  Outcome<MacRange> FreeRange() const;

  // The network of a pool that the range overlaps, other than `network`'s own; empty
  // when there is none.
  std::string Overlapped(const MacRange& range, const std::string& network) const;

  // Gives a network these pools instead of those it had. What would overlap another's
  // is left out.
  void SetPools(const std::string& network, const std::vector<MacRange>& ranges);

  // The next free address of the network's pools. 0x800705AA when they are used up.
  Outcome<MacAddress> Take(const std::string& network, const std::string& owner);

  // One that the caller names, of a pool or not; fine when it is the owner's already.
  // 0x80071392 when it is in use.
  Status Claim(const MacAddress& mac, const std::string& owner);

  // As AddressSpace's.
  void Release(const MacAddress& mac, const std::string& owner);
  void RememberRelease(const MacAddress& mac);
  std::vector<MacAddress> Released() const;

 private:
  struct Pool {
    MacRange range;
    std::string network;
    NumberPool numbers;
  };
  Pool* PoolOf(const MacAddress& mac);

  std::map<MacAddress, Pool> pools_;  // By their first addresses.
  std::unordered_map<std::string, std::vector<MacAddress>> pools_of_;
  std::unordered_map<uint64_t, std::string> owners_;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_MAC_REGISTRY_H_
