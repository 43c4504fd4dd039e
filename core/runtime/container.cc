#include "core/runtime/container.h"

#include <utility>

#include "core/abi/hresult.h"
#include "core/document/document.h"
#include "core/host/host_error.h"
#include "core/runtime/host_documents.h"
#include "core/runtime/lane_call.h"
#include "core/runtime/process.h"
#include "core/runtime/services.h"
#include "core/runtime/timestamp.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kGetProperties = "HcsGetComputeSystemProperties";

absl::Status HandleClosed(std::string_view function, std::string_view id) {
  return host::MakeOwnStatus(host::OwnError::kHandleClosed, {function, id});
}

absl::StatusOr<v1::Statistics> StatisticsFrom(std::string_view id,
                                              const absl::StatusOr<std::string>& document) {
  if (!document.ok()) return document.status();
  absl::StatusOr<v1::ContainerProperties> properties = ContainerPropertiesFrom(id, *document);
  if (!properties.ok()) return properties.status();
  return std::move(*properties->mutable_statistics());
}

}  // namespace

Container::Container(Services& services, v1::Container description,
                     std::shared_ptr<StateRecord> record)
    : services_(services),
      id_(description.id()),
      strand_(services.strands),
      lane_(services.calls, services.lane_limits),
      processes_(*this),
      description_(std::move(description)),
      record_(std::move(record)) {}

Container::~Container() = default;

v1::ContainerState Container::state() const {
  absl::MutexLock lock(&mutex_);
  return description_.state();
}

v1::Container Container::Describe() const {
  v1::Container description;
  {
    absl::MutexLock lock(&mutex_);
    description = description_;
  }
  description.set_running_processes(processes_.running());
  return description;
}

absl::StatusOr<Container::System> Container::system(std::string_view function) const {
  absl::MutexLock lock(&mutex_);
  if (system_ != nullptr) return system_;
  return HandleClosed(function, id_);
}

void Container::AppendEvent(v1::Event event) const {
  event.set_container_id(id_);
  {
    absl::MutexLock lock(&mutex_);
    event.set_owner(description_.owner());
  }
  services_.journal.Append(std::move(event));
}

std::shared_ptr<StateRecord> Container::record() const {
  absl::MutexLock lock(&mutex_);
  return record_;
}

void Container::Remember() {
  const auto record = services_.store->Add(Describe());
  {
    absl::MutexLock lock(&mutex_);
    record_ = record;
  }
  // An exit that came meanwhile found no record.
  if (state() == v1::CONTAINER_STATE_STOPPED) record->UpdateContainer(Describe());
}

void Container::Forget() { services_.store->Remove(id_, record()); }

// --- Operations

void Container::Operate(std::string_view function, uint32_t completed, HostCall call,
                        Answer answer) {
  CallOnLane(
      lane_, CallLane::Priority::kOrdinary, std::move(answer),
      [self = shared_from_this(), function, completed,
       call = std::move(call)](Answer answer) mutable {
        const auto system = self->system(function);
        if (!system.ok()) {
          std::move(answer)(system.status());
          return;
        }
        const uint64_t operation = self->pending_->Expect(
            completed, std::string(function), self->id_, self->services_.timers(),
            self->services_.options.operation_timeout, std::move(answer));
        const absl::StatusOr<host::Completion> result = std::move(call)(**system);
        if (!result.ok()) {
          self->pending_->Withdraw(operation, result.status());
        } else if (*result == host::Completion::kDone) {
          // No notification follows: it is as if it had come.
          self->strand_.Post([self, completed] { self->OnCompleted(completed, absl::OkStatus()); });
        }
      });
}

void Container::Request(CallLane::Priority priority, std::string_view function, HostCall call,
                        Answer answer) {
  CallOnLane(
      lane_, priority, std::move(answer),
      [self = shared_from_this(), function, call = std::move(call)](Answer answer) mutable {
        const auto system = self->system(function);
        std::move(answer)(system.ok() ? std::move(call)(**system).status() : system.status());
      });
}

void Container::Start(Answer answer) {
  Operate(
      "HcsStartComputeSystem", abi::HcsNotificationSystemStartCompleted,
      [](const host::ComputeSystem& system) { return system.Start(); }, std::move(answer));
}

void Container::Pause(Answer answer) {
  Operate(
      "HcsPauseComputeSystem", abi::HcsNotificationSystemPauseCompleted,
      [](const host::ComputeSystem& system) { return system.Pause(); }, std::move(answer));
}

void Container::Resume(Answer answer) {
  Operate(
      "HcsResumeComputeSystem", abi::HcsNotificationSystemResumeCompleted,
      [](const host::ComputeSystem& system) { return system.Resume(); }, std::move(answer));
}

void Container::Shutdown(std::string options, Answer answer) {
  Request(
      CallLane::Priority::kUrgent, "HcsShutdownComputeSystem",
      [options = std::move(options)](const host::ComputeSystem& system) {
        return system.Shutdown(options);
      },
      std::move(answer));
}

void Container::Terminate(std::string options, Answer answer) {
  Request(
      CallLane::Priority::kUrgent, "HcsTerminateComputeSystem",
      [options = std::move(options)](const host::ComputeSystem& system) {
        return system.Terminate(options);
      },
      std::move(answer));
}

