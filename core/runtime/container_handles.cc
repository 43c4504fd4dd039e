// How a container takes hold of its compute system, and lets go of it.

#include <utility>

#include "core/abi/hresult.h"
#include "core/host/host_error.h"
#include "core/runtime/container.h"
#include "core/runtime/host_documents.h"
#include "core/runtime/lane_call.h"
#include "core/runtime/process.h"
#include "core/runtime/services.h"
#include "core/runtime/timestamp.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kCreate = "HcsCreateComputeSystem";

// Between two tries to reach a service that was lost.
constexpr absl::Duration kReconnectDelay = absl::Milliseconds(500);

v1::ContainerState StateFrom(std::string_view host_state) {
  if (host_state == "Created") return v1::CONTAINER_STATE_CREATED;
  if (host_state == "Running") return v1::CONTAINER_STATE_RUNNING;
  if (host_state == "Paused") return v1::CONTAINER_STATE_PAUSED;
  if (host_state == "Stopped") return v1::CONTAINER_STATE_STOPPED;
  return v1::CONTAINER_STATE_UNSPECIFIED;
}

bool IsGone(const absl::Status& status) {
  return (abi::ClassifyHresult(host::HresultOf(status)) & abi::kNotExist) != 0;
}

}  // namespace

void Container::Create(std::string document, Answer answer) {
  CallOnLane(lane_, CallLane::Priority::kOrdinary, std::move(answer),
             [self = shared_from_this(), document = std::move(document)](Answer answer) mutable {
               self->CreateOnLane(document, std::move(answer));
             });
}

void Container::CreateOnLane(const std::string& document, Answer answer) {
  absl::StatusOr<host::CreatedSystem> created = services_.host.Create(id_, document);
  if (!created.ok()) {
    GiveUp(std::move(answer), created.status());
    return;
  }
  const uint64_t operation = pending_->Expect(
      abi::HcsNotificationSystemCreateCompleted, std::string(kCreate), id_, services_.timers(),
      services_.options.operation_timeout,
      [self = shared_from_this(), answer = std::move(answer)](absl::Status outcome) mutable {
        self->FinishCreate(std::move(outcome), std::move(answer));
      });
  if (absl::Status held = Hold(std::move(created->system)); !held.ok()) {
    pending_->Withdraw(operation, std::move(held));
  } else if (created->completion == host::Completion::kDone) {
    strand_.Post([self = shared_from_this()] {
      self->OnCompleted(abi::HcsNotificationSystemCreateCompleted, absl::OkStatus());
    });
  }
}

void Container::FinishCreate(absl::Status outcome, Answer answer) {
  CallOnLane(lane_, CallLane::Priority::kOrdinary, std::move(answer),
             [self = shared_from_this(), outcome = std::move(outcome)](Answer answer) mutable {
               if (outcome.ok()) outcome = self->LoadProperties();
               if (!outcome.ok()) {
                 // Nothing half made stays: neither here nor at the host.
                 if (const auto system = self->system(kCreate); system.ok()) {
                   (void)(*system)->Terminate();
                 }
                 self->GiveUp(std::move(answer), std::move(outcome));
                 return;
               }
               self->Remember();
               std::move(answer)(absl::OkStatus());
             });
}

void Container::GiveUp(Answer answer, absl::Status status) {
  services_.containers.Remove(*this);
  exit_->Close(status);
  ReleaseHandles();
  std::move(answer)(std::move(status));
}

absl::Status Container::Hold(host::ComputeSystem system) {
  auto shared = std::make_shared<host::ComputeSystem>(std::move(system));
  {
    absl::MutexLock lock(&mutex_);
    system_ = shared;
  }
  absl::StatusOr<host::Registration> registration =
      shared->Register([weak = weak_from_this()](host::Notification notification) {
        const auto self = weak.lock();
        if (self == nullptr) return;
        self->strand_.Post([self, notification = std::move(notification)]() mutable {
          self->OnNotification(std::move(notification));
        });
      });
  if (!registration.ok()) return registration.status();
  absl::MutexLock lock(&mutex_);
  registration_ = *std::move(registration);
  return absl::OkStatus();
}

