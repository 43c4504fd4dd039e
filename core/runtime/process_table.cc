#include "core/runtime/process_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/abi/hresult.h"
#include "core/host/host_error.h"
#include "core/runtime/container.h"
#include "core/runtime/lane_call.h"
#include "core/runtime/process.h"
#include "core/runtime/services.h"
#include "core/runtime/timestamp.h"

namespace hcs::runtime {

void ProcessTable::Create(std::string document, v1::Process description, ProcessAnswer answer) {
  CallOnLane(container_.lane(), CallLane::Priority::kOrdinary, std::move(answer),
             [container = container_.shared_from_this(), document = std::move(document),
              description = std::move(description)](ProcessAnswer answer) mutable {
               container->processes().CreateOnLane(document, std::move(description),
                                                   std::move(answer));
             });
}

void ProcessTable::CreateOnLane(const std::string& document, v1::Process description,
                                ProcessAnswer answer) {
  const auto system = container_.system("HcsCreateProcess");
  if (!system.ok()) {
    std::move(answer)(system.status());
    return;
  }
  absl::StatusOr<host::CreatedProcess> created = (*system)->CreateProcess(document);
  if (!created.ok()) {
    std::move(answer)(created.status());
    return;
  }
  description.set_process_id(created->information.process_id);
  description.set_container_id(container_.id());
  *description.mutable_start_time() = Now();
  std::move(answer)(Add(std::move(description), std::move(created->process),
                        std::move(created->information), Known::kNew));
}

void ProcessTable::Announce(const v1::Process& description) {
  if (const auto record = container_.record()) record->RecordProcess(description);
  container_.strand().Post([container = container_.shared_from_this(), description] {
    v1::Event event;
    event.set_type(v1::EVENT_TYPE_PROCESS_STARTED);
    event.set_process_id(description.process_id());
    container->AppendEvent(std::move(event));
  });
}

absl::StatusOr<std::shared_ptr<Process>> ProcessTable::Add(v1::Process description,
                                                           host::Process handle,
                                                           host::ProcessInformation streams,
                                                           Known known) {
  auto process = std::make_shared<Process>(container_.services(), container_.weak_from_this(),
                                           description, std::move(streams));
  std::shared_ptr<Process> replaced;
  {
    absl::MutexLock lock(&mutex_);
    auto& place = processes_[description.process_id()];
    replaced = std::exchange(place, process);
  }
  // The host uses an exited process' id again.
  if (replaced != nullptr) ReleaseOnLane(std::move(replaced), [](absl::Status) {});
  if (known == Known::kNew) Announce(description);
  if (description.has_exit()) process->RestoreExit(description.exit());
  // After the event, so that an exit that has come already follows it.
  if (absl::Status status = process->Hold(std::move(handle)); !status.ok()) {
    process->ExpectExit();
    return status;
  }
  return process;
}

void ProcessTable::Open(uint32_t process_id, ProcessAnswer answer) {
  if (auto held = Find(process_id); held.ok()) {
    std::move(answer)(std::move(held));
    return;
  }
  CallOnLane(
      container_.lane(), CallLane::Priority::kOrdinary, std::move(answer),
      [container = container_.shared_from_this(), process_id](ProcessAnswer answer) mutable {
        v1::Process description;
        description.set_container_id(container->id());
        description.set_process_id(process_id);
        description.set_output_policy(v1::OUTPUT_POLICY_BLOCK);
        description.set_on_disconnect(v1::ON_DISCONNECT_KEEP);
        std::move(answer)(container->processes().OpenOnLane(std::move(description), Known::kNew));
      });
}

absl::StatusOr<std::shared_ptr<Process>> ProcessTable::OpenOnLane(v1::Process description,
                                                                  Known known) {
  const auto system = container_.system("HcsOpenProcess");
  if (!system.ok()) return system.status();
  absl::StatusOr<host::Process> process = (*system)->OpenProcess(description.process_id());
  if (!process.ok()) return process.status();
  absl::StatusOr<host::ProcessInformation> streams = process->GetInformation();
  if (!streams.ok()) return streams.status();
  description.set_stdin_pipe(static_cast<bool>(streams->std_input));
  description.set_stdout_pipe(static_cast<bool>(streams->std_output));
  description.set_stderr_pipe(static_cast<bool>(streams->std_error));
  if (!description.has_start_time()) *description.mutable_start_time() = Now();
  return Add(std::move(description), *std::move(process), *std::move(streams), known);
}

void ProcessTable::Reopen(const v1::Process& stored) {
  if (auto held = Find(stored.process_id()); held.ok()) {
    // The service was lost, not the daemon: the streams are still here.
    if ((*held)->exited()) return;
    (*held)->ReleaseHandle();
    const auto system = container_.system("HcsOpenProcess");
    if (!system.ok()) return;
    absl::StatusOr<host::Process> process = (*system)->OpenProcess(stored.process_id());
    if (!process.ok() || !(*held)->Hold(*std::move(process)).ok()) (*held)->ExpectExit();
    return;
  }
  if (OpenOnLane(stored, Known::kBefore).ok()) return;
  // The host has forgotten it: what is known of it is what was stored.
  auto process = std::make_shared<Process>(container_.services(), container_.weak_from_this(),
                                           stored, host::ProcessInformation());
  {
    absl::MutexLock lock(&mutex_);
    processes_[stored.process_id()] = process;
  }
  if (stored.has_exit()) {
    process->RestoreExit(stored.exit());
  } else {
    process->ExpectExit();
  }
}

absl::StatusOr<std::shared_ptr<Process>> ProcessTable::Find(uint32_t process_id) const {
  absl::MutexLock lock(&mutex_);
  if (const auto found = processes_.find(process_id); found != processes_.end()) {
    return found->second;
  }
  return host::MakeHostStatus(abi::ERROR_NOT_FOUND,
                              {"HcsOpenProcess", absl::StrCat(container_.id(), ":", process_id)});
}

std::vector<std::shared_ptr<Process>> ProcessTable::Snapshot() const {
  std::vector<std::shared_ptr<Process>> processes;
  absl::MutexLock lock(&mutex_);
  processes.reserve(processes_.size());
  for (const auto& [unused, process] : processes_) processes.push_back(process);
  return processes;
}

std::vector<v1::Process> ProcessTable::List(uint32_t after, size_t limit, bool* more) const {
  std::vector<v1::Process> page;
  absl::MutexLock lock(&mutex_);
  auto place = processes_.upper_bound(after);
  for (; place != processes_.end() && page.size() < limit; ++place) {
    page.push_back(place->second->Describe());
  }
  *more = place != processes_.end();
  return page;
}

std::vector<v1::Process> ProcessTable::All() const {
  std::vector<v1::Process> all;
  for (const auto& process : Snapshot()) all.push_back(process->Describe());
  return all;
}

void ProcessTable::Close(uint32_t process_id, Answer answer) {
  std::shared_ptr<Process> process;
  {
    absl::MutexLock lock(&mutex_);
    if (auto node = processes_.extract(process_id); !node.empty()) {
      process = std::move(node.mapped());
    }
  }
  if (process == nullptr) {
    std::move(answer)(Find(process_id).status());
    return;
  }
  ReleaseOnLane(std::move(process), std::move(answer));
}

void ProcessTable::ReleaseOnLane(std::shared_ptr<Process> process, Answer answer) {
  process->Abandon(
      host::MakeOwnStatus(host::OwnError::kHandleClosed, {"HcsCloseProcess", process->object()}));
  CallOnLane(container_.lane(), CallLane::Priority::kUrgent, std::move(answer),
             [container = container_.shared_from_this(),
              process = std::move(process)](Answer answer) mutable {
               process->ReleaseHandle();
               container->processes().ForgetOnDisk(*process);
               std::move(answer)(absl::OkStatus());
             });
}

void ProcessTable::ForgetOnDisk(const Process& process) {
  {
    absl::MutexLock lock(&mutex_);
    // Its id may be another process' by now, which is recorded in its place.
    if (processes_.contains(process.process_id())) return;
  }
  if (const auto record = container_.record()) record->RemoveProcess(process.process_id());
}

void ProcessTable::RecordExit(const v1::Process& description) {
  v1::Event event;
  event.set_type(v1::EVENT_TYPE_PROCESS_EXITED);
  event.set_process_id(description.process_id());
  *event.mutable_process_exit() = description.exit();
  container_.AppendEvent(std::move(event));
  if (const auto record = container_.record()) record->RecordProcess(description);
}

void ProcessTable::OnExited(const Process& process) {
  if (process.close_when_exited()) {
    Close(process.process_id(), [](absl::Status) {});
    return;
  }
  std::vector<uint32_t> surplus;
  {
    absl::MutexLock lock(&mutex_);
    exited_.push_back(process.process_id());
    const size_t limit = container_.services().options.exited_processes_per_container;
    while (exited_.size() > limit) {
      surplus.push_back(exited_.front());
      exited_.erase(exited_.begin());
    }
  }
  for (const uint32_t process_id : surplus) {
    const auto oldest = Find(process_id);
    if (oldest.ok() && (*oldest)->exited()) Close(process_id, [](absl::Status) {});
  }
}

void ProcessTable::ExpectExits() {
  for (const auto& process : Snapshot()) process->ExpectExit();
}

void ProcessTable::FailWaits(const absl::Status& status) {
  for (const auto& process : Snapshot()) process->exit().Fail(status);
}

void ProcessTable::Release(const absl::Status& status) {
  for (const auto& process : Snapshot()) {
    process->Abandon(status);
    process->ReleaseHandle();
  }
}

int32_t ProcessTable::running() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int32_t>(
      std::count_if(processes_.begin(), processes_.end(),
                    [](const auto& entry) { return !entry.second->exited(); }));
}

size_t ProcessTable::size() const {
  absl::MutexLock lock(&mutex_);
  return processes_.size();
}

}  // namespace hcs::runtime
