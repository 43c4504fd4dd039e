#include "core/emulator/library/handles.h"

#include <algorithm>
#include <atomic>

namespace hcs::emulator {
namespace {

// Of all tables of this process, one after the other: a handle of an earlier host
// means nothing to a later one.
std::atomic<HandleNumber> next_number{0x1000};

std::shared_ptr<SystemLink> LinkOf(
    const std::variant<std::shared_ptr<SystemHandle>, std::shared_ptr<ProcessHandle>,
                       std::shared_ptr<CallbackHandle>>& object) {
  return std::visit([](const auto& handle) { return handle->link; }, object);
}

}  // namespace

HandleNumber HandleTable::NewNumber() { return next_number.fetch_add(4); }

std::vector<std::shared_ptr<SystemLink>> HandleTable::DropSystemsAndProcesses() {
  std::vector<std::shared_ptr<SystemLink>> links;
  const std::lock_guard lock(mutex_);
  for (auto entry = objects_.begin(); entry != objects_.end();) {
    if (std::holds_alternative<std::shared_ptr<CallbackHandle>>(entry->second)) {
      ++entry;
      continue;
    }
    links.push_back(LinkOf(entry->second));
    entry = objects_.erase(entry);
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  return links;
}

}  // namespace hcs::emulator
