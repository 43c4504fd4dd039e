#include "core/host/process.h"

#include <utility>

#include "core/host/handles.h"
#include "core/host/notification_router.h"

namespace hcs::host {
namespace {

PipeHandle TakePipe(abi::HANDLE handle) {
  if (handle == nullptr) return PipeHandle();
  return PipeHandle(static_cast<int>(reinterpret_cast<intptr_t>(handle)));
}

absl::Status Closed(std::string_view operation, const ProcessHandle& process) {
  return MakeOwnStatus(OwnError::kHandleClosed, {operation, process.object});
}

// Calls an export whose first parameter is the process and whose last is the
// result document.
template <typename Function, typename... Arguments>
absl::StatusOr<Completion> CallProcess(const ProcessHandle& process, Export<Function> which,
                                       Arguments... arguments) {
  const auto lease = process.shared->Use();
  if (!lease) return Closed(which.name, process);
  return process.caller.CallWithResult(which, process.object, lease.get(), arguments...);
}

}  // namespace

ProcessHandle::ProcessHandle(const TableCaller& table_caller, abi::HCS_PROCESS handle,
                             std::string object_name, uint32_t id)
    : caller(table_caller),
      object(std::move(object_name)),
      process_id(id),
      shared(std::make_shared<SharedHandle<abi::HCS_PROCESS>>(
          handle, [&table_caller, name = object](abi::HCS_PROCESS process) {
            table_caller.Call(HCS_EXPORT(HcsCloseProcess), name, process).IgnoreError();
          })) {}

ProcessInformation TakeInformation(const abi::HcsProcessInformation& given) {
  return {given.ProcessId, TakePipe(given.StdInput), TakePipe(given.StdOutput),
          TakePipe(given.StdError)};
}

Process::Process(std::shared_ptr<ProcessHandle> handle) : handle_(std::move(handle)) {}
Process::Process(Process&& other) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    Close();
    handle_ = std::move(other.handle_);
  }
  return *this;
}

Process::~Process() { Close(); }

uint32_t Process::process_id() const { return handle_->process_id; }

absl::StatusOr<Completion> Process::Terminate() const {
  return CallProcess(*handle_, HCS_EXPORT(HcsTerminateProcess));
}

absl::StatusOr<Completion> Process::Signal(std::string_view options) const {
  const auto text = ToHostText("options", options);
  if (!text.ok()) return text.status();
  return CallProcess(*handle_, HCS_EXPORT(HcsSignalProcess), text->c_str());
}

absl::StatusOr<ProcessInformation> Process::GetInformation() const {
  abi::HcsProcessInformation given{};
  const auto called = CallProcess(*handle_, HCS_EXPORT(HcsGetProcessInfo), &given);
  ProcessInformation information = TakeInformation(given);
  if (!called.ok()) return called.status();
  return information;
}

absl::StatusOr<std::string> Process::GetProperties() const {
  HostText properties(handle_->caller.table());
  const auto called = CallProcess(*handle_, HCS_EXPORT(HcsGetProcessProperties), properties.out());
  if (!called.ok()) return called.status();
  return RequireText(properties, {"HcsGetProcessProperties", handle_->object});
}

absl::StatusOr<Completion> Process::Modify(std::string_view settings) const {
  const auto text = ToHostText("settings", settings);
  if (!text.ok()) return text.status();
  return CallProcess(*handle_, HCS_EXPORT(HcsModifyProcess), text->c_str());
}

absl::StatusOr<Registration> Process::Register(NotificationSink sink) const {
  constexpr auto kRegister = HCS_EXPORT(HcsRegisterProcessCallback);
  auto lease = handle_->shared->Use();
  if (!lease) return Closed(kRegister.name, *handle_);
  const auto process = lease.get();
  return NotificationRouter::Register(
      std::move(sink),
      [&](auto callback, void* context, abi::HCS_CALLBACK* registration) {
        return handle_->caller.Call(kRegister, handle_->object, process, callback, context,
                                    registration);
      },
      [handle = handle_, lease = std::move(lease)](abi::HCS_CALLBACK registration) {
        handle->caller.Call(HCS_EXPORT(HcsUnregisterProcessCallback), handle->object, registration)
            .IgnoreError();
      });
}

void Process::Close() {
  if (handle_ != nullptr) handle_->shared->Close();
}

}  // namespace hcs::host
