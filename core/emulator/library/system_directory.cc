#include "core/emulator/library/system_directory.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/emulator/channel/protocol.h"
#include "core/emulator/documents/json_text.h"
#include "core/emulator/isolation/oci_bundle.h"
#include "core/emulator/library/worker_launcher.h"
#include "core/emulator/state/process_end.h"
#include "core/emulator/state/system_id.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr size_t kLaunchers = 4;
constexpr std::chrono::seconds kWorkerStartTimeout{60};
constexpr int kWorkerEndTimeoutMs = 10'000;
constexpr int kLookAgainMs = 100;

Status NotFound(const std::string& id) {
  return {abi::VMCOMPUTE_SYSTEM_NOT_FOUND, "there is no compute system with the id \"" + id + "\""};
}

}  // namespace

SystemDirectory::SystemDirectory(SystemsFolder folder, Options options, Reactor* reactor,
                                 Notifier* notifier)
    : folder_(std::move(folder)),
      options_(std::move(options)),
      volumes_(options_.state_folder),
      isolation_(options_.isolation, options_.worker_path),
      reactor_(reactor),
      notifier_(notifier),
      launchers_(kLaunchers) {
  undertaker_.Post([this] { folder_.RemoveAllDead(); });
}

std::shared_ptr<SystemLink> SystemDirectory::NewLink(const std::string& id) {
  return std::make_shared<SystemLink>(id, notifier_, [this](std::shared_ptr<SystemLink> link) {
    undertaker_.Post([this, link] { FindOutWhyLost(link); });
  });
}

Outcome<std::shared_ptr<SystemHandle>> SystemDirectory::Create(const std::string& id,
                                                               std::string configuration) {
  const Outcome<Json> document = ParseDocument(configuration);
  if (!document.ok()) return document.failure();
  const Outcome<SystemDocument> system = ReadSystemDocument(*document, options_.build_number);
  if (!system.ok()) return system.failure();
  // A system without a root of its own is made of processes of this machine in any case.
  const bool namespaces = !system->root_path.empty() && Isolation().namespaces;
  Outcome<ReservedSystem> reserved = folder_.Reserve(id, namespaces);
  if (!reserved.ok()) return reserved.failure();
  // A shared pointer, since tasks are copyable and descriptors are not.
  auto creation = std::make_shared<Creation>();
  creation->reserved = *std::move(reserved);
  creation->configuration = std::move(configuration);
  Status planned = namespaces ? PlanContainer(*system, id, creation.get()) : Status();
  // Last: what a system that is then abandoned has attached is found to be nobody's.
  if (planned.ok() && options_.attach_network) planned = options_.attach_network(id, *document);
  if (!planned.ok()) {
    folder_.Abandon(std::move(creation->reserved));
    return planned;
  }

  const std::shared_ptr<SystemLink> link = NewLink(id);
  auto handle = std::make_shared<SystemHandle>();
  handle->link = link;
  handle->creator = true;
  link->AddHandle(handle);
  {
    const std::lock_guard lock(mutex_);
    links_[id] = link;
  }
  launchers_.Post([this, link, creation] { Launch(link, std::move(*creation)); });
  return handle;
}

Status SystemDirectory::PlanContainer(const SystemDocument& system, const std::string& id,
                                      Creation* creation) {
  Outcome<ContainerFiles> files = FindContainerFiles(system, volumes_);
  if (!files.ok()) return files.failure();
  Outcome<std::string> host_name = ContainerHostName(system, id);
  if (!host_name.ok()) return host_name.failure();
  // From now on the root is this container's.
  Outcome<Confinement> confinement = OpenConfinement(files->root);
  if (!confinement.ok()) return confinement.failure();
  ContainerLaunch launch;
  launch.runtime = isolation_.runtime();
  launch.worker_path = options_.worker_path;
  launch.id = id;
  launch.host_name = *std::move(host_name);
  launch.files = *std::move(files);
  creation->launch = std::move(launch);
  creation->confinement = *std::move(confinement);
  return {};
}

void SystemDirectory::Launch(const std::shared_ptr<SystemLink>& link, Creation creation) {
  const Status status = StartWorker(link, &creation);
  if (!status.ok()) folder_.Abandon(std::move(creation.reserved));
  // Whatever is the container's is the worker's now, or nobody's.
  creation.confinement.reset();
  link->FinishOpening(status);
  ForgetIfUnused(link);
}

Outcome<UniqueFd> SystemDirectory::LaunchFor(const std::string& id, Creation* creation,
                                             Json* document, WorkerCall* call) {
  const UniqueFd log = SystemsFolder::OpenLog(creation->reserved);
  if (!creation->launch) return LaunchWorker(options_.worker_path, id, log.get());
  creation->launch->log_fd = log.get();
  Outcome<ConfinedWorker> worker = LaunchConfinedWorker(*creation->launch, creation->reserved);
  if (!worker.ok()) return worker.failure();
  creation->confinement->worker_process_id = worker->process_id;
  (*document)[protocol::kConfinement] =
      ConfinementDocument(*creation->confinement, &call->descriptors);
  return std::move(worker->connection);
}

