// What stands behind the opaque handles of the C table.
//
// A handle is a number that is used once in the life of this process, never an
// address: a stale, foreign or invented one is not found, and that is all.

#ifndef HCS_CORE_EMULATOR_LIBRARY_HANDLES_H_
#define HCS_CORE_EMULATOR_LIBRARY_HANDLES_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/emulator/library/notifier.h"

namespace hcs::emulator {

class SystemLink;
struct SystemHandle;
struct ProcessHandle;

using HandleNumber = uint64_t;

// HCS_CALLBACK.
struct CallbackHandle {
  HandleNumber number = 0;
  std::shared_ptr<Registration> registration;
  std::shared_ptr<SystemLink> link;
  // The handle that it was made on: one of the two. It may have gone.
  std::weak_ptr<SystemHandle> system;
  std::weak_ptr<ProcessHandle> process;
  bool of_process = false;
};

// HCS_SYSTEM. What is not const is guarded by the link's lock.
struct SystemHandle {
  std::shared_ptr<SystemLink> link;
  bool creator = false;
  // The outcome of the creation, while nobody has registered to hear it.
  std::optional<Notification> unheard_creation;
  std::vector<std::shared_ptr<CallbackHandle>> callbacks;
};

// HCS_PROCESS. The same.
struct ProcessHandle {
  std::shared_ptr<SystemLink> link;
  uint64_t key = 0;  // The worker's; unlike a process id it is not used again.
  uint32_t process_id = 0;
  std::vector<std::shared_ptr<CallbackHandle>> callbacks;
};

// Thread-safe.
class HandleTable {
 public:
  template <typename T>
  HandleNumber Add(std::shared_ptr<T> object) {
    const HandleNumber number = NewNumber();
    AddAt(number, std::move(object));
    return number;
  }

  // For an object that knows its number.
  template <typename T>
  void AddAt(HandleNumber number, std::shared_ptr<T> object) {
    const std::lock_guard lock(mutex_);
    objects_.emplace(number, std::move(object));
  }

  // nullptr for a number that is none of T's.
  template <typename T>
  std::shared_ptr<T> Find(HandleNumber number) const {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(number);
    if (found == objects_.end()) return nullptr;
    const auto* object = std::get_if<std::shared_ptr<T>>(&found->second);
    return object == nullptr ? nullptr : *object;
  }

  // The same, and the number is stale from now on.
  template <typename T>
  std::shared_ptr<T> Take(HandleNumber number) {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(number);
    if (found == objects_.end()) return nullptr;
    const auto* held = std::get_if<std::shared_ptr<T>>(&found->second);
    if (held == nullptr) return nullptr;
    std::shared_ptr<T> object = *held;
    objects_.erase(found);
    return object;
  }

  // Makes every system's and process' handle stale; returns the links that they had.
  std::vector<std::shared_ptr<SystemLink>> DropSystemsAndProcesses();

  static HandleNumber NewNumber();

 private:
  using Object = std::variant<std::shared_ptr<SystemHandle>, std::shared_ptr<ProcessHandle>,
                              std::shared_ptr<CallbackHandle>>;

  mutable std::mutex mutex_;
  std::unordered_map<HandleNumber, Object> objects_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_HANDLES_H_
