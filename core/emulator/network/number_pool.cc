#include "core/emulator/network/number_pool.h"

namespace hcs::emulator::hns {

bool NumberPool::Claim(uint64_t number) {
  if (number >= count_ || !claimed_.insert(number).second) return false;
  released_.erase(number);
  return true;
}

std::optional<uint64_t> NumberPool::Take() {
  if (claimed_.size() >= count_) return std::nullopt;
  if (const auto number = TakeNew()) return number;
  if (const auto number = TakeReleased()) return number;
  // Some are free whose release was too long ago to be remembered.
  next_new_ = 0;
  return TakeNew();
}

std::optional<uint64_t> NumberPool::TakeNew() {
  while (next_new_ < count_) {
    const uint64_t number = next_new_++;
    if (!released_.contains(number) && claimed_.insert(number).second) return number;
  }
  return std::nullopt;
}

std::optional<uint64_t> NumberPool::TakeReleased() {
  while (!queue_.empty()) {
    const auto [number, turn] = queue_.front();
    queue_.pop_front();
    const auto found = released_.find(number);
    if (found == released_.end() || found->second != turn) continue;
    released_.erase(found);
    claimed_.insert(number);
    return number;
  }
  return std::nullopt;
}

void NumberPool::Release(uint64_t number) {
  if (number >= count_) return;
  claimed_.erase(number);
  released_[number] = ++last_turn_;
  queue_.emplace_back(number, last_turn_);
  if (queue_.size() > 2 * released_.size() + 16) DropStale();
  while (released_.size() > kMaxReleased) {
    const auto [oldest, turn] = queue_.front();
    queue_.pop_front();
    const auto found = released_.find(oldest);
    if (found != released_.end() && found->second == turn) released_.erase(found);
  }
}

void NumberPool::DropStale() {
  std::erase_if(queue_, [this](const auto& entry) {
    const auto found = released_.find(entry.first);
    return found == released_.end() || found->second != entry.second;
  });
}

std::vector<uint64_t> NumberPool::Released() const {
  std::vector<uint64_t> numbers;
  for (const auto& [number, turn] : queue_) {
    const auto found = released_.find(number);
    if (found != released_.end() && found->second == turn) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace hcs::emulator::hns
