#include "core/host/compute_system.h"

#include <utility>

#include "core/host/handles.h"
#include "core/host/notification_router.h"

namespace hcs::host {
namespace {

absl::Status Closed(std::string_view operation, const SystemHandle& system) {
  return MakeOwnStatus(OwnError::kHandleClosed, {operation, system.id});
}

// Calls an export whose first parameter is the system and whose last is the
// result document.
template <typename Function, typename... Arguments>
absl::StatusOr<Completion> CallSystem(const SystemHandle& system, Export<Function> which,
                                      Arguments... arguments) {
  const auto lease = system.shared->Use();
  if (!lease) return Closed(which.name, system);
  return system.caller.CallWithResult(which, system.id, lease.get(), arguments...);
}

// The same for one with a document as its only other parameter.
template <typename Function>
absl::StatusOr<Completion> CallWithDocument(const SystemHandle& system, Export<Function> which,
                                            std::string_view parameter, std::string_view document) {
  const auto text = ToHostText(parameter, document);
  if (!text.ok()) return text.status();
  return CallSystem(system, which, text->c_str());
}

std::string ProcessObject(const SystemHandle& system, uint32_t process_id) {
  return system.id + ":" + std::to_string(process_id);
}

}  // namespace

SystemHandle::SystemHandle(const TableCaller& table_caller, abi::HCS_SYSTEM handle,
                           std::string system_id)
    : caller(table_caller),
      id(std::move(system_id)),
      shared(std::make_shared<SharedHandle<abi::HCS_SYSTEM>>(
          handle, [&table_caller, name = id](abi::HCS_SYSTEM system) {
            table_caller.Call(HCS_EXPORT(HcsCloseComputeSystem), name, system).IgnoreError();
          })) {}

ComputeSystem::ComputeSystem(std::shared_ptr<SystemHandle> handle) : handle_(std::move(handle)) {}
ComputeSystem::ComputeSystem(ComputeSystem&& other) noexcept = default;

ComputeSystem& ComputeSystem::operator=(ComputeSystem&& other) noexcept {
  if (this != &other) {
    Close();
    handle_ = std::move(other.handle_);
  }
  return *this;
}

ComputeSystem::~ComputeSystem() { Close(); }

const std::string& ComputeSystem::id() const { return handle_->id; }

absl::StatusOr<Completion> ComputeSystem::Start(std::string_view options) const {
  return CallWithDocument(*handle_, HCS_EXPORT(HcsStartComputeSystem), "options", options);
}

absl::StatusOr<Completion> ComputeSystem::Shutdown(std::string_view options) const {
  return CallWithDocument(*handle_, HCS_EXPORT(HcsShutdownComputeSystem), "options", options);
}

absl::StatusOr<Completion> ComputeSystem::Terminate(std::string_view options) const {
  return CallWithDocument(*handle_, HCS_EXPORT(HcsTerminateComputeSystem), "options", options);
}

absl::StatusOr<Completion> ComputeSystem::Pause(std::string_view options) const {
  return CallWithDocument(*handle_, HCS_EXPORT(HcsPauseComputeSystem), "options", options);
}

absl::StatusOr<Completion> ComputeSystem::Resume(std::string_view options) const {
  return CallWithDocument(*handle_, HCS_EXPORT(HcsResumeComputeSystem), "options", options);
}

absl::StatusOr<Completion> ComputeSystem::Save(std::string_view options) const {
  return CallWithDocument(*handle_, HCS_EXPORT(HcsSaveComputeSystem), "options", options);
}

absl::StatusOr<std::string> ComputeSystem::GetProperties(std::string_view query) const {
  const auto text = ToHostText("query", query);
  if (!text.ok()) return text.status();
  HostText properties(handle_->caller.table());
  const auto called = CallSystem(*handle_, HCS_EXPORT(HcsGetComputeSystemProperties), text->c_str(),
                                 properties.out());
  if (!called.ok()) return called.status();
  return RequireText(properties, {"HcsGetComputeSystemProperties", handle_->id});
}

absl::StatusOr<Completion> ComputeSystem::Modify(std::string_view settings) const {
  return CallWithDocument(*handle_, HCS_EXPORT(HcsModifyComputeSystem), "settings", settings);
}

absl::StatusOr<CreatedProcess> ComputeSystem::CreateProcess(std::string_view parameters) const {
  constexpr auto kCreate = HCS_EXPORT(HcsCreateProcess);
  const auto text = ToHostText("parameters", parameters);
  if (!text.ok()) return text.status();
  abi::HcsProcessInformation given{};
  abi::HCS_PROCESS process = nullptr;
  const auto called = CallSystem(*handle_, kCreate, text->c_str(), &given, &process);
  ProcessInformation information = TakeInformation(given);
  if (!called.ok()) return called.status();
  if (process == nullptr) {
    return MakeOwnStatus(OwnError::kUnexpectedValue, {kCreate.name, handle_->id},
                         "the host gave no process handle");
  }
  auto handle = std::make_shared<ProcessHandle>(handle_->caller, process,
                                                ProcessObject(*handle_, information.process_id),
                                                information.process_id);
  return CreatedProcess{Process(std::move(handle)), std::move(information)};
}

absl::StatusOr<Process> ComputeSystem::OpenProcess(uint32_t process_id) const {
  constexpr auto kOpen = HCS_EXPORT(HcsOpenProcess);
  const std::string object = ProcessObject(*handle_, process_id);
  const auto lease = handle_->shared->Use();
  if (!lease) return Closed(kOpen.name, *handle_);
  abi::HCS_PROCESS process = nullptr;
  const auto called =
      handle_->caller.CallWithResult(kOpen, object, lease.get(), process_id, &process);
  if (!called.ok()) return called.status();
  if (process == nullptr) {
    return MakeOwnStatus(OwnError::kUnexpectedValue, {kOpen.name, object},
                         "the host gave no process handle");
  }
  return Process(std::make_shared<ProcessHandle>(handle_->caller, process, object, process_id));
}

absl::StatusOr<Registration> ComputeSystem::Register(NotificationSink sink) const {
  constexpr auto kRegister = HCS_EXPORT(HcsRegisterComputeSystemCallback);
  auto lease = handle_->shared->Use();
  if (!lease) return Closed(kRegister.name, *handle_);
  const auto system = lease.get();
  return NotificationRouter::Register(
      std::move(sink),
      [&](auto callback, void* context, abi::HCS_CALLBACK* registration) {
        return handle_->caller.Call(kRegister, handle_->id, system, callback, context,
                                    registration);
      },
      [handle = handle_, lease = std::move(lease)](abi::HCS_CALLBACK registration) {
        handle->caller
            .Call(HCS_EXPORT(HcsUnregisterComputeSystemCallback), handle->id, registration)
            .IgnoreError();
      });
}

void ComputeSystem::Close() {
  if (handle_ != nullptr) handle_->shared->Close();
}

}  // namespace hcs::host
