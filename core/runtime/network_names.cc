#include "core/runtime/network_names.h"

namespace hcs::runtime {

std::vector<std::string> NetworkNames::Find(std::string_view name) const {
  absl::MutexLock lock(&mutex_);
  const auto found = ids_.find(std::string(name));
  if (found == ids_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void NetworkNames::Replace(std::vector<Entry> all) {
  absl::MutexLock lock(&mutex_);
  ids_.clear();
  names_.clear();
  for (const Entry& entry : all) SetLocked(entry.id, entry.name);
}

void NetworkNames::Set(const std::string& id, const std::string& name) {
  absl::MutexLock lock(&mutex_);
  SetLocked(id, name);
}

void NetworkNames::Remove(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  RemoveLocked(id);
}

void NetworkNames::SetLocked(const std::string& id, const std::string& name) {
  RemoveLocked(id);
  if (name.empty()) return;
  names_[id] = name;
  ids_[name].insert(id);
}

void NetworkNames::RemoveLocked(const std::string& id) {
  const auto known = names_.find(id);
  if (known == names_.end()) return;
  const auto named = ids_.find(known->second);
  named->second.erase(id);
  if (named->second.empty()) ids_.erase(named);
  names_.erase(known);
}

}  // namespace hcs::runtime
