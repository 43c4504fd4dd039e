#include "core/emulator/library/compute_service.h"

#include <mutex>
#include <utility>

#include "core/emulator/channel/protocol.h"
#include "core/emulator/documents/json_text.h"
#include "core/emulator/documents/process_document.h"
#include "core/emulator/documents/requests.h"
#include "core/emulator/documents/schema.h"
#include "core/emulator/state/system_id.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

// The C table has no context pointer: this is the one place that makes up for it.
struct ActiveService {
  std::mutex mutex;
  std::shared_ptr<ComputeService> service;
};

ActiveService& TheActive() {
  static ActiveService active;
  return active;
}

Status InvalidHandle() {
  return {abi::ERROR_INVALID_HANDLE, "the handle is closed or was never valid"};
}

// Gives the descriptors of a reply away as the caller's handles. A descriptor 0,
// which means "none" in the table, is replaced by another number.
void FillInformation(Reply reply, abi::HcsProcessInformation* information) {
  *information = {};
  information->ProcessId = static_cast<uint32_t>(NumberField(reply.body, protocol::kProcessId));
  const Json* pipes = FindField(reply.body, protocol::kPipes);
  if (pipes == nullptr || pipes->size() != reply.descriptors.size()) return;
  for (size_t i = 0; i < pipes->size(); ++i) {
    UniqueFd& descriptor = reply.descriptors[i];
    if (descriptor.get() == 0) descriptor = descriptor.Duplicate();
    const auto handle = reinterpret_cast<abi::HANDLE>(static_cast<intptr_t>(descriptor.release()));
    const std::string name = (*pipes)[i].get<std::string>();
    if (name == StandardStreamName(StandardStream::kStdIn)) information->StdInput = handle;
    if (name == StandardStreamName(StandardStream::kStdOut)) information->StdOutput = handle;
    if (name == StandardStreamName(StandardStream::kStdErr)) information->StdError = handle;
  }
}

// Malformed documents never reach a worker.
Status CheckSyntax(const std::string& document) {
  const Outcome<Json> json = ParseDocument(document);
  return json.ok() ? Status() : json.failure();
}

Outcome<std::string> BodyText(const Reply& reply) {
  if (!reply.status.ok()) return reply.status;
  return reply.body.is_null() ? std::string() : JsonToText(reply.body);
}

}  // namespace

std::shared_ptr<ComputeService> ComputeService::Active() {
  const std::lock_guard lock(TheActive().mutex);
  return TheActive().service;
}

bool ComputeService::Activate(std::shared_ptr<ComputeService> service) {
  const std::lock_guard lock(TheActive().mutex);
  if (TheActive().service) return false;
  TheActive().service = std::move(service);
  return true;
}

void ComputeService::Deactivate() {
  std::shared_ptr<ComputeService> service;
  {
    const std::lock_guard lock(TheActive().mutex);
    service.swap(TheActive().service);
  }
  if (!service) return;
  service->notifier_.Stop();
  service->Disconnect();
  // Calls that are still on their way out hold the service, too; the last one that
  // lets go destroys it.
  const std::shared_future<void> destroyed = service->destroyed_.promise.get_future().share();
  service.reset();
  destroyed.wait();
}

ComputeService::ComputeService(SystemsFolder folder, const Options& options)
    : build_number_(options.build_number),
      state_folder_(options.state_folder),
      layers_(options.state_folder),
      notifier_(options.callback_threads),
      directory_(
          std::move(folder),
          {options.worker_path, options.build_number, options.state_folder, options.isolation},
          &reactor_, &notifier_) {}

// In this order: creations need the reactor, and the reactor tells the directory.
ComputeService::~ComputeService() {
  Disconnect();
  directory_.FinishCreations();
  reactor_.Stop();
}

ComputeService::Destroyed::~Destroyed() { promise.set_value(); }

void ComputeService::Disconnect() {
  for (const auto& link : handles_.DropSystemsAndProcesses()) {
    link->Disconnect();
    directory_.ForgetIfUnused(link);
  }
}

Outcome<std::string> ComputeService::EnumerateSystems(const std::string& query) {
  const Outcome<Json> document = ParseDocument(query);
  if (!document.ok()) return document.failure();
  const Outcome<EnumerationQuery> parsed = ReadEnumerationQuery(*document);
  if (!parsed.ok()) return parsed.failure();
  return directory_.Enumerate(*parsed);
}

Outcome<HandleNumber> ComputeService::CreateSystem(std::u16string_view id,
                                                   std::string configuration) {
  const Outcome<std::string> checked = CheckSystemId(id);
  if (!checked.ok()) return checked.failure();
  auto handle = directory_.Create(*checked, std::move(configuration));
  if (!handle.ok()) return handle.failure();
  return handles_.Add(*std::move(handle));
}

Outcome<HandleNumber> ComputeService::OpenSystem(std::u16string_view id) {
  const Outcome<std::string> checked = CheckSystemId(id);
  if (!checked.ok()) return checked.failure();
  auto handle = directory_.Open(*checked);
  if (!handle.ok()) return handle.failure();
  return handles_.Add(*std::move(handle));
}