absl::Status Container::LoadProperties() {
  const auto system = this->system("HcsGetComputeSystemProperties");
  if (!system.ok()) return system.status();
  absl::StatusOr<std::string> document = (*system)->GetProperties("");
  if (!document.ok()) return document.status();
  const absl::StatusOr<v1::ContainerProperties> properties =
      ContainerPropertiesFrom(id_, *document);
  if (!properties.ok()) return properties.status();
  absl::MutexLock lock(&mutex_);
  description_.set_name(properties->name());
  description_.set_owner(properties->owner());
  description_.set_system_type(properties->system_type());
  description_.set_runtime_id(properties->runtime_id());
  const v1::ContainerState state = StateFrom(properties->state());
  // Later states are the notifications' to tell.
  if (description_.state() == v1::CONTAINER_STATE_CREATING &&
      state != v1::CONTAINER_STATE_STOPPED) {
    description_.set_state(state);
  }
  return absl::OkStatus();
}

void Container::Open(std::vector<v1::Process> stored, Answer answer) {
  CallOnLane(lane_, CallLane::Priority::kOrdinary, std::move(answer),
             [self = shared_from_this(), stored = std::move(stored)](Answer answer) mutable {
               absl::StatusOr<host::ComputeSystem> system = self->services_.host.Open(self->id_);
               absl::Status status = system.ok() ? self->Hold(*std::move(system)) : system.status();
               if (status.ok()) status = self->LoadProperties();
               // Those of a container that is gone have exited with it.
               if (status.ok() || IsGone(status)) {
                 for (const v1::Process& process : stored) self->processes_.Reopen(process);
               }
               std::move(answer)(std::move(status));
             });
}

void Container::OnServiceLost() {
  const auto lost = [](const std::string& function, const std::string& object) {
    return host::MakeOwnStatus(host::OwnError::kUnexpectedProcessAbort, {function, object});
  };
  services_.NoteServiceLost();
  pending_->FailAll(lost);
  exit_->Fail(lost("HcsNotificationServiceDisconnect", id_));
  processes_.FailWaits(lost("HcsNotificationServiceDisconnect", id_));
  Reconnect();
}

void Container::Reconnect() {
  absl::MutexLock lock(&mutex_);
  if (closed_) return;
  reconnect_ = services_.timers().After(kReconnectDelay, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    const absl::Status posted =
        self->lane_.Post(CallLane::Priority::kUrgent, [self] { self->ReconnectOnLane(); });
    if (!posted.ok()) self->Reconnect();
  });
}

void Container::ReconnectOnLane() {
  ReleaseHandles();
  Recover(processes_.All(), [] {});
}

void Container::Recover(std::vector<v1::Process> stored, Task tried) {
  Open(std::move(stored),
       [self = shared_from_this(), tried = std::move(tried)](absl::Status status) mutable {
         const bool gone = IsGone(status);
         if (status.ok()) {
           v1::Event event;
           event.set_type(v1::EVENT_TYPE_CONTAINER_ADOPTED);
           self->AppendEvent(std::move(event));
         } else if (gone) {
           // It went down with the service, or while nobody could tell.
           self->ExitedUnseen();
         } else {
           self->Reconnect();
         }
         if (status.ok() || gone) self->services_.NoteServiceBack();
         std::move(tried)();
       });
}

void Container::ExitedUnseen() {
  strand_.Post([self = shared_from_this()] {
    host::Notification notification;
    notification.type = abi::HcsNotificationSystemExited;
    notification.status = abi::VMCOMPUTE_UNEXPECTED_EXIT;
    self->OnExited(notification);
  });
}

void Container::Close(Answer answer) {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
    reconnect_.reset();
    if (sampler_ != nullptr) {
      sampler_->Finish(
          host::MakeOwnStatus(host::OwnError::kHandleClosed, {"HcsCloseComputeSystem", id_}));
    }
  }
  const auto closed = [](const std::string& function, const std::string& object) {
    return host::MakeOwnStatus(host::OwnError::kHandleClosed, {function, object});
  };
  pending_->FailAll(closed);
  exit_->Close(closed("HcsCloseComputeSystem", id_));
  CallOnLane(lane_, CallLane::Priority::kUrgent, std::move(answer),
             [self = shared_from_this()](Answer answer) mutable {
               self->processes_.Release(host::MakeOwnStatus(host::OwnError::kHandleClosed,
                                                            {"HcsCloseProcess", self->id_}));
               self->ReleaseHandles();
               std::move(answer)(absl::OkStatus());
             });
}

void Container::ReleaseHandles() {
  host::Registration registration;
  System system;
  {
    absl::MutexLock lock(&mutex_);
    registration = std::move(registration_);
    registration_ = host::Registration();
    system = std::move(system_);
    system_ = nullptr;
  }
  registration.Unregister();
}

}  // namespace hcs::runtime
