#include "client/hcs_client/processes.h"

#include "client/hcs_client/connection.h"
#include "client/hcs_client/duration.h"
#include "client/hcs_client/grpc_process_session.h"

namespace hcs::client {
namespace {

using Stub = v1::ProcessService::Stub;

// The largest that the contract allows.
constexpr int kPageSize = 1000;

template <typename Request>
Request RequestFor(const ProcessId& process) {
  Request request;
  request.set_container_id(process.container_id);
  request.set_process_id(process.process_id);
  return request;
}

template <typename Request>
Request MutationOf(const ProcessId& process, const CallOptions& options) {
  Request request = RequestFor<Request>(process);
  request.set_request_id(options.request_id);
  return request;
}

template <typename Response>
absl::StatusOr<v1::Process> ProcessOf(absl::StatusOr<Response> response) {
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_process());
}

template <typename Session, typename Request>
absl::StatusOr<std::unique_ptr<ProcessSession>> Begin(std::unique_ptr<Session> session,
                                                      const Request& start) {
  absl::Status status = session->Begin(start);
  if (!status.ok()) return status;
  return session;
}

}  // namespace

absl::StatusOr<v1::Process> Processes::Create(v1::CreateProcessRequest request,
                                              const CallOptions& options) const {
  if (request.request_id().empty()) request.set_request_id(options.request_id);
  return ProcessOf(Call(connection_->processes, &Stub::CreateProcess, request, options));
}

absl::StatusOr<v1::Process> Processes::Open(const ProcessId& process,
                                            const CallOptions& options) const {
  return ProcessOf(Call(connection_->processes, &Stub::OpenProcess,
                        RequestFor<v1::OpenProcessRequest>(process), options));
}

absl::StatusOr<v1::Process> Processes::Get(const ProcessId& process,
                                           const CallOptions& options) const {
  return ProcessOf(Call(connection_->processes, &Stub::GetProcess,
                        RequestFor<v1::GetProcessRequest>(process), options));
}

absl::StatusOr<std::vector<v1::Process>> Processes::List(const std::string& container_id,
                                                         const CallOptions& options) const {
  v1::ListProcessesRequest request;
  request.set_container_id(container_id);
  request.set_page_size(kPageSize);
  std::vector<v1::Process> processes;
  do {
    auto page = Call(connection_->processes, &Stub::ListProcesses, request, options);
    if (!page.ok()) return page.status();
    for (auto& process : *page->mutable_processes()) processes.push_back(std::move(process));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return processes;
}

absl::Status Processes::Kill(const ProcessId& process, const CallOptions& options) const {
  return Call(connection_->processes, &Stub::KillProcess,
              MutationOf<v1::KillProcessRequest>(process, options), options)
      .status();
}

absl::Status Processes::Signal(const ProcessId& process, const v1::ProcessSignal& signal,
                               const CallOptions& options) const {
  auto request = MutationOf<v1::SignalProcessRequest>(process, options);
  *request.mutable_signal() = signal;
  return Call(connection_->processes, &Stub::SignalProcess, request, options).status();
}

absl::StatusOr<std::optional<v1::ProcessExit>> Processes::Wait(const ProcessId& process,
                                                               absl::Duration timeout,
                                                               const CallOptions& options) const {
  auto request = RequestFor<v1::WaitProcessRequest>(process);
  if (timeout != absl::InfiniteDuration()) *request.mutable_timeout() = ToProto(timeout);
  auto response = Call(connection_->processes, &Stub::WaitProcess, request, options);
  if (!response.ok()) return response.status();
  if (response->timed_out()) return std::nullopt;
  return std::move(*response->mutable_exit());
}

absl::Status Processes::ResizeConsole(const ProcessId& process, const v1::ConsoleSize& size,
                                      const CallOptions& options) const {
  auto request = RequestFor<v1::ResizeConsoleRequest>(process);
  *request.mutable_size() = size;
  return Call(connection_->processes, &Stub::ResizeConsole, request, options).status();
}

absl::Status Processes::CloseStdin(const ProcessId& process, const CallOptions& options) const {
  return Call(connection_->processes, &Stub::CloseStdin, RequestFor<v1::CloseStdinRequest>(process),
              options)
      .status();
}

absl::Status Processes::Close(const ProcessId& process, const CallOptions& options) const {
  return Call(connection_->processes, &Stub::CloseProcess,
              MutationOf<v1::CloseProcessRequest>(process, options), options)
      .status();
}

absl::StatusOr<std::unique_ptr<ProcessSession>> Processes::Exec(const v1::ExecStart& start,
                                                                const CallOptions& options) const {
  v1::ExecRequest request;
  *request.mutable_start() = start;
  return Begin(
      std::make_unique<GrpcProcessSession<v1::ExecRequest, v1::ExecResponse>>(
          connection_, options,
          [&](grpc::ClientContext* context) { return connection_->processes.Exec(context); }),
      request);
}

absl::StatusOr<std::unique_ptr<ProcessSession>> Processes::Attach(
    const v1::AttachStart& start, const CallOptions& options) const {
  v1::AttachRequest request;
  *request.mutable_attach() = start;
  return Begin(
      std::make_unique<GrpcProcessSession<v1::AttachRequest, v1::AttachResponse>>(
          connection_, options,
          [&](grpc::ClientContext* context) { return connection_->processes.Attach(context); }),
      request);
}

}  // namespace hcs::client
