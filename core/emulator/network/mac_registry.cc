#include "core/emulator/network/mac_registry.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/emulator/network/hns_codes.h"

namespace hcs::emulator::hns {
namespace {

// 00-15-5D-00-00-00, and how its 24 bits are dealt out.
constexpr uint64_t kMicrosoft = 0x00155D000000;
constexpr uint64_t kRangeSize = 1 << 14;
constexpr uint64_t kRanges = (1 << 24) / kRangeSize;

}  // namespace

Outcome<MacRange> MacRegistry::FreeRange() const {
  for (uint64_t i = 0; i < kRanges; ++i) {
    const MacRange range{MacAddress(kMicrosoft + i * kRangeSize),
                         MacAddress(kMicrosoft + (i + 1) * kRangeSize - 1)};
    if (Overlapped(range, {}).empty()) return range;
  }
  return Status{kNoResources, "every range of MAC addresses under 00-15-5D is in use"};
}

std::string MacRegistry::Overlapped(const MacRange& range, const std::string& network) const {
  // Pools do not overlap: all that begin before the range's end, from the last one on.
  for (auto pool = pools_.upper_bound(range.last); pool != pools_.begin();) {
    --pool;
    if (pool->second.range.last < range.first) break;
    if (pool->second.network != network) return pool->second.network;
  }
  return {};
}

void MacRegistry::SetPools(const std::string& network, const std::vector<MacRange>& ranges) {
  std::vector<MacAddress>& own = pools_of_[network];
  const bool same = std::equal(own.begin(), own.end(), ranges.begin(), ranges.end(),
                               [this](const MacAddress& first, const MacRange& range) {
                                 return pools_.at(first).range == range;
                               });
  // Pools that stay know what has been released.
  if (same && !own.empty()) return;
  for (const MacAddress& first : own) pools_.erase(first);
  own.clear();
  for (const MacRange& range : ranges) {
    if (!Overlapped(range, {}).empty()) continue;
    const uint64_t count = range.last.number() - range.first.number() + 1;
    pools_.emplace(range.first, Pool{range, network, NumberPool(count)});
    own.push_back(range.first);
  }
  if (own.empty()) pools_of_.erase(network);
}

MacRegistry::Pool* MacRegistry::PoolOf(const MacAddress& mac) {
  auto after = pools_.upper_bound(mac);
  if (after == pools_.begin()) return nullptr;
  Pool& pool = std::prev(after)->second;
  return mac <= pool.range.last ? &pool : nullptr;
}

Outcome<MacAddress> MacRegistry::Take(const std::string& network, const std::string& owner) {
  const auto own = pools_of_.find(network);
  if (own == pools_of_.end()) return Status{kNoResources, "the network has no MAC pool"};
  for (const MacAddress& first : own->second) {
    NumberPool& numbers = pools_.at(first).numbers;
    while (const auto number = numbers.Take()) {
      const MacAddress mac(first.number() + *number);
      // One that an endpoint had before there was the pool stays claimed.
      if (owners_.emplace(mac.number(), owner).second) return mac;
    }
  }
  return Status{kNoResources, "every MAC address of the network's MacPools is in use"};
}

Status MacRegistry::Claim(const MacAddress& mac, const std::string& owner) {
  const auto [entry, free] = owners_.emplace(mac.number(), owner);
  if (!free && entry->second != owner) {
    return {kObjectExists, mac.Text() + " is in use by endpoint " + entry->second};
  }
  if (Pool* pool = PoolOf(mac)) pool->numbers.Claim(mac.number() - pool->range.first.number());
  return {};
}

void MacRegistry::Release(const MacAddress& mac, const std::string& owner) {
  const auto entry = owners_.find(mac.number());
  if (entry == owners_.end() || entry->second != owner) return;
  owners_.erase(entry);
  RememberRelease(mac);
}

void MacRegistry::RememberRelease(const MacAddress& mac) {
  if (owners_.contains(mac.number())) return;
  if (Pool* pool = PoolOf(mac)) pool->numbers.Release(mac.number() - pool->range.first.number());
}

std::vector<MacAddress> MacRegistry::Released() const {
  std::vector<MacAddress> addresses;
  for (const auto& [first, pool] : pools_) {
    for (const uint64_t number : pool.numbers.Released()) {
      addresses.emplace_back(first.number() + number);
    }
  }
  return addresses;
}

}  // namespace hcs::emulator::hns
