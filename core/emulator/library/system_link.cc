#include "core/emulator/library/system_link.h"

#include <algorithm>
#include <utility>

#include "core/emulator/channel/protocol.h"
#include "core/emulator/documents/schema.h"
#include "core/emulator/stopped_answers.h"

namespace hcs::emulator {
namespace {

// What LastWaitResult says when nobody has seen how a process ended (assumption).
constexpr int32_t kNobodyWaited = abi::VMCOMPUTE_UNEXPECTED_EXIT;

template <typename T>
void Erase(std::vector<std::shared_ptr<T>>* list, const T* item) {
  std::erase_if(*list, [item](const std::shared_ptr<T>& entry) { return entry.get() == item; });
}

Status ServiceLost() {
  return {abi::RPC_S_CALL_FAILED, "the connection to the compute service was lost"};
}

// The basic properties of a system that has crashed.
std::string CrashedProperties(const std::string& properties) {
  Json json = Json::parse(properties, nullptr, false);
  if (!json.is_object()) return properties;
  json["State"] = "Stopped";
  json["Stopped"] = true;
  json["ExitType"] = "UnexpectedExit";
  return JsonToText(json);
}

}  // namespace

std::optional<SystemSummary> ReadSummary(const Json& summary) {
  if (!summary.is_object()) return std::nullopt;
  return SystemSummary{StringField(summary, "SystemType"), StringField(summary, "Name"),
                       StringField(summary, "Owner"), JsonToText(summary)};
}

SystemLink::SystemLink(std::string id, Notifier* notifier,
                       std::function<void(std::shared_ptr<SystemLink>)> on_lost)
    : id_(std::move(id)), notifier_(notifier), on_lost_(std::move(on_lost)) {}

Status SystemLink::Introduce(std::shared_ptr<WorkerConnection> connection, WorkerCall call) {
  {
    const std::lock_guard lock(mutex_);
    connection_ = connection;
    creating_ = std::string_view(call.method) == protocol::kCreate;
    if (phase_ == Phase::kDisconnected && !creating_) return ServiceLost();
  }
  const Reply reply = connection->Call(std::move(call));
  if (!reply.status.ok()) return reply.status;
  if (NumberField(reply.body, protocol::kVersionKey) != protocol::kVersion) {
    return {abi::VMCOMPUTE_UNSUPPORTED_PROTOCOL_VERSION,
            "the compute system's worker is of another version"};
  }
  const std::lock_guard lock(mutex_);
  worker_process_id_ = static_cast<int>(NumberField(reply.body, protocol::kWorker));
  TakeSummaryLocked(reply.body);
  return {};
}

void SystemLink::FinishOpening(const Status& status) {
  bool lost = false;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::kOpening) {
      // An event that came meanwhile may have said more already.
      phase_ = !status.ok() ? Phase::kLost : exit_ ? Phase::kStopped : Phase::kConnected;
    }
    const Notification created{abi::HcsNotificationSystemCreateCompleted, status.code,
                               status.ok() ? std::string() : ResultDocument(status)};
    for (const auto& handle : handles_) {
      if (!handle->creator) continue;
      if (handle->callbacks.empty()) handle->unheard_creation = created;
      for (const auto& callback : handle->callbacks) {
        notifier_->Post(callback->registration, created);
      }
    }
    lost = phase_ == Phase::kConnected && lost_while_opening_;
    if (phase_ == Phase::kLost && connection_) connection_->Close(status);
    CloseIfUnusedLocked();
  }
  opened_.notify_all();
  if (lost) on_lost_(shared_from_this());
}

SystemLink::Phase SystemLink::phase() const {
  const std::lock_guard lock(mutex_);
  return phase_;
}

SystemLink::Phase SystemLink::AwaitOpened() const {
  std::unique_lock lock(mutex_);
  opened_.wait(lock, [this] { return phase_ != Phase::kOpening; });
  return phase_;
}

int SystemLink::worker_process_id() const {
  const std::lock_guard lock(mutex_);
  return worker_process_id_;
}

std::optional<SystemSummary> SystemLink::LiveSummary() const {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kConnected) return std::nullopt;
  return summary_;
}

Reply SystemLink::Call(WorkerCall call) {
  AwaitOpened();
  std::shared_ptr<WorkerConnection> connection;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::kDisconnected) return {ServiceLost(), {}, {}};
    if (phase_ == Phase::kLost) return LostAnswerLocked(call);
    connection = connection_;
  }
  return connection->Call(std::move(call));
}

