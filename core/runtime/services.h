// What the parts of the runtime share. Made by Runtime, once.

#ifndef HCS_CORE_RUNTIME_SERVICES_H_
#define HCS_CORE_RUNTIME_SERVICES_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "core/host/compute_service.h"
#include "core/runtime/call_lane.h"
#include "core/runtime/container_registry.h"
#include "core/runtime/event_journal.h"
#include "core/runtime/executor.h"
#include "core/runtime/image_store.h"
#include "core/runtime/layer_ledger.h"
#include "core/runtime/layer_scratch.h"
#include "core/runtime/layer_turns.h"
#include "core/runtime/output_pump.h"
#include "core/runtime/request_cache.h"
#include "core/runtime/runtime.h"
#include "core/runtime/state_store.h"

namespace hcs::runtime {

// Thread-safe as a whole. Members go down in the reverse order: what uses a
// thread goes before the thread.
struct Services {
  Services(const abi::HcsFunctionTable& table, RuntimeOptions options,
           std::unique_ptr<StateStore> store, std::unique_ptr<LayerLedger> layer_ledger,
           std::unique_ptr<LayerScratch> layer_scratch, std::unique_ptr<ImageStore> images);
  ~Services();

  // The shard whose loop carries the next process' streams.
  IoShard& NextShard();
  // The loop for timers.
  IoLoop& timers() { return shards.front()->loop; }

  // Tells once that the service was lost, and once that it is back.
  void NoteServiceLost();
  void NoteServiceBack();

  const RuntimeOptions options;
  const CallLaneLimits lane_limits;
  const absl::Time start_time;
  host::ComputeService host;

  std::vector<std::unique_ptr<IoShard>> shards;
  std::atomic<size_t> next_shard = 0;
  std::atomic<bool> service_lost = false;
  ThreadPool calls;
  ThreadPool strands;
  SerialExecutor event_strand;

  // Bound the calls of the host about layers: those that ask, and those that change.
  CallLane layer_queries;
  CallLane layer_changes;

  EventJournal journal;
  RequestCache requests;
  const std::unique_ptr<StateStore> store;
  ContainerRegistry containers;
  const std::unique_ptr<LayerLedger> layer_ledger;
  const std::unique_ptr<LayerScratch> layer_scratch;
  const std::unique_ptr<ImageStore> images;
  LayerTurns layer_turns;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_SERVICES_H_