Status SystemDirectory::StartWorker(const std::shared_ptr<SystemLink>& link, Creation* creation) {
  const ReservedSystem& reserved = creation->reserved;
  const std::string& configuration = creation->configuration;
  Json document = {{"Id", link->id()},
                   {"FolderName", FolderNameOfId(link->id())},
                   {"RuntimeId", reserved.runtime_id},
                   {"BuildNumber", options_.build_number}};
  document["Configuration"] = Json::parse(configuration.empty() ? "{}" : configuration);
  WorkerCall call;
  call.method = protocol::kCreate;
  call.timeout = kWorkerStartTimeout;
  for (const UniqueFd* descriptor : {&reserved.folder, &reserved.lock, &reserved.listener}) {
    call.descriptors.push_back(descriptor->Duplicate());
  }
  Outcome<UniqueFd> socket = LaunchFor(link->id(), creation, &document, &call);
  if (!socket.ok()) return socket.failure();
  call.document = JsonToText(document);
  auto connection = std::make_shared<WorkerConnection>(*std::move(socket), reactor_, link);
  connection->Open();
  return link->Introduce(std::move(connection), std::move(call));
}

Outcome<std::shared_ptr<SystemHandle>> SystemDirectory::Open(const std::string& id) {
  auto handle = std::make_shared<SystemHandle>();
  std::shared_ptr<SystemLink> opening;
  std::shared_ptr<SystemLink> link = FindOrBegin(id, handle, &opening);
  if (opening) {
    const Status status = Attach(opening);
    opening->FinishOpening(status);
    if (!status.ok()) {
      opening->RemoveHandle(handle);
      ForgetIfUnused(opening);
      return status;
    }
    return handle;
  }
  if (link->AwaitOpened() == SystemLink::Phase::kConnected) return handle;
  link->RemoveHandle(handle);
  ForgetIfUnused(link);
  return NotFound(id);
}

std::shared_ptr<SystemLink> SystemDirectory::FindOrBegin(
    const std::string& id, const std::shared_ptr<SystemHandle>& handle,
    std::shared_ptr<SystemLink>* opening) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<SystemLink>& link = links_[id];
  if (link) {
    handle->link = link;
    if (link->AddHandle(handle)) return link;
  }
  link = NewLink(id);
  handle->link = link;
  link->AddHandle(handle);
  *opening = link;
  return link;
}

Status SystemDirectory::Attach(const std::shared_ptr<SystemLink>& link) {
  Outcome<UniqueFd> socket = folder_.Connect(link->id());
  if (!socket.ok()) return socket.failure();
  auto connection = std::make_shared<WorkerConnection>(*std::move(socket), reactor_, link);
  connection->Open();
  WorkerCall call;
  call.method = protocol::kAttach;
  const Status status = link->Introduce(std::move(connection), std::move(call));
  // It stopped, or its creation failed, while we were at the door.
  if (status.code == abi::VMCOMPUTE_CONNECTION_CLOSED) return NotFound(link->id());
  return status;
}

std::string SystemDirectory::Enumerate(const EnumerationQuery& query) {
  std::map<std::string, std::shared_ptr<SystemLink>, std::less<>> links;
  {
    const std::lock_guard lock(mutex_);
    links = links_;
  }
  std::string text = "[";
  const auto add = [&](const std::string& id, const SystemSummary& summary) {
    if (!query.Matches(id, summary.type, summary.name, summary.owner)) return;
    if (text.size() > 1) text += ",";
    text += summary.properties;
  };
  const std::vector<std::string> candidates = query.ids.empty() ? folder_.List() : query.ids;
  for (const std::string& id : std::set<std::string>(candidates.begin(), candidates.end())) {
    if (const auto link = links.find(id); link != links.end()) {
      const std::optional<SystemSummary> summary = link->second->LiveSummary();
      if (summary) add(id, *summary);
      if (summary || link->second->phase() == SystemLink::Phase::kOpening) continue;
    }
    const std::optional<std::string> stored = folder_.ReadSummary(id);
    if (!stored) {
      folder_.RemoveIfDead(id);
    } else if (const auto summary = ReadSummary(Json::parse(*stored, nullptr, false))) {
      add(id, *summary);
    }
  }
  return text + "]";
}

void SystemDirectory::ForgetIfUnused(const std::shared_ptr<SystemLink>& link) {
  const std::lock_guard lock(mutex_);
  const auto found = links_.find(link->id());
  if (found == links_.end() || found->second != link) return;
  const SystemLink::Phase phase = link->phase();
  if (phase != SystemLink::Phase::kOpening && phase != SystemLink::Phase::kConnected) {
    links_.erase(found);
  }
}

void SystemDirectory::FindOutWhyLost(const std::shared_ptr<SystemLink>& link) {
  // A worker that has died lets go of its lock before it has ended, if it ever does: the
  // first process of a paused container ends when others have thawed it.
  bool dead = folder_.RemoveIfDead(link->id());
  for (int waited = 0; !dead && waited < kWorkerEndTimeoutMs; waited += kLookAgainMs) {
    dead = AwaitProcessEnd(link->worker_process_id(), kLookAgainMs);
    dead = folder_.RemoveIfDead(link->id()) || dead;
  }
  if (dead) {
    link->Crash();
  } else {
    link->Disconnect();
  }
  ForgetIfUnused(link);
}

}  // namespace hcs::emulator
