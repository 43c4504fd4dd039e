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
void RestoreStopped(Services& services, v1::Container stored) {
  v1::ContainerExit exit = stored.exit();
  auto container = std::make_shared<Container>(services, std::move(stored));
  container->exit().Set(std::move(exit));
  std::shared_ptr<Container> replaced;
  (void)services.containers.Add(std::move(container), &replaced);
}

std::shared_ptr<Container> Restore(Services& services, v1::Container stored) {
  // The host tells its state, when it is opened.
  stored.set_state(v1::CONTAINER_STATE_CREATING);
  auto container = std::make_shared<Container>(services, std::move(stored));
  std::shared_ptr<Container> replaced;
  (void)services.containers.Add(container, &replaced);
  return container;
}

}  // namespace

void Recover(Services& services) {
  std::vector<StoredContainer> stored = services.store->TakeStored();
  absl::BlockingCounter tried(static_cast<int>(stored.size()));
  for (StoredContainer& entry : stored) {
    if (entry.container.state() == v1::CONTAINER_STATE_STOPPED) {
      RestoreStopped(services, std::move(entry.container));
      tried.DecrementCount();
      continue;
    }
    Restore(services, std::move(entry.container))->Recover(std::move(entry.processes), [&tried] {
      tried.DecrementCount();
    });
  }
  tried.Wait();
}

}  // namespace hcs::runtime