Reply SystemLink::LostAnswerLocked(const WorkerCall& call) const {
  const std::string_view method = call.method;
  if (method == protocol::kGetProperties && !summary_.properties.empty()) {
    return {{}, Json::parse(summary_.properties, nullptr, false), {}};
  }
  const auto process = processes_.find(call.process);
  if (method == protocol::kGetProcessProperties && process != processes_.end()) {
    return {{}, ProcessStatusDocument(process->second.status), {}};
  }
  return {StoppedAnswer(method), {}, {}};
}

bool SystemLink::AddHandle(const std::shared_ptr<SystemHandle>& handle) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kOpening && phase_ != Phase::kConnected) return false;
  if (handles_.empty() && !processes_.empty()) connection_->Post(protocol::kHoldSystem, 0);
  handles_.push_back(handle);
  return true;
}

std::vector<std::shared_ptr<CallbackHandle>> SystemLink::RemoveHandle(
    const std::shared_ptr<SystemHandle>& handle) {
  std::vector<std::shared_ptr<CallbackHandle>> callbacks;
  {
    const std::lock_guard lock(mutex_);
    callbacks.swap(handle->callbacks);
    Erase(&handles_, handle.get());
    if (handles_.empty() && !processes_.empty() && connection_) {
      connection_->Post(protocol::kReleaseSystem, 0);
    }
    CloseIfUnusedLocked();
  }
  for (const auto& callback : callbacks) notifier_->End(callback->registration);
  return callbacks;
}

Reply SystemLink::CallForProcess(WorkerCall call, const std::shared_ptr<ProcessHandle>& handle) {
  call.on_reply = [this, handle](const Reply& reply) { AdoptProcess(reply, handle); };
  return Call(std::move(call));
}

void SystemLink::AdoptProcess(const Reply& reply, const std::shared_ptr<ProcessHandle>& handle) {
  if (!reply.status.ok()) return;
  handle->key = NumberField(reply.body, protocol::kProcess);
  handle->process_id = static_cast<uint32_t>(NumberField(reply.body, protocol::kProcessId));
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::kDisconnected) return;
  LinkedProcess& process = processes_[handle->key];
  if (const Json* status = FindField(reply.body, protocol::kStatus)) {
    process.status = ReadProcessStatus(*status);
  }
  process.handles.push_back(handle);
}

std::vector<std::shared_ptr<CallbackHandle>> SystemLink::RemoveHandle(
    const std::shared_ptr<ProcessHandle>& handle) {
  std::vector<std::shared_ptr<CallbackHandle>> callbacks;
  {
    const std::lock_guard lock(mutex_);
    callbacks.swap(handle->callbacks);
    const auto process = processes_.find(handle->key);
    if (process != processes_.end()) {
      Erase(&process->second.handles, handle.get());
      if (process->second.handles.empty()) processes_.erase(process);
      if (connection_) connection_->Post(protocol::kCloseProcess, handle->key);
    }
    CloseIfUnusedLocked();
  }
  for (const auto& callback : callbacks) notifier_->End(callback->registration);
  return callbacks;
}

void SystemLink::CloseIfUnusedLocked() {
  if (phase_ == Phase::kOpening || !handles_.empty() || !processes_.empty()) return;
  if (phase_ == Phase::kConnected) phase_ = Phase::kDisconnected;
  if (connection_) connection_->Close(ServiceLost());
}

void SystemLink::Register(SystemHandle* handle, const std::shared_ptr<CallbackHandle>& callback) {
  const std::lock_guard lock(mutex_);
  handle->callbacks.push_back(callback);
  if (handle->unheard_creation) {
    notifier_->Post(callback->registration, *handle->unheard_creation);
    handle->unheard_creation.reset();
  }
  if (exit_) notifier_->Post(callback->registration, *exit_);
}

void SystemLink::Register(ProcessHandle* handle, const std::shared_ptr<CallbackHandle>& callback) {
  const std::lock_guard lock(mutex_);
  handle->callbacks.push_back(callback);
  const auto process = processes_.find(handle->key);
  if (process == processes_.end() || !process->second.status.exited) return;
  notifier_->Post(callback->registration,
                  {abi::HcsNotificationProcessExited, abi::S_OK,
                   JsonToText(ProcessStatusDocument(process->second.status)), process_exits_});
}

