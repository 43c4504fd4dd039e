#include "core/runtime/services.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "core/host/host_error.h"
#include "core/runtime/container.h"

namespace hcs::runtime {
namespace {

constexpr size_t kStrandThreads = 4;
constexpr size_t kMostShards = 4;

// Fewer than there are threads, so that layers that hang leave some for containers.
constexpr CallLaneLimits kLayerLimits{.ordinary = 32};

// The microseconds of the start, so that sequences grow over restarts.
uint64_t FirstSequence(absl::Time start) {
  return static_cast<uint64_t>(absl::ToUnixMicros(start));
}

std::vector<std::unique_ptr<IoShard>> MakeShards() {
  const size_t processors = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::unique_ptr<IoShard>> shards(std::clamp<size_t>(processors / 2, 1, kMostShards));
  for (auto& shard : shards) shard = std::make_unique<IoShard>();
  return shards;
}

}  // namespace

Services::Services(const abi::HcsFunctionTable& table, RuntimeOptions runtime_options,
                   std::unique_ptr<StateStore> state_store, std::unique_ptr<LayerLedger> ledger,
                   std::unique_ptr<LayerScratch> scratch, std::unique_ptr<ImageStore> image_store)
    : options(std::move(runtime_options)),
      lane_limits{.queued = options.queued_calls_per_container},
      start_time(absl::Now()),
      host(table),
      shards(MakeShards()),
      calls("hcsd-call", options.call_threads),
      strands("hcsd-strand", kStrandThreads),
      event_strand(strands),
      layer_queries(calls, kLayerLimits),
      layer_changes(calls, kLayerLimits),
      journal(options.journal_events, FirstSequence(start_time), event_strand),
      store(std::move(state_store)),
      layer_ledger(std::move(ledger)),
      layer_scratch(std::move(scratch)),
      images(std::move(image_store)),
      layer_turns(timers(), options.operation_timeout) {}

Services::~Services() {
  layer_turns.Stop();
  // Every handle is given back while all threads are there, so that no
  // notification comes to one that has gone.
  const auto all = containers.All();
  absl::BlockingCounter open(static_cast<int>(all.size()));
  for (const auto& container : all) {
    containers.Remove(*container);
    container->Close([&open](absl::Status) { open.DecrementCount(); });
  }
  open.Wait();
  for (const auto& shard : shards) shard->loop.Stop();
  calls.Stop();
  strands.Stop();
}

IoShard& Services::NextShard() { return *shards[next_shard++ % shards.size()]; }

void Services::NoteServiceLost() {
  if (service_lost.exchange(true)) return;
  v1::Event event;
  event.set_type(v1::EVENT_TYPE_SERVICE_DISCONNECTED);
  journal.Append(std::move(event));
}

void Services::NoteServiceBack() {
  if (!service_lost.exchange(false)) return;
  v1::Event event;
  event.set_type(v1::EVENT_TYPE_SERVICE_RECONNECTED);
  journal.Append(std::move(event));
}

}  // namespace hcs::runtime