void Container::Modify(std::string document, Answer answer) {
  Request(
      CallLane::Priority::kOrdinary, "HcsModifyComputeSystem",
      [self = shared_from_this(), document = std::move(document)](
          const host::ComputeSystem& system) -> absl::StatusOr<host::Completion> {
        absl::StatusOr<host::Completion> completion = system.Modify(document);
        if (completion.ok()) {
          v1::Event event;
          event.set_type(v1::EVENT_TYPE_CONTAINER_MODIFIED);
          event.set_raw_document(document);
          self->AppendEvent(std::move(event));
        }
        return completion;
      },
      std::move(answer));
}

void Container::GetProperties(std::string query,
                              absl::AnyInvocable<void(absl::StatusOr<std::string>) &&> answer) {
  CallOnLane(lane_, CallLane::Priority::kOrdinary, std::move(answer),
             [self = shared_from_this(), query = std::move(query)](auto answer) mutable {
               const auto system = self->system(kGetProperties);
               std::move(answer)(system.ok() ? (*system)->GetProperties(query) : system.status());
             });
}

StatisticsSampler& Container::sampler() {
  absl::MutexLock lock(&mutex_);
  if (sampler_ == nullptr) {
    sampler_ = std::make_unique<StatisticsSampler>(
        services_.timers(), [weak = weak_from_this()](StatisticsSampler::Answer answer) {
          const auto self = weak.lock();
          if (self == nullptr) return;
          self->GetProperties(R"({"PropertyTypes":["Statistics"]})",
                              [id = self->id_, answer = std::move(answer)](auto document) mutable {
                                std::move(answer)(StatisticsFrom(id, document));
                              });
        });
    if (description_.state() == v1::CONTAINER_STATE_STOPPED) sampler_->Finish(absl::OkStatus());
  }
  return *sampler_;
}

// --- What the host tells. On the strand.

void Container::OnNotification(host::Notification notification) {
  switch (notification.type) {
    case abi::HcsNotificationSystemExited: return OnExited(notification);
    case abi::HcsNotificationServiceDisconnect: return OnServiceLost();
    case abi::HcsNotificationSystemCreateCompleted:
    case abi::HcsNotificationSystemStartCompleted:
    case abi::HcsNotificationSystemPauseCompleted:
    case abi::HcsNotificationSystemResumeCompleted: {
      absl::Status outcome =
          notification.status == abi::S_OK
              ? absl::OkStatus()
              : host::MakeHostStatus(notification.status,
                                     {abi::NotificationTypeName(notification.type), id_},
                                     notification.data);
      return OnCompleted(notification.type, std::move(outcome));
    }
    default: {
      v1::Event event;
      event.set_type(v1::EVENT_TYPE_HOST_NOTIFICATION);
      event.set_notification(std::string(abi::NotificationTypeName(notification.type)));
      event.set_raw_document(std::move(notification.data));
      AppendEvent(std::move(event));
    }
  }
}

void Container::OnCompleted(uint32_t type, absl::Status outcome) {
  if (outcome.ok()) {
    switch (type) {
      case abi::HcsNotificationSystemCreateCompleted:
        ChangeState(v1::CONTAINER_STATE_CREATED, v1::EVENT_TYPE_CONTAINER_CREATED);
        break;
      case abi::HcsNotificationSystemStartCompleted:
        ChangeState(v1::CONTAINER_STATE_RUNNING, v1::EVENT_TYPE_CONTAINER_STARTED);
        break;
      case abi::HcsNotificationSystemPauseCompleted:
        ChangeState(v1::CONTAINER_STATE_PAUSED, v1::EVENT_TYPE_CONTAINER_PAUSED);
        break;
      default: ChangeState(v1::CONTAINER_STATE_RUNNING, v1::EVENT_TYPE_CONTAINER_RESUMED);
    }
  }
  pending_->Complete(type, std::move(outcome));
}

void Container::ChangeState(v1::ContainerState state, v1::EventType type) {
  {
    absl::MutexLock lock(&mutex_);
    if (description_.state() == v1::CONTAINER_STATE_STOPPED) return;
    description_.set_state(state);
    if (type == v1::EVENT_TYPE_CONTAINER_STARTED) *description_.mutable_start_time() = Now();
  }
  v1::Event event;
  event.set_type(type);
  AppendEvent(std::move(event));
}

void Container::OnExited(const host::Notification& notification) {
  v1::ContainerExit exit;
  *exit.mutable_time() = Now();
  exit.set_status(notification.status);
  exit.set_status_name(abi::HresultName(notification.status));
  exit.set_raw_document(notification.data);
  v1::ContainerProperties told;
  if (document::FromJson(notification.data, &told).ok()) exit.set_exit_type(told.exit_type());
  if (exit.exit_type().empty() && notification.status == abi::VMCOMPUTE_UNEXPECTED_EXIT) {
    exit.set_exit_type("UnexpectedExit");
  }
  v1::Container description;
  {
    absl::MutexLock lock(&mutex_);
    if (description_.state() == v1::CONTAINER_STATE_STOPPED) return;
    description_.set_state(v1::CONTAINER_STATE_STOPPED);
    *description_.mutable_exit() = exit;
    description = description_;
    if (sampler_ != nullptr) sampler_->Finish(absl::OkStatus());
  }
  v1::Event event;
  event.set_type(v1::EVENT_TYPE_CONTAINER_EXITED);
  *event.mutable_container_exit() = exit;
  AppendEvent(std::move(event));
  if (const auto record = this->record()) record->UpdateContainer(description);
  pending_->FailAll([](const std::string& function, const std::string& object) {
    return host::MakeOwnStatus(host::OwnError::kUnexpectedContainerExit, {function, object});
  });
  processes_.ExpectExits();
  exit_->Set(std::move(exit));
}

}  // namespace hcs::runtime
