// Whose turn it is to change which layers.

#ifndef HCS_CORE_RUNTIME_LAYER_TURNS_H_
#define HCS_CORE_RUNTIME_LAYER_TURNS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/runtime/call.h"
#include "core/runtime/io_loop.h"

namespace hcs::runtime {

// What an operation needs. Two operations exclude each other when they have a key in
// common and either has it exclusively.
struct LayerClaim {
  struct Key {
    std::string key;
    bool exclusive = true;
  };
  // For messages: "PrepareLayer", and the path of the layer.
  std::string operation;
  std::string layer;
  std::vector<Key> keys;
};

// Thread-safe.
class LayerTurns {
 private:
  struct Core;

 public:
  // A turn that was granted: given on when it is destroyed, from any thread.
  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&& other) noexcept;
    ~Turn();

   private:
    friend struct Core;
    Turn(std::shared_ptr<Core> core, uint64_t number) : core_(std::move(core)), number_(number) {}

    std::shared_ptr<Core> core_;
    uint64_t number_ = 0;
  };
  // Runs once, with no lock held, on the calling thread or on one that gave a turn on,
  // cancelled or ran the timer. It must not block.
  using Granted = absl::AnyInvocable<void(absl::StatusOr<Turn>) &&>;

  // `timers` must outlive this. `longest_wait` bounds every wait.
  LayerTurns(IoLoop& timers, absl::Duration longest_wait);
  ~LayerTurns();

  LayerTurns(const LayerTurns&) = delete;
  LayerTurns& operator=(const LayerTurns&) = delete;

  // Grants in the order of the calls, as far as they exclude each other.
  //
  // DEADLINE_EXCEEDED, naming what was waited for, shortly before the context's deadline
  // or after the longest wait. CANCELLED by the context's cancellation.
  // RESOURCE_EXHAUSTED: 1024 wait already. UNAVAILABLE after Stop.
  void Take(LayerClaim claim, const CallContext& context, Granted granted);

  // Refuses all that wait, and all that come.
  void Stop();

 private:
  const std::shared_ptr<Core> core_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_TURNS_H_
