#include "core/runtime/recovery.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "core/runtime/container.h"
#include "core/runtime/services.h"

namespace hcs::runtime {
namespace {

// One that had stopped before the daemon did: what is known of it is stored.
void RestoreStopped(Services& services, RecordedContainer stored) {
  v1::ContainerExit exit = stored.container.exit();
  auto container =
      std::make_shared<Container>(services, std::move(stored.container), std::move(stored.record));
  container->exit().Set(std::move(exit));
  std::shared_ptr<Container> replaced;
  (void)services.containers.Add(std::move(container), &replaced);
}

void Restore(Services& services, RecordedContainer stored, Task tried) {
  // The host tells its state, when it is opened.
  stored.container.set_state(v1::CONTAINER_STATE_CREATING);
  auto container =
      std::make_shared<Container>(services, std::move(stored.container), std::move(stored.record));
  std::shared_ptr<Container> replaced;
  (void)services.containers.Add(container, &replaced);
  container->Recover(std::move(stored.processes), std::move(tried));
}

}  // namespace

void Recover(Services& services) {
  std::vector<RecordedContainer> recorded = services.store->TakeRecorded();
  absl::BlockingCounter tried(static_cast<int>(recorded.size()));
  for (RecordedContainer& entry : recorded) {
    if (entry.container.state() == v1::CONTAINER_STATE_STOPPED) {
      RestoreStopped(services, std::move(entry));
      tried.DecrementCount();
    } else {
      Restore(services, std::move(entry), [&tried] { tried.DecrementCount(); });
    }
  }
  tried.Wait();
}

void RecoverLayers(Services& services) {
  const auto destroy = [&services](const host::LayerAddress& layer) {
    absl::Status destroyed = services.host.layers().Destroy(layer);
    if (destroyed.ok()) services.layer_ledger->Forget(layer.path());
    return destroyed;
  };
  services.layer_scratch->RemoveLeftovers(destroy, services.options.report);
}

}  // namespace hcs::runtime
