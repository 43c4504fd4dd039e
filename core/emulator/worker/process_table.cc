#include "core/emulator/worker/process_table.h"

#include <algorithm>
#include <utility>

namespace hcs::emulator::worker {

ProcessTable::Entry& ProcessTable::Add(std::unique_ptr<ContainerProcess> process) {
  const pid_t process_id = process->process_id();
  if (Entry* old = FindByProcessId(process_id); old != nullptr && old->handles == 0) {
    std::erase(kept_, old->key);
    Forget(old->key);
  }
  const uint64_t key = next_key_++;
  keys_by_process_id_[process_id] = key;
  ++running_;
  return entries_[key] = Entry{key, 1, std::move(process)};
}

ProcessTable::Entry* ProcessTable::Find(uint64_t key) {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

ProcessTable::Entry* ProcessTable::FindByProcessId(pid_t process_id) {
  const auto found = keys_by_process_id_.find(process_id);
  return found == keys_by_process_id_.end() ? nullptr : Find(found->second);
}

void ProcessTable::OnExited(const Entry& entry) {
  --running_;
  if (entry.handles == 0) Keep(entry.key);
}

void ProcessTable::ReleaseHandle(uint64_t key) {
  Entry* entry = Find(key);
  if (entry == nullptr || entry->handles == 0) return;
  if (--entry->handles == 0 && entry->process->status().exited) Keep(key);
}

void ProcessTable::Keep(uint64_t key) {
  std::erase(kept_, key);
  kept_.push_back(key);
  while (kept_.size() > kExitedProcessesKept) {
    const uint64_t oldest = kept_.front();
    kept_.pop_front();
    // Somebody may have opened it again.
    if (const Entry* entry = Find(oldest); entry != nullptr && entry->handles == 0) Forget(oldest);
  }
}

void ProcessTable::Forget(uint64_t key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  const auto by_id = keys_by_process_id_.find(found->second.process->process_id());
  if (by_id != keys_by_process_id_.end() && by_id->second == key) keys_by_process_id_.erase(by_id);
  entries_.erase(found);
}

}  // namespace hcs::emulator::worker
