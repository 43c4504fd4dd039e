#include "core/emulator/channel/confinement.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/platform/container_entry.h"

namespace hcs::emulator {
namespace {

using platform::ScopeSurroundings;
using platform::UniqueFd;

constexpr char kWorkerProcessId[] = "WorkerProcessId";
constexpr char kDisk[] = "Disk";
constexpr char kHierarchies[] = "Hierarchies";
constexpr char kUnified[] = "Unified";
constexpr char kControllers[] = "Controllers";

}  // namespace

Confinement OpenConfinement(int worker_process_id) {
  return {worker_process_id, platform::OpenMountNamespace(),
          std::make_shared<const ScopeSurroundings>(platform::OpenScopeSurroundings())};
}

Json ConfinementDocument(const Confinement& confinement, std::vector<UniqueFd>* descriptors) {
  descriptors->push_back(confinement.machine_mounts.Duplicate());
  Json hierarchies = Json::array();
  for (const auto& hierarchy : confinement.surroundings->hierarchies) {
    hierarchies.push_back({{kUnified, hierarchy.unified}, {kControllers, hierarchy.controllers}});
    descriptors->push_back(hierarchy.folder.Duplicate());
  }
  return {{kWorkerProcessId, confinement.worker_process_id},
          {kDisk, confinement.surroundings->disk.value_or("")},
          {kHierarchies, std::move(hierarchies)}};
}

std::unique_ptr<Confinement> ReadConfinement(const Json& document,
                                             std::span<UniqueFd> descriptors) {
  const Json* hierarchies = FindField(document, kHierarchies);
  if (hierarchies == nullptr || descriptors.size() != hierarchies->size() + 1) return nullptr;
  auto surroundings = std::make_shared<ScopeSurroundings>();
  for (size_t i = 0; i < hierarchies->size(); ++i) {
    const Json& hierarchy = (*hierarchies)[i];
    surroundings->hierarchies.push_back({BoolField(hierarchy, kUnified),
                                         hierarchy.value(kControllers, std::vector<std::string>()),
                                         std::move(descriptors[i + 1])});
  }
  if (std::string disk = StringField(document, kDisk); !disk.empty()) {
    surroundings->disk = std::move(disk);
  }
  auto confinement = std::make_unique<Confinement>();
  confinement->worker_process_id = static_cast<int>(NumberField(document, kWorkerProcessId));
  confinement->machine_mounts = std::move(descriptors[0]);
  confinement->surroundings = std::move(surroundings);
  return confinement;
}

}  // namespace hcs::emulator