Outcome<std::string> ComputeService::CallSystem(HandleNumber system, const char* method,
                                                std::string document) {
  const auto handle = handles_.Find<SystemHandle>(system);
  if (handle == nullptr) return InvalidHandle();
  if (Status status = CheckSyntax(document); !status.ok()) return status;
  WorkerCall call;
  call.method = method;
  call.document = std::move(document);
  return BodyText(handle->link->Call(std::move(call)));
}

Outcome<std::string> ComputeService::CallProcess(HandleNumber process, const char* method,
                                                 std::string document) {
  const auto handle = handles_.Find<ProcessHandle>(process);
  if (handle == nullptr) return InvalidHandle();
  if (Status status = CheckSyntax(document); !status.ok()) return status;
  WorkerCall call;
  call.method = method;
  call.document = std::move(document);
  call.process = handle->key;
  return BodyText(handle->link->Call(std::move(call)));
}

Outcome<HandleNumber> ComputeService::CreateProcess(HandleNumber system, std::string parameters,
                                                    abi::HcsProcessInformation* information) {
  const auto handle = handles_.Find<SystemHandle>(system);
  if (handle == nullptr) return InvalidHandle();
  if (Status status = CheckSyntax(parameters); !status.ok()) return status;
  auto process = std::make_shared<ProcessHandle>();
  process->link = handle->link;
  WorkerCall call;
  call.method = protocol::kCreateProcess;
  call.document = std::move(parameters);
  Reply reply = handle->link->CallForProcess(std::move(call), process);
  if (!reply.status.ok()) return reply.status;
  if (information != nullptr) FillInformation(std::move(reply), information);
  return handles_.Add(std::move(process));
}

Outcome<HandleNumber> ComputeService::OpenProcess(HandleNumber system, uint32_t process_id) {
  const auto handle = handles_.Find<SystemHandle>(system);
  if (handle == nullptr) return InvalidHandle();
  auto process = std::make_shared<ProcessHandle>();
  process->link = handle->link;
  WorkerCall call;
  call.method = protocol::kOpenProcess;
  call.document = JsonToText({{"ProcessId", process_id}});
  const Reply reply = handle->link->CallForProcess(std::move(call), process);
  if (!reply.status.ok()) return reply.status;
  return handles_.Add(std::move(process));
}

Status ComputeService::GetProcessInformation(HandleNumber process,
                                             abi::HcsProcessInformation* information) {
  const auto handle = handles_.Find<ProcessHandle>(process);
  if (handle == nullptr) return InvalidHandle();
  WorkerCall call;
  call.method = protocol::kGetProcessInfo;
  call.process = handle->key;
  Reply reply = handle->link->Call(std::move(call));
  if (!reply.status.ok()) return reply.status;
  FillInformation(std::move(reply), information);
  return {};
}

template <typename Handle>
void ComputeService::CloseHandle(const std::shared_ptr<Handle>& handle) {
  for (const auto& callback : handle->link->RemoveHandle(handle)) {
    handles_.Take<CallbackHandle>(callback->number);
  }
  directory_.ForgetIfUnused(handle->link);
}

Status ComputeService::CloseSystem(HandleNumber system) {
  const auto handle = handles_.Take<SystemHandle>(system);
  if (handle == nullptr) return InvalidHandle();
  CloseHandle(handle);
  return {};
}

Status ComputeService::CloseProcess(HandleNumber process) {
  const auto handle = handles_.Take<ProcessHandle>(process);
  if (handle == nullptr) return InvalidHandle();
  CloseHandle(handle);
  return {};
}

template <typename Handle>
Outcome<HandleNumber> ComputeService::Register(const std::shared_ptr<Handle>& handle,
                                               const std::shared_ptr<CallbackHandle>& callback) {
  callback->link = handle->link;
  callback->number = HandleTable::NewNumber();
  handles_.AddAt(callback->number, callback);
  handle->link->Register(handle.get(), callback);
  return callback->number;
}

Outcome<HandleNumber> ComputeService::RegisterSystem(HandleNumber system,
                                                     abi::HcsNotificationCallback callback,
                                                     void* context) {
  const auto handle = handles_.Find<SystemHandle>(system);
  if (handle == nullptr) return InvalidHandle();
  auto made = std::make_shared<CallbackHandle>();
  made->registration = std::make_shared<Registration>(callback, context);
  made->system = handle;
  return Register(handle, made);
}

Outcome<HandleNumber> ComputeService::RegisterProcess(HandleNumber process,
                                                      abi::HcsNotificationCallback callback,
                                                      void* context) {
  const auto handle = handles_.Find<ProcessHandle>(process);
  if (handle == nullptr) return InvalidHandle();
  auto made = std::make_shared<CallbackHandle>();
  made->registration = std::make_shared<Registration>(callback, context);
  made->process = handle;
  made->of_process = true;
  return Register(handle, made);
}

Status ComputeService::Unregister(HandleNumber callback, bool of_process) {
  const auto handle = handles_.Find<CallbackHandle>(callback);
  if (handle == nullptr || handle->of_process != of_process) return InvalidHandle();
  if (handles_.Take<CallbackHandle>(callback) == nullptr) return InvalidHandle();
  handle->link->Unregister(*handle);
  return {};
}

}  // namespace hcs::emulator
