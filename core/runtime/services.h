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
#include "core/runtime/output_pump.h"
#include "core/runtime/request_cache.h"
#include "core/runtime/runtime.h"
#include "core/runtime/state_store.h"

namespace hcs::runtime {

// Thread-safe as a whole. Members go down in the reverse order: what uses a
// thread goes before the thread.
struct Services {
  Services(const abi::HcsFunctionTable& table, RuntimeOptions options,
           std::unique_ptr<StateStore> store);
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

  EventJournal journal;
  RequestCache requests;
  const std::unique_ptr<StateStore> store;
  ContainerRegistry containers;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_SERVICES_H_
