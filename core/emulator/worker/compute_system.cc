#include "core/emulator/worker/compute_system.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/emulator/channel/protocol.h"
#include "core/emulator/documents/requests.h"
#include "core/emulator/errno_status.h"
#include "core/emulator/state/container_remains.h"
#include "core/emulator/state/leftovers.h"
#include "core/emulator/state/state_files.h"
#include "core/emulator/state/systems_folder.h"
#include "core/emulator/stopped_answers.h"
#include "core/platform/container_entry.h"

namespace hcs::emulator::worker {
namespace {

using platform::ContainerScope;
using platform::UniqueFd;

constexpr char kSummaryFile[] = "summary.json";
constexpr std::chrono::milliseconds kFreezeTimeout{5'000};
// One round of killing; until nothing is left there is another one.
constexpr std::chrono::milliseconds kKillTimeout{1'000};
constexpr std::chrono::milliseconds kKillAgainAfter{100};

Status Pending() { return {abi::VMCOMPUTE_OPERATION_PENDING, {}}; }

}  // namespace

const char* SystemStateName(SystemState state) {
  switch (state) {
    case SystemState::kCreated: return "Created";
    case SystemState::kRunning: return "Running";
    case SystemState::kPaused: return "Paused";
    case SystemState::kStopped: return "Stopped";
  }
  return "Unknown";
}

Outcome<std::unique_ptr<ComputeSystem>> ComputeSystem::Create(EventLoop* loop, EventSink* sink,
                                                              Identity identity,
                                                              SystemDocument document) {
  std::unique_ptr<ContainerScope> scope;
  ContainerScope::Options options;
  options.name = ScopeNameOf(identity.runtime_id);
  if (identity.confinement) options.surroundings = identity.confinement->surroundings;
  if (int error = ContainerScope::Create(options, &scope)) {
    return ErrnoStatus(error, "making the container's scope");
  }
  if (int error = scope->SetLimits(document.limits)) {
    scope->Destroy();
    return ErrnoStatus(error, "setting the container's limits");
  }
  std::unique_ptr<ComputeSystem> system(
      new ComputeSystem(loop, sink, std::move(identity), std::move(document), std::move(scope)));
  system->PublishSummary();
  return system;
}

ComputeSystem::ComputeSystem(EventLoop* loop, EventSink* sink, Identity identity,
                             SystemDocument document, std::unique_ptr<ContainerScope> scope)
    : loop_(loop),
      sink_(sink),
      identity_(std::move(identity)),
      document_(std::move(document)),
      scope_(std::move(scope)) {}

// The reference's table of states: what is not `needed` is illegal, and a stopped
// system has answers of its own.
Status ComputeSystem::Require(const char* method, SystemState needed) const {
  if (state_ == SystemState::kStopped) return StoppedAnswer(method);
  if (state_ == needed && ending_ == Ending::kNone) return {};
  const std::string present = ending_ == Ending::kNone ? SystemStateName(state_) : "stopping";
  return {abi::VMCOMPUTE_INVALID_STATE, std::string(method) + " needs the state " +
                                            SystemStateName(needed) + "; the compute system is " +
                                            present};
}

void ComputeSystem::EnterState(SystemState state) {
  state_ = state;
  PublishSummary();
}

void ComputeSystem::PublishSummary() {
  const Json summary = Summary();
  if (state_ != SystemState::kStopped) {
    const int error =
        WriteFileAtomically(identity_.folder.get(), kSummaryFile, JsonToText(summary));
    if (error != 0) std::fprintf(stderr, "writing %s: errno %d\n", kSummaryFile, error);
  }
  sink_->Broadcast({{protocol::kEvent, protocol::kSummaryChanged}, {protocol::kSummary, summary}});
}

void ComputeSystem::Notify(uint32_t type, abi::HRESULT status, const Json& data) {
  sink_->Broadcast({{protocol::kEvent, protocol::kNotification},
                    {protocol::kType, type},
                    {protocol::kStatus, status},
                    {protocol::kData, data}});
}

// From the event loop, so that the caller's reply goes out first.
void ComputeSystem::Complete(uint32_t type, SystemState state) {
  EnterState(state);
  loop_->Defer([this, type] { Notify(type, abi::S_OK, nullptr); });
}

Status ComputeSystem::Start() {
  if (Status status = Require(protocol::kStart, SystemState::kCreated); !status.ok()) {
    return status;
  }
  started_ = std::chrono::system_clock::now();
  Complete(abi::HcsNotificationSystemStartCompleted, SystemState::kRunning);
  // A servicing container applies its updates, of which there are none here, and ends.
  if (document_.servicing) loop_->Defer([this] { Shutdown(kDefaultShutdownGrace); });
  return Pending();
}

Status ComputeSystem::Pause() {
  if (Status status = Require(protocol::kPause, SystemState::kRunning); !status.ok()) {
    return status;
  }
  if (const int error = scope_->Freeze(kFreezeTimeout)) {
    const Status failure = ErrnoStatus(error, "pausing the processes");
    loop_->Defer([this, code = failure.code] {
      Notify(abi::HcsNotificationSystemPauseCompleted, code, nullptr);
    });
    return Pending();
  }
  Complete(abi::HcsNotificationSystemPauseCompleted, SystemState::kPaused);
  return Pending();
}

Status ComputeSystem::Resume() {
  if (Status status = Require(protocol::kResume, SystemState::kPaused); !status.ok()) {
    return status;
  }
  if (const int error = scope_->Thaw()) return ErrnoStatus(error, "resuming the processes");
  Complete(abi::HcsNotificationSystemResumeCompleted, SystemState::kRunning);
  return Pending();
}

Status ComputeSystem::Shutdown(std::chrono::milliseconds grace) {
  if (state_ == SystemState::kRunning && ending_ != Ending::kNone) return Pending();
  if (Status status = Require(protocol::kShutdown, SystemState::kRunning); !status.ok()) {
    return status;
  }
  ending_ = Ending::kShutdown;
  AskProcessesToEnd();
  loop_->After(grace, [this] {
    if (state_ != SystemState::kStopped) KillProcesses();
  });
  loop_->Defer([this] { FinishIfEmpty(); });
  return Pending();
}

Status ComputeSystem::Terminate() {
  if (state_ == SystemState::kStopped) return StoppedAnswer(protocol::kTerminate);
  ending_ = Ending::kTerminate;
  loop_->Defer([this] { KillProcesses(); });
  return Pending();
}

// As when Windows closes a console: whoever has one hears that it is gone, too.
void ComputeSystem::AskProcessesToEnd() {
  for (const pid_t member : scope_->Members()) kill(member, SIGTERM);
  for (const auto& [key, entry] : processes_.entries()) {
    if (entry.process->status().exited || !entry.process->has_console()) continue;
    kill(-entry.process->process_id(), SIGHUP);
    kill(-entry.process->process_id(), SIGCONT);
  }
}

void ComputeSystem::KillProcesses() {
  if (state_ == SystemState::kStopped) return;
  scope_->KillAll(kKillTimeout);
  Reap();
  if (state_ != SystemState::kStopped) loop_->After(kKillAgainAfter, [this] { KillProcesses(); });
}

void ComputeSystem::Reap() {
  int wait_status = 0;
  for (pid_t child = waitpid(-1, &wait_status, WNOHANG); child > 0;
       child = waitpid(-1, &wait_status, WNOHANG)) {
    ProcessTable::Entry* entry = processes_.FindByProcessId(child);
    // An orphan that was handed to this process is nobody's.
    if (entry == nullptr || entry->process->status().exited) continue;
    entry->process->OnExit(wait_status, ending_ != Ending::kNone);
    sink_->BroadcastProcessExit(*entry);
    processes_.OnExited(*entry);
  }
  FinishIfEmpty();
}

void ComputeSystem::FinishIfEmpty() {
  if (ending_ == Ending::kNone || state_ == SystemState::kStopped) return;
  if (processes_.running() == 0 && scope_->Members().empty()) FinishStop();
}

// The id is free before anybody hears of the end.
void ComputeSystem::FinishStop() {
  exit_type_ = ending_ == Ending::kShutdown ? "GracefulExit" : "ForcedExit";
  if (const int error = scope_->Destroy()) {
    std::fprintf(stderr, "removing the container's scope: errno %d\n", error);
  }
  const bool finished = LeaveContainer();
  const UniqueFd systems(openat(identity_.folder.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (const int error = RemoveOwnFolder(systems.get(), identity_.folder_name, finished)) {
    std::fprintf(stderr, "removing the state folder: errno %d\n", error);
  }
  EnterState(SystemState::kStopped);
  Notify(abi::HcsNotificationSystemExited, abi::S_OK,
         {{"Status", abi::S_OK}, {"ExitType", exit_type_}});
}

// Walks out of the empty container, which ends its mounts: whoever hears of the system's
// end may remove its layers. False when something stays for others to remove.
bool ComputeSystem::LeaveContainer() {
  if (!identity_.confinement) return true;
  int error = platform::EnterMountNamespace(identity_.confinement->machine_mounts);
  if (error == 0) {
    RemoveMountPoints(identity_.folder.get());
    identity_.confinement->root.reset();
    error = ContainerScope::LeaveAndDestroy(RuntimeScopeNameOf(identity_.runtime_id));
  }
  if (error != 0) std::fprintf(stderr, "leaving the container: errno %d\n", error);
  return error == 0;
}

int ComputeSystem::worker_process_id() const {
  return identity_.confinement ? identity_.confinement->worker_process_id : getpid();
}

Status ComputeSystem::Modify(const Json& document) {
  if (state_ == SystemState::kStopped) return StoppedAnswer(protocol::kModify);
  const Outcome<platform::ResourceLimits> limits =
      ReadLimitsModification(document, document_.limits);
  if (!limits.ok()) return limits.failure();
  if (const int error = scope_->SetLimits(*limits)) {
    return ErrnoStatus(error, "setting the container's limits");
  }
  document_.limits = *limits;
  PublishSummary();
  return {};
}

Outcome<ProcessTable::Entry*> ComputeSystem::CreateProcess(const Json& document) {
  Status status = Require(protocol::kCreateProcess, SystemState::kRunning);
  if (!status.ok()) return status;
  const Outcome<ProcessDocument> parameters = ReadProcessDocument(document);
  if (!parameters.ok()) return parameters.failure();
  const std::string& host_name = document_.host_name.empty() ? identity_.id : document_.host_name;
  // A cgroup needs no mark, nor does a process namespace.
  const bool marked = scope_->kind() == platform::ScopeKind::kDescendants && !identity_.confinement;
  const std::string mark = marked ? LeftoverMark(identity_.runtime_id) : std::string();
  auto process = ContainerProcess::Start({loop_, scope_.get(), host_name, mark}, *parameters);
  if (!process.ok()) return process.failure();
  return &processes_.Add(*std::move(process));
}

std::vector<std::string> ComputeSystem::FieldsNotEnforced() const {
  std::vector<std::string> fields = document_.without_effect;
  if (!identity_.confinement) {
    fields.insert(fields.end(), document_.needs_own_root.begin(), document_.needs_own_root.end());
  }
  for (std::string& limit :
       LimitsNotEnforced(document_.limits, scope_->enforceable(), document_.schema2)) {
    fields.push_back(std::move(limit));
  }
  return fields;
}

}  // namespace hcs::emulator::worker
