#include "core/runtime/process_operations.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/runtime/answers.h"
#include "core/runtime/container.h"
#include "core/runtime/page_token.h"
#include "core/runtime/process.h"
#include "core/runtime/request_documents.h"
#include "core/runtime/services.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

absl::StatusOr<std::shared_ptr<Process>> Find(Services& services, const std::string& container_id,
                                              uint32_t process_id) {
  const auto container = services.containers.Find(container_id);
  if (!container.ok()) return container.status();
  return (*container)->processes().Find(process_id);
}

template <typename Response>
ProcessTable::ProcessAnswer Describing(Done<Response> done) {
  return [done = std::move(done)](absl::StatusOr<std::shared_ptr<Process>> process) mutable {
    if (!process.ok()) {
      std::move(done)(process.status());
      return;
    }
    Response response;
    *response.mutable_process() = (*process)->Describe();
    std::move(done)(std::move(response));
  };
}

// The pages of a container's processes are listed under its id, so that one
// container's token is foreign to another.
std::string PageList(const std::string& container_id) {
  return absl::StrCat("processes/", container_id);
}

}  // namespace

void ProcessOperations::Create(const v1::CreateProcessRequest& request, CallContext context,
                               Done<v1::CreateProcessResponse> done) {
  absl::StatusOr<ProcessDocument> document = DocumentOf(request, v1::ON_DISCONNECT_KEEP);
  if (!document.ok()) {
    std::move(done)(document.status());
    return;
  }
  services_.requests.Run<v1::CreateProcessRequest, v1::CreateProcessResponse>(
      context, request, std::move(done),
      [&services = services_, id = request.container_id(), document = *std::move(document)](
          CallContext /*context*/, Done<v1::CreateProcessResponse> done) mutable {
        const auto container = services.containers.Find(id);
        if (!container.ok()) {
          std::move(done)(container.status());
          return;
        }
        (*container)
            ->processes()
            .Create(std::move(document.json), std::move(document.description),
                    Describing(std::move(done)));
      });
}

void ProcessOperations::Open(const v1::OpenProcessRequest& request, CallContext /*context*/,
                             Done<v1::OpenProcessResponse> done) {
  const auto container = services_.containers.Find(request.container_id());
  if (!container.ok()) {
    std::move(done)(container.status());
    return;
  }
  (*container)->processes().Open(request.process_id(), Describing(std::move(done)));
}

void ProcessOperations::Get(const v1::GetProcessRequest& request, CallContext /*context*/,
                            Done<v1::GetProcessResponse> done) {
  Describing(std::move(done))(Find(services_, request.container_id(), request.process_id()));
}

void ProcessOperations::List(const v1::ListProcessesRequest& request, CallContext /*context*/,
                             Done<v1::ListProcessesResponse> done) {
  const auto container = services_.containers.Find(request.container_id());
  const std::string list = PageList(request.container_id());
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  const absl::StatusOr<std::string> after = DecodePageToken(list, request.page_token());
  absl::Status status = container.status();
  status.Update(limit.status());
  status.Update(after.status());
  uint32_t after_id = 0;
  if (status.ok() && !after->empty() && !absl::SimpleAtoi(*after, &after_id)) {
    status = document::InvalidField("page_token", "must come from ListProcesses");
  }
  if (!status.ok()) {
    std::move(done)(std::move(status));
    return;
  }
  v1::ListProcessesResponse response;
  bool more = false;
  for (v1::Process& process : (*container)->processes().List(after_id, *limit, &more)) {
    *response.add_processes() = std::move(process);
  }
  if (more) {
    const uint32_t last = response.processes(response.processes_size() - 1).process_id();
    response.set_next_page_token(EncodePageToken(list, absl::StrCat(last)));
  }
  std::move(done)(std::move(response));
}

void ProcessOperations::Kill(const v1::KillProcessRequest& request, CallContext context,
                             Done<v1::KillProcessResponse> done) {
  services_.requests.Run<v1::KillProcessRequest, v1::KillProcessResponse>(
      context, request, std::move(done),
      [&services = services_, request](CallContext /*context*/,
                                       Done<v1::KillProcessResponse> done) {
        const auto process = Find(services, request.container_id(), request.process_id());
        if (!process.ok()) {
          std::move(done)(process.status());
          return;
        }
        (*process)->Kill(Acknowledging(std::move(done)));
      });
}

void ProcessOperations::Signal(const v1::SignalProcessRequest& request, CallContext context,
                               Done<v1::SignalProcessResponse> done) {
  if (absl::Status valid = CheckSignal("signal", request.signal()); !valid.ok()) {
    std::move(done)(std::move(valid));
    return;
  }
  services_.requests.Run<v1::SignalProcessRequest, v1::SignalProcessResponse>(
      context, request, std::move(done),
      [&services = services_, request](CallContext /*context*/,
                                       Done<v1::SignalProcessResponse> done) {
        const auto process = Find(services, request.container_id(), request.process_id());
        if (!process.ok()) {
          std::move(done)(process.status());
          return;
        }
        (*process)->Signal(request.signal(), Acknowledging(std::move(done)));
      });
}

void ProcessOperations::Wait(const v1::WaitProcessRequest& request, CallContext context,
                             Done<v1::WaitProcessResponse> done) {
  AnswerWithExit(services_.timers(), request, context, std::move(done),
                 [this](const v1::WaitProcessRequest& request) {
                   return Find(services_, request.container_id(), request.process_id());
                 });
}

void ProcessOperations::ResizeConsole(const v1::ResizeConsoleRequest& request,
                                      CallContext /*context*/,
                                      Done<v1::ResizeConsoleResponse> done) {
  if (absl::Status valid = CheckConsoleSize("size", request.size()); !valid.ok()) {
    std::move(done)(std::move(valid));
    return;
  }
  const auto process = Find(services_, request.container_id(), request.process_id());
  if (!process.ok()) {
    std::move(done)(process.status());
    return;
  }
  (*process)->Resize(request.size(), Acknowledging(std::move(done)));
}

void ProcessOperations::CloseStdin(const v1::CloseStdinRequest& request, CallContext /*context*/,
                                   Done<v1::CloseStdinResponse> done) {
  const auto process = Find(services_, request.container_id(), request.process_id());
  if (!process.ok()) {
    std::move(done)(process.status());
    return;
  }
  (*process)->CloseStdin(Acknowledging(std::move(done)));
}

void ProcessOperations::Close(const v1::CloseProcessRequest& request, CallContext context,
                              Done<v1::CloseProcessResponse> done) {
  services_.requests.Run<v1::CloseProcessRequest, v1::CloseProcessResponse>(
      context, request, std::move(done),
      [&services = services_, request](CallContext /*context*/,
                                       Done<v1::CloseProcessResponse> done) {
        const auto container = services.containers.Find(request.container_id());
        if (!container.ok()) {
          std::move(done)(container.status());
          return;
        }
        (*container)->processes().Close(request.process_id(), Acknowledging(std::move(done)));
      });
}

}  // namespace hcs::runtime
