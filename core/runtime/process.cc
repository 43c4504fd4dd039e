#include "core/runtime/process.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/abi/hresult.h"
#include "core/document/document.h"
#include "core/host/host_error.h"
#include "core/runtime/container.h"
#include "core/runtime/lane_call.h"
#include "core/runtime/services.h"
#include "core/runtime/timestamp.h"

namespace hcs::runtime {
namespace {

// The Go API's -1.
constexpr uint32_t kUnknownExitCode = 0xFFFFFFFF;

v1::ProcessExit UnknownExit() {
  v1::ProcessExit exit;
  exit.set_exit_code(kUnknownExitCode);
  exit.set_unknown(true);
  return exit;
}

// UnknownExit when `document` does not tell.
v1::ProcessExit ExitFrom(const v1::ProcessStatus& status) {
  if (status.last_wait_result() != 0 || !status.has_exit_code()) return UnknownExit();
  v1::ProcessExit exit;
  exit.set_exit_code(status.exit_code());
  return exit;
}

bool IsGone(const absl::Status& status) {
  return (abi::ClassifyHresult(host::HresultOf(status)) &
          (abi::kNotExist | abi::kAlreadyStopped)) != 0;
}

absl::Status AlreadyExited(std::string_view function, std::string_view object) {
  return host::MakeHostStatus(abi::HCS_E_PROCESS_ALREADY_STOPPED, {function, object});
}

std::string SignalDocument(const v1::ProcessSignal& signal) {
  if (signal.has_number()) return absl::StrCat("{\"Signal\":", signal.number(), "}");
  return absl::StrCat("{\"Signal\":\"", signal.name(), "\"}");
}

// By a handle of its own, as the host serialises the signals of one handle, and
// a kill must not wait behind another signal that hangs.
absl::StatusOr<host::Completion> KillBySecondHandle(const host::ComputeService& host,
                                                    const std::string& container_id,
                                                    uint32_t process_id) {
  absl::StatusOr<host::ComputeSystem> system = host.Open(container_id);
  if (!system.ok()) return system.status();
  absl::StatusOr<host::Process> process = system->OpenProcess(process_id);
  if (!process.ok()) return process.status();
  return process->Terminate();
}

// The same error, payloads included, under another code.
absl::Status WithCode(absl::StatusCode code, const absl::Status& status) {
  absl::Status changed(code, status.message());
  status.ForEachPayload([&changed](absl::string_view url, const absl::Cord& payload) {
    changed.SetPayload(url, payload);
  });
  return changed;
}

}  // namespace

Process::Process(Services& services, std::weak_ptr<Container> container, v1::Process description,
                 host::ProcessInformation streams)
    : services_(services),
      container_(std::move(container)),
      process_id_(description.process_id()),
      object_(absl::StrCat(description.container_id(), ":", process_id_)),
      hub_(StdioHub::Create(services.NextShard(), std::move(streams), description.output_policy())),
      description_(std::move(description)) {}

absl::Status Process::Hold(host::Process handle) {
  auto shared = std::make_shared<host::Process>(std::move(handle));
  absl::StatusOr<host::Registration> registration =
      shared->Register([weak = weak_from_this()](host::Notification notification) {
        if (notification.type != abi::HcsNotificationProcessExited) return;
        const auto self = weak.lock();
        const auto container = self ? self->container_.lock() : nullptr;
        if (container == nullptr) return;
        container->strand().Post([self, data = std::move(notification.data)]() mutable {
          self->OnExitNotification(std::move(data));
        });
      });
  if (!registration.ok()) return registration.status();
  absl::MutexLock lock(&mutex_);
  registration_ = *std::move(registration);
  handle_ = std::move(shared);
  return absl::OkStatus();
}

v1::Process Process::Describe() const {
  v1::Process description;
  {
    absl::MutexLock lock(&mutex_);
    description = description_;
  }
  description.set_attached_clients(hub_->attached_clients());
  description.set_stdout_dropped_bytes(hub_->dropped_bytes(OutputStream::kStdout));
  description.set_stderr_dropped_bytes(hub_->dropped_bytes(OutputStream::kStderr));
  return description;
}

bool Process::exited() const {
  absl::MutexLock lock(&mutex_);
  return description_.has_exit();
}

v1::OnDisconnect Process::on_disconnect() const {
  absl::MutexLock lock(&mutex_);
  return description_.on_disconnect();
}

bool Process::TakeStdin(const void* owner) {
  absl::MutexLock lock(&mutex_);
  if (stdin_owner_ != nullptr && stdin_owner_ != owner) return false;
  stdin_owner_ = owner;
  return true;
}

void Process::LeaveStdin(const void* owner) {
  absl::MutexLock lock(&mutex_);
  if (stdin_owner_ == owner) stdin_owner_ = nullptr;
}

absl::StatusOr<Process::Handle> Process::handle(std::string_view function) const {
  absl::MutexLock lock(&mutex_);
  if (handle_ != nullptr) return handle_;
  return host::MakeOwnStatus(host::OwnError::kHandleClosed, {function, object_});
}

void Process::Request(std::string_view function, HostCall call, Answer answer) {
  const auto container = container_.lock();
  if (container == nullptr) {
    std::move(answer)(handle(function).status());
    return;
  }
  if (exited()) {
    std::move(answer)(AlreadyExited(function, object_));
    return;
  }
  CallOnLane(container->lane(), CallLane::Priority::kOrdinary, std::move(answer),
             [self = shared_from_this(), function, call = std::move(call)](Answer answer) mutable {
               absl::StatusOr<Handle> handle = self->handle(function);
               absl::Status status =
                   handle.ok() ? std::move(call)(**handle).status() : handle.status();
               self->NoteFailure(status);
               std::move(answer)(std::move(status));
             });
}

void Process::Kill(Answer answer) {
  constexpr std::string_view kFunction = "HcsTerminateProcess";
  const auto container = container_.lock();
  if (container == nullptr || exited()) {
    std::move(answer)(AlreadyExited(kFunction, object_));
    return;
  }
  CallOnLane(
      container->lane(), CallLane::Priority::kUrgent, std::move(answer),
      [self = shared_from_this(), container](Answer answer) mutable {
        absl::Status status =
            KillBySecondHandle(self->services_.host, container->id(), self->process_id_).status();
        self->NoteFailure(status);
        std::move(answer)(std::move(status));
      });
}

void Process::Signal(const v1::ProcessSignal& signal, Answer answer) {
  Request(
      "HcsSignalProcess",
      [options = SignalDocument(signal)](const host::Process& process) {
        return process.Signal(options);
      },
      std::move(answer));
}

void Process::Resize(const v1::ConsoleSize& size, Answer answer) {
  // The size has been checked: what the host finds invalid is to resize a
  // process that has no console.
  auto answer_for_console = [answer = std::move(answer)](absl::Status status) mutable {
    std::move(answer)(absl::IsInvalidArgument(status)
                          ? WithCode(absl::StatusCode::kFailedPrecondition, status)
                          : std::move(status));
  };
  Request(
      "HcsModifyProcess",
      [settings = absl::StrCat(R"({"Operation":"ConsoleSize","ConsoleSize":{"Height":)",
                               size.height(), ",\"Width\":", size.width(), "}}")](
          const host::Process& process) { return process.Modify(settings); },
      std::move(answer_for_console));
}

void Process::CloseStdin(Answer answer) {
  hub_->CloseStdin([self = shared_from_this(), answer = std::move(answer)]() mutable {
    if (self->exited()) {
      std::move(answer)(absl::OkStatus());
      return;
    }
    self->Request(
        "HcsModifyProcess",
        [](const host::Process& process) {
          return process.Modify(R"({"Operation":"CloseHandle","CloseHandle":{"Handle":"StdIn"}})");
        },
        [answer = std::move(answer)](absl::Status status) mutable {
          // It has exited meanwhile: its stdin is as closed as can be.
          std::move(answer)(IsGone(status) ? absl::OkStatus() : std::move(status));
        });
  });
}

void Process::CloseWhenExited() {
  {
    absl::MutexLock lock(&mutex_);
    close_when_exited_ = true;
    if (!description_.has_exit()) return;
  }
  if (const auto container = container_.lock()) container->processes().OnExited(*this);
}

bool Process::close_when_exited() const {
  absl::MutexLock lock(&mutex_);
  return close_when_exited_;
}

void Process::NoteFailure(const absl::Status& status) {
  if (IsGone(status)) ExpectExit();
}

void Process::ExpectExit() {
  absl::MutexLock lock(&mutex_);
  if (description_.has_exit() || watchdog_ != nullptr) return;
  watchdog_ = services_.timers().After(services_.options.exit_watchdog, [weak = weak_from_this()] {
    const auto self = weak.lock();
    const auto container = self ? self->container_.lock() : nullptr;
    if (container == nullptr) return;
    container->strand().Post([self] { self->SetExit(UnknownExit()); });
  });
}

void Process::OnExitNotification(std::string data) {
  v1::ProcessStatus status;
  if (document::FromJson(data, &status).ok() && status.exited()) {
    SetExit(ExitFrom(status));
  } else {
    AskForExit();
  }
}

void Process::AskForExit() {
  const auto container = container_.lock();
  if (container == nullptr) return;
  const absl::Status posted =
      container->lane().Post(CallLane::Priority::kUrgent, [self = shared_from_this(), container] {
        v1::ProcessExit exit = UnknownExit();
        if (absl::StatusOr<Handle> handle = self->handle("HcsGetProcessProperties"); handle.ok()) {
          v1::ProcessStatus status;
          absl::StatusOr<std::string> document = (*handle)->GetProperties();
          if (document.ok() && document::FromJson(*document, &status).ok()) exit = ExitFrom(status);
        }
        container->strand().Post(
            [self, exit = std::move(exit)]() mutable { self->SetExit(std::move(exit)); });
      });
  if (!posted.ok()) SetExit(UnknownExit());
}

void Process::SetExit(v1::ProcessExit exit) {
  *exit.mutable_time() = Now();
  v1::Process description;
  {
    absl::MutexLock lock(&mutex_);
    if (description_.has_exit()) return;
    *description_.mutable_exit() = exit;
    description = description_;
    watchdog_.reset();
  }
  const auto container = container_.lock();
  if (container != nullptr) container->processes().RecordExit(description);
  hub_->OnExit(exit);
  exit_->Set(std::move(exit));
  if (container != nullptr) container->processes().OnExited(*this);
}

void Process::RestoreExit(v1::ProcessExit exit) {
  {
    absl::MutexLock lock(&mutex_);
    *description_.mutable_exit() = exit;
  }
  hub_->OnExit(exit);
  exit_->Set(std::move(exit));
}

void Process::Abandon(const absl::Status& status) {
  exit_->Close(status);
  if (!exited()) hub_->Finish(status);
}

void Process::ReleaseHandle() {
  host::Registration registration;
  Handle handle;
  {
    absl::MutexLock lock(&mutex_);
    registration = std::move(registration_);
    handle = std::move(handle_);
    registration_ = host::Registration();
    handle_ = nullptr;
  }
  registration.Unregister();
}

}  // namespace hcs::runtime
