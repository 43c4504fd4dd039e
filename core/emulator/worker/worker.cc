#include "core/emulator/worker/worker.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "core/emulator/channel/confinement.h"
#include "core/emulator/channel/protocol.h"
#include "core/emulator/documents/process_document.h"
#include "core/emulator/documents/requests.h"
#include "core/emulator/documents/schema.h"

namespace hcs::emulator::worker {
namespace {

using platform::UniqueFd;

UniqueFd WatchChildren() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  return UniqueFd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

}  // namespace

Worker::Worker(EventLoop* loop, UniqueFd first) : loop_(loop), child_signals_(WatchChildren()) {
  loop_->Watch(child_signals_.get(), EPOLLIN, [this](uint32_t) { OnChild(); });
  AddClient(std::move(first));
}

void Worker::AddClient(UniqueFd socket) {
  clients_.push_back(std::make_unique<ClientConnection>(
      loop_, std::move(socket),
      [this](ClientConnection* client, Frame frame) { OnFrame(client, std::move(frame)); },
      [this](ClientConnection* client) { OnClosed(client); }));
}

void Worker::OnListener() {
  UniqueFd socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (socket) AddClient(std::move(socket));
}

void Worker::OnChild() {
  signalfd_siginfo information{};
  while (read(child_signals_.get(), &information, sizeof(information)) > 0) {
  }
  if (system_) system_->Reap();
}

void Worker::OnFrame(ClientConnection* client, Frame frame) {
  const Json message = Json::parse(frame.text, nullptr, false);
  if (!message.is_object()) return;
  const std::string method = StringField(message, protocol::kMethod);
  Answer answer = Handle(client, method, message, std::move(frame.descriptors));
  const uint64_t call = NumberField(message, protocol::kCall);
  if (call == 0) return;
  client->Send({{protocol::kReply, call},
                {protocol::kResult, answer.status.code},
                {protocol::kMessage, answer.status.message},
                {protocol::kBody, std::move(answer.body)}},
               std::move(answer.descriptors));
}

void Worker::OnClosed(ClientConnection* client) {
  for (const auto& [key, count] : client->process_handles) {
    for (size_t i = 0; i < count; ++i) system_->processes().ReleaseHandle(key);
  }
  std::erase_if(clients_, [client](const auto& entry) { return entry.get() == client; });
  TerminateIfUnheld();
  EndIfUnused();
}

void Worker::TerminateIfUnheld() {
  if (!system_ || !system_->document().terminate_on_last_handle_closed) return;
  const bool held = std::any_of(clients_.begin(), clients_.end(),
                                [](const auto& client) { return client->holds_system; });
  if (!held && system_->state() != SystemState::kStopped) system_->Terminate();
}

// A system that never came to be, or that has stopped and is asked nothing more.
void Worker::EndIfUnused() {
  if (!clients_.empty()) return;
  if (!system_ || system_->state() == SystemState::kStopped) loop_->Stop();
}

void Worker::Broadcast(const Json& event) {
  for (const auto& client : clients_) client->Send(event);
  // Nobody can come any more, and those who are here may be none.
  if (system_ && system_->state() == SystemState::kStopped && listener_) {
    loop_->Forget(listener_.get());
    listener_.reset();
    loop_->Defer([this] { EndIfUnused(); });
  }
}

void Worker::BroadcastProcessExit(const ProcessTable::Entry& entry) {
  const Json event = {{protocol::kEvent, protocol::kProcessExited},
                      {protocol::kProcess, entry.key},
                      {protocol::kStatus, ProcessStatusDocument(entry.process->status())}};
  for (const auto& client : clients_) {
    if (client->process_handles.contains(entry.key)) client->Send(event);
  }
}

Worker::Answer Worker::Handle(ClientConnection* client, const std::string& method,
                              const Json& message, std::vector<UniqueFd> descriptors) {
  const Json* found = FindField(message, protocol::kDocument);
  const Json none = Json::object();
  const Json& document = found == nullptr ? none : *found;
  if (method == protocol::kCreate) return Create(client, document, std::move(descriptors));
  if (!system_) return {{abi::VMCOMPUTE_INVALID_STATE, "the compute system is being made"}, {}, {}};
  const uint64_t key = NumberField(message, protocol::kProcess);
  if (key == 0) return HandleSystem(client, method, document);
  if (method == protocol::kCloseProcess) {
    CloseProcess(client, key);
    return {};
  }
  ProcessTable::Entry* entry = system_->processes().Find(key);
  if (entry == nullptr) return {{abi::ERROR_NOT_FOUND, "there is no such process"}, {}, {}};
  return HandleProcess(client, method, document, entry);
}

Worker::Answer Worker::HandleSystem(ClientConnection* client, const std::string& method,
                                    const Json& document) {
  if (method == protocol::kAttach) return Attach(client);
  if (method == protocol::kStart) return {system_->Start(), {}, {}};
  if (method == protocol::kShutdown) return Shutdown(document);
  if (method == protocol::kTerminate) return {system_->Terminate(), {}, {}};
  if (method == protocol::kPause) return {system_->Pause(), {}, {}};
  if (method == protocol::kResume) return {system_->Resume(), {}, {}};
  if (method == protocol::kModify) return {system_->Modify(document), {}, {}};
  if (method == protocol::kGetProperties) return GetProperties(document);
  if (method == protocol::kCreateProcess) return CreateProcess(client, document);
  if (method == protocol::kOpenProcess) return OpenProcess(client, document);
  if (method == protocol::kHoldSystem || method == protocol::kReleaseSystem) {
    HoldSystem(client, method == protocol::kHoldSystem);
    return {};
  }
  return {{abi::ERROR_NOT_SUPPORTED, "the emulated host cannot do this: " + method}, {}, {}};
}

Worker::Answer Worker::HandleProcess(ClientConnection* /*client*/, const std::string& method,
                                     const Json& document, ProcessTable::Entry* entry) {
  if (method == protocol::kGetProcessInfo) return DescribeProcess(*entry, true);
  if (method == protocol::kGetProcessProperties) {
    return {{}, ProcessStatusDocument(entry->process->status()), {}};
  }
  if (method == protocol::kTerminateProcess) return {entry->process->Terminate(), {}, {}};
  if (method == protocol::kSignalProcess) return SignalProcess(document, entry);
  if (method == protocol::kModifyProcess) return ModifyProcess(document, entry);
  return {{abi::ERROR_NOT_SUPPORTED, "the emulated host cannot do this: " + method}, {}, {}};
}

Worker::Answer Worker::Create(ClientConnection* client, const Json& document,
                              std::vector<UniqueFd> descriptors) {
  const Json* configuration = FindField(document, "Configuration");
  if (system_ || configuration == nullptr || descriptors.size() < protocol::kCreateDescriptors) {
    return {{abi::VMCOMPUTE_PROTOCOL_ERROR, "this is no way to make a compute system"}, {}, {}};
  }
  Outcome<SystemDocument> parsed = ReadSystemDocument(
      *configuration, static_cast<uint32_t>(NumberField(document, "BuildNumber")));
  if (!parsed.ok()) return {parsed.failure(), {}, {}};
  ComputeSystem::Identity identity{StringField(document, "Id"),
                                   StringField(document, "FolderName"),
                                   StringField(document, "RuntimeId"),
                                   std::move(descriptors[protocol::kFolderDescriptor]),
                                   std::move(descriptors[protocol::kLockDescriptor]),
                                   nullptr};
  if (const Json* confinement = FindField(document, protocol::kConfinement)) {
    identity.confinement =
        ReadConfinement(*confinement, std::span(descriptors).subspan(protocol::kCreateDescriptors));
    if (!identity.confinement) {
      return {{abi::VMCOMPUTE_PROTOCOL_ERROR, "this is no way to confine a system"}, {}, {}};
    }
  }
  auto system = ComputeSystem::Create(loop_, this, std::move(identity), *std::move(parsed));
  if (!system.ok()) return {system.failure(), {}, {}};
  system_ = *std::move(system);
  listener_ = std::move(descriptors[protocol::kListenerDescriptor]);
  loop_->Watch(listener_.get(), EPOLLIN, [this](uint32_t) { OnListener(); });
  return Attach(client);
}

Worker::Answer Worker::Attach(ClientConnection* client) {
  client->holds_system = true;
  return {{},
          {{protocol::kVersionKey, protocol::kVersion},
           {protocol::kWorker, system_->worker_process_id()},
           {protocol::kSummary, system_->Summary()}},
          {}};
}

Worker::Answer Worker::Shutdown(const Json& document) {
  const Outcome<std::chrono::milliseconds> grace = ReadShutdownGrace(document);
  if (!grace.ok()) return {grace.failure(), {}, {}};
  return {system_->Shutdown(*grace), {}, {}};
}

Worker::Answer Worker::GetProperties(const Json& document) {
  Outcome<Json> properties = system_->Properties(document);
  if (!properties.ok()) return {properties.failure(), {}, {}};
  return {{}, *std::move(properties), {}};
}

Worker::Answer Worker::CreateProcess(ClientConnection* client, const Json& document) {
  const Outcome<ProcessTable::Entry*> entry = system_->CreateProcess(document);
  if (!entry.ok()) return {entry.failure(), {}, {}};
  ++client->process_handles[(*entry)->key];
  return DescribeProcess(**entry, true);
}

Worker::Answer Worker::OpenProcess(ClientConnection* client, const Json& document) {
  const uint64_t process_id = NumberField(document, "ProcessId");
  ProcessTable::Entry* entry = system_->processes().FindByProcessId(static_cast<pid_t>(process_id));
  if (entry == nullptr) {
    return {{abi::ERROR_NOT_FOUND, "there is no process " + std::to_string(process_id)}, {}, {}};
  }
  ++entry->handles;
  ++client->process_handles[entry->key];
  return DescribeProcess(*entry, false);
}

Worker::Answer Worker::DescribeProcess(const ProcessTable::Entry& entry, bool with_pipes) {
  Answer answer;
  Json pipes = Json::array();
  if (with_pipes) {
    for (auto& [stream, end] : entry.process->ClientEnds()) {
      pipes.push_back(StandardStreamName(stream));
      answer.descriptors.push_back(std::move(end));
    }
  }
  answer.body = {{protocol::kProcess, entry.key},
                 {protocol::kProcessId, entry.process->process_id()},
                 {protocol::kStatus, ProcessStatusDocument(entry.process->status())},
                 {protocol::kPipes, std::move(pipes)}};
  return answer;
}

Worker::Answer Worker::SignalProcess(const Json& document, ProcessTable::Entry* entry) {
  const Outcome<ProcessSignal> signal = ReadProcessSignal(document);
  if (!signal.ok()) return {signal.failure(), {}, {}};
  return {entry->process->Signal(*signal), {}, {}};
}

Worker::Answer Worker::ModifyProcess(const Json& document, ProcessTable::Entry* entry) {
  const Outcome<ProcessModification> modification = ReadProcessModification(document);
  if (!modification.ok()) return {modification.failure(), {}, {}};
  return {entry->process->Modify(*modification), {}, {}};
}

void Worker::CloseProcess(ClientConnection* client, uint64_t key) {
  const auto held = client->process_handles.find(key);
  if (held == client->process_handles.end()) return;
  if (--held->second == 0) client->process_handles.erase(held);
  system_->processes().ReleaseHandle(key);
}

void Worker::HoldSystem(ClientConnection* client, bool hold) {
  client->holds_system = hold;
  if (!hold) TerminateIfUnheld();
}

}  // namespace hcs::emulator::worker