void SystemLink::Unregister(const CallbackHandle& callback) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto system = callback.system.lock()) Erase(&system->callbacks, &callback);
    if (const auto process = callback.process.lock()) Erase(&process->callbacks, &callback);
  }
  notifier_->End(callback.registration);
}

void SystemLink::OnWorkerEvent(const Json& event) {
  const std::string name = StringField(event, protocol::kEvent);
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::kDisconnected) return;
  if (name == protocol::kSummaryChanged) {
    TakeSummaryLocked(event);
  } else if (name == protocol::kProcessExited) {
    const auto process = processes_.find(NumberField(event, protocol::kProcess));
    const Json* status = FindField(event, protocol::kStatus);
    if (process != processes_.end() && status != nullptr) {
      ExitProcessLocked(&process->second, *status);
    }
  } else if (name == protocol::kNotification) {
    Notification notification{static_cast<uint32_t>(NumberField(event, protocol::kType)),
                              event.value(protocol::kStatus, abi::S_OK),
                              JsonToText(event.value(protocol::kData, Json()))};
    if (notification.data == "null") notification.data.clear();
    if (notification.type == abi::HcsNotificationSystemExited) {
      ExitSystemLocked(std::move(notification));
    } else {
      NotifyAllLocked(notification);
    }
  }
}

void SystemLink::TakeSummaryLocked(const Json& event) {
  const Json* field = FindField(event, protocol::kSummary);
  if (field == nullptr) return;
  if (auto summary = ReadSummary(*field)) summary_ = *std::move(summary);
}

void SystemLink::NotifyAllLocked(const Notification& notification) {
  for (const auto& handle : handles_) {
    for (const auto& callback : handle->callbacks) {
      notifier_->Post(callback->registration, notification);
    }
  }
}

void SystemLink::ExitProcessLocked(LinkedProcess* process, const Json& status) {
  process->status = ReadProcessStatus(status);
  const Notification notification{abi::HcsNotificationProcessExited, abi::S_OK, JsonToText(status),
                                  process_exits_};
  for (const auto& handle : process->handles) {
    for (const auto& callback : handle->callbacks) {
      notifier_->Post(callback->registration, notification);
    }
  }
}

void SystemLink::ExitSystemLocked(Notification notification) {
  if (phase_ == Phase::kConnected) phase_ = Phase::kStopped;
  exit_ = std::move(notification);
  exit_->after = process_exits_;
  NotifyAllLocked(*exit_);
}

void SystemLink::OnConnectionLost() {
  {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::kOpening) lost_while_opening_ = true;
    if (phase_ == Phase::kStopped) phase_ = Phase::kLost;
    if (phase_ != Phase::kConnected) return;
  }
  on_lost_(shared_from_this());
}

void SystemLink::Crash() {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kConnected) return;
  for (auto& [key, process] : processes_) {
    if (process.status.exited) continue;
    ProcessStatus status = process.status;
    status.exited = true;
    status.last_wait_result = kNobodyWaited;
    ExitProcessLocked(&process, ProcessStatusDocument(status));
  }
  summary_.properties = CrashedProperties(summary_.properties);
  phase_ = Phase::kLost;
  const Json data = {{"Status", abi::VMCOMPUTE_UNEXPECTED_EXIT}, {"ExitType", "UnexpectedExit"}};
  ExitSystemLocked(
      {abi::HcsNotificationSystemExited, abi::VMCOMPUTE_UNEXPECTED_EXIT, JsonToText(data)});
}

void SystemLink::Disconnect() {
  std::shared_ptr<WorkerConnection> connection;
  {
    const std::lock_guard lock(mutex_);
    // A creation under way is finished first: what it makes must live.
    if (phase_ != Phase::kOpening || !creating_) connection = connection_;
    phase_ = Phase::kDisconnected;
    const Notification notification{
        abi::HcsNotificationServiceDisconnect, abi::HCS_E_SERVICE_DISCONNECT, {}};
    NotifyAllLocked(notification);
    for (const auto& [key, process] : processes_) {
      for (const auto& handle : process.handles) {
        for (const auto& callback : handle->callbacks) {
          notifier_->Post(callback->registration, notification);
        }
      }
    }
    handles_.clear();
    processes_.clear();
  }
  opened_.notify_all();
  if (connection) connection->Close(ServiceLost());
}

}  // namespace hcs::emulator
