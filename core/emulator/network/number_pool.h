// Numbers of a range, each given out to one at a time: what the addresses of a subnet,
// the MACs of a pool and ports have in common.

#ifndef HCS_CORE_EMULATOR_NETWORK_NUMBER_POOL_H_
#define HCS_CORE_EMULATOR_NETWORK_NUMBER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace hcs::emulator::hns {

// Numbers that were never given out come first, in their order, then those that were
// released, longest ago first. Time and memory follow what is claimed, not the size of
// the range; every function is of constant time, amortised. Not thread-safe.
class NumberPool {
 public:
  // The numbers 0 to count - 1.
  explicit NumberPool(uint64_t count) : count_(count) {}

  uint64_t count() const { return count_; }

  // Takes one that the caller names. False when it is taken or not of the range.
  bool Claim(uint64_t number);
  bool IsClaimed(uint64_t number) const { return claimed_.contains(number); }

  // Takes the next one; nullopt when all are taken.
  std::optional<uint64_t> Take();

  // Gives one back, to be the last that Take comes to. Also for one that is free
  // already: it then becomes the last. One that is not of the range is no matter.
  void Release(uint64_t number);

  // The released ones that are still free, longest ago first.
  std::vector<uint64_t> Released() const;

  // Of that many released ones the order is kept: what was released before them counts
  // as never given out.
  static constexpr size_t kMaxReleased = 65536;

 private:
  std::optional<uint64_t> TakeNew();
  std::optional<uint64_t> TakeReleased();
  void DropStale();

  uint64_t count_;
  uint64_t next_new_ = 0;
  std::unordered_set<uint64_t> claimed_;
  // Free ones that had been given out, with their latest turn in the queue; a queue's
  // entry with another turn is stale.
  std::unordered_map<uint64_t, uint64_t> released_;
  std::deque<std::pair<uint64_t, uint64_t>> queue_;  // Number, turn.
  uint64_t last_turn_ = 0;
};

}  // namespace hcs::emulator::hns

#endif  // HCS_CORE_EMULATOR_NETWORK_NUMBER_POOL_H_
