#include "core/runtime/container_registry.h"

#include <algorithm>
#include <utility>

#include "core/abi/hresult.h"
#include "core/host/host_error.h"
#include "core/runtime/container.h"

namespace hcs::runtime {
namespace {

// How many are looked at before the lock is let go: filters may match few.
constexpr size_t kBatch = 256;

bool Matches(const v1::Container& container, const v1::ContainerFilter& filter) {
  const auto& states = filter.states();
  if (!states.empty() &&
      std::find(states.begin(), states.end(), container.state()) == states.end()) {
    return false;
  }
  if (!filter.owner().empty() && filter.owner() != container.owner()) return false;
  return std::all_of(filter.labels().begin(), filter.labels().end(), [&](const auto& wanted) {
    const auto found = container.labels().find(wanted.first);
    return found != container.labels().end() &&
           (wanted.second.empty() || wanted.second == found->second);
  });
}

}  // namespace

absl::Status ContainerRegistry::Add(std::shared_ptr<Container> container,
                                    std::shared_ptr<Container>* replaced) {
  absl::MutexLock lock(&mutex_);
  auto [place, added] = containers_.try_emplace(container->id(), container);
  if (added) return absl::OkStatus();
  if (place->second->state() != v1::CONTAINER_STATE_STOPPED) {
    return host::MakeHostStatus(abi::VMCOMPUTE_SYSTEM_ALREADY_EXISTS,
                                {"HcsCreateComputeSystem", container->id()});
  }
  *replaced = std::exchange(place->second, std::move(container));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Container>> ContainerRegistry::Find(std::string_view id) const {
  absl::MutexLock lock(&mutex_);
  if (const auto found = containers_.find(id); found != containers_.end()) return found->second;
  return host::MakeHostStatus(abi::VMCOMPUTE_SYSTEM_NOT_FOUND, {"HcsOpenComputeSystem", id});
}

bool ContainerRegistry::Remove(const Container& container) {
  absl::MutexLock lock(&mutex_);
  const auto found = containers_.find(container.id());
  if (found == containers_.end() || found->second.get() != &container) return false;
  containers_.erase(found);
  return true;
}

std::vector<std::shared_ptr<Container>> ContainerRegistry::After(std::string_view after,
                                                                 std::string_view prefix) const {
  std::vector<std::shared_ptr<Container>> batch;
  absl::MutexLock lock(&mutex_);
  auto place = after < prefix ? containers_.lower_bound(prefix) : containers_.upper_bound(after);
  for (; place != containers_.end() && batch.size() < kBatch; ++place) {
    if (!place->first.starts_with(prefix)) break;
    batch.push_back(place->second);
  }
  return batch;
}

std::vector<v1::Container> ContainerRegistry::List(std::string_view after, size_t limit,
                                                   const v1::ContainerFilter& filter,
                                                   bool* more) const {
  std::vector<v1::Container> matching;
  std::string last(after);
  for (;;) {
    const auto batch = After(last, filter.id_prefix());
    for (const auto& container : batch) {
      last = container->id();
      v1::Container description = container->Describe();
      if (!Matches(description, filter)) continue;
      if (matching.size() == limit) {
        *more = true;
        return matching;
      }
      matching.push_back(std::move(description));
    }
    if (batch.size() < kBatch) break;
  }
  *more = false;
  return matching;
}

std::vector<std::shared_ptr<Container>> ContainerRegistry::All() const {
  std::vector<std::shared_ptr<Container>> all;
  absl::MutexLock lock(&mutex_);
  all.reserve(containers_.size());
  for (const auto& [unused, container] : containers_) all.push_back(container);
  return all;
}

size_t ContainerRegistry::size() const {
  absl::MutexLock lock(&mutex_);
  return containers_.size();
}

}  // namespace hcs::runtime
