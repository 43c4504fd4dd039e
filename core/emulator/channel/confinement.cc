#include "core/emulator/channel/confinement.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/emulator/documents/schema.h"
#include "core/emulator/errno_status.h"
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
constexpr size_t kFixedDescriptors = 2;

}  // namespace

Outcome<Confinement> OpenConfinement(const std::string& root) {
  Confinement confinement;
  confinement.machine_mounts = platform::OpenMountNamespace();
  if (!confinement.machine_mounts) return ErrnoStatus(errno, "opening the mount namespace");
  confinement.root.reset(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!confinement.root) return ErrnoStatus(errno, root);
  if (flock(confinement.root.get(), LOCK_EX | LOCK_NB) != 0) {
    return Status{abi::ERROR_SHARING_VIOLATION, root + " is another compute system's root"};
  }
  confinement.surroundings =
      std::make_shared<const ScopeSurroundings>(platform::OpenScopeSurroundings());
  return confinement;
}

Json ConfinementDocument(const Confinement& confinement, std::vector<UniqueFd>* descriptors) {
  descriptors->push_back(confinement.machine_mounts.Duplicate());
  descriptors->push_back(confinement.root.Duplicate());
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
  if (hierarchies == nullptr || descriptors.size() != kFixedDescriptors + hierarchies->size())
    return nullptr;
  auto surroundings = std::make_shared<ScopeSurroundings>();
  for (size_t i = 0; i < hierarchies->size(); ++i) {
    const Json& hierarchy = (*hierarchies)[i];
    surroundings->hierarchies.push_back({BoolField(hierarchy, kUnified),
                                         hierarchy.value(kControllers, std::vector<std::string>()),
                                         std::move(descriptors[kFixedDescriptors + i])});
  }
  if (std::string disk = StringField(document, kDisk); !disk.empty()) {
    surroundings->disk = std::move(disk);
  }
  auto confinement = std::make_unique<Confinement>();
  confinement->worker_process_id = static_cast<int>(NumberField(document, kWorkerProcessId));
  confinement->machine_mounts = std::move(descriptors[0]);
  confinement->root = std::move(descriptors[1]);
  confinement->surroundings = std::move(surroundings);
  return confinement;
}

}  // namespace hcs::emulator
