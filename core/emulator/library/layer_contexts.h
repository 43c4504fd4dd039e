// The contexts of Import- and ExportLayerBegin, behind numbers as other handles are.

#ifndef HCS_CORE_EMULATOR_LIBRARY_LAYER_CONTEXTS_H_
#define HCS_CORE_EMULATOR_LIBRARY_LAYER_CONTEXTS_H_

#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "core/emulator/library/handles.h"

namespace hcs::emulator {

// Thread-safe; calls on one context wait for each other.
template <typename T>
class LayerContexts {
 public:
  struct Context {
    std::mutex mutex;
    std::unique_ptr<T> content;  // Guarded; nullptr once it has ended.
  };

  HandleNumber Add(std::unique_ptr<T> content) {
    auto context = std::make_shared<Context>();
    context->content = std::move(content);
    const HandleNumber number = HandleTable::NewNumber();
    const std::lock_guard lock(mutex_);
    contexts_.emplace(number, std::move(context));
    return number;
  }

  // nullptr for a number that is none.
  std::shared_ptr<Context> Find(HandleNumber number) {
    const std::lock_guard lock(mutex_);
    const auto found = contexts_.find(number);
    return found == contexts_.end() ? nullptr : found->second;
  }

  // The same, and the number is stale from now on.
  std::shared_ptr<Context> Take(HandleNumber number) {
    const std::lock_guard lock(mutex_);
    const auto found = contexts_.find(number);
    if (found == contexts_.end()) return nullptr;
    std::shared_ptr<Context> context = std::move(found->second);
    contexts_.erase(found);
    return context;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<HandleNumber, std::shared_ptr<Context>> contexts_;
};

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LIBRARY_LAYER_CONTEXTS_H_
