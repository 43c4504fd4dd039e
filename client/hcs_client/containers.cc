#include "client/hcs_client/containers.h"

#include <utility>

#include "client/hcs_client/connection.h"
#include "client/hcs_client/duration.h"
#include "client/hcs_client/grpc_message_stream.h"

namespace hcs::client {
namespace {

using Stub = v1::ContainerService::Stub;

// The largest that the contract allows.
constexpr int kPageSize = 1000;

// A mutation that names a container and nothing else.
template <typename Request, typename Response>
absl::StatusOr<Response> Mutate(Connection& connection,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const std::string& id, const CallOptions& options) {
  Request request;
  request.set_id(id);
  request.set_request_id(options.request_id);
  return Call(connection.containers, method, request, options);
}

// The answer's container.
template <typename Response>
absl::StatusOr<v1::Container> ContainerOf(absl::StatusOr<Response> response) {
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_container());
}

}  // namespace

absl::StatusOr<v1::Container> Containers::Create(v1::CreateContainerRequest request,
                                                 const CallOptions& options) const {
  if (request.request_id().empty()) request.set_request_id(options.request_id);
  return ContainerOf(Call(connection_->containers, &Stub::CreateContainer, request, options));
}

absl::StatusOr<v1::Container> Containers::Open(const v1::OpenContainerRequest& request,
                                               const CallOptions& options) const {
  return ContainerOf(Call(connection_->containers, &Stub::OpenContainer, request, options));
}

absl::StatusOr<v1::Container> Containers::Get(const std::string& id,
                                              const CallOptions& options) const {
  v1::GetContainerRequest request;
  request.set_id(id);
  return ContainerOf(Call(connection_->containers, &Stub::GetContainer, request, options));
}

absl::StatusOr<std::vector<v1::Container>> Containers::List(const v1::ContainerFilter& filter,
                                                            const CallOptions& options) const {
  v1::ListContainersRequest request;
  *request.mutable_filter() = filter;
  request.set_page_size(kPageSize);
  std::vector<v1::Container> containers;
  do {
    auto page = ListPage(request, options);
    if (!page.ok()) return page.status();
    for (auto& container : *page->mutable_containers()) containers.push_back(std::move(container));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return containers;
}

absl::StatusOr<v1::ListContainersResponse> Containers::ListPage(
    const v1::ListContainersRequest& request, const CallOptions& options) const {
  return Call(connection_->containers, &Stub::ListContainers, request, options);
}

absl::StatusOr<v1::Container> Containers::Start(const std::string& id,
                                                const CallOptions& options) const {
  return ContainerOf(Mutate(*connection_, &Stub::StartContainer, id, options));
}

absl::StatusOr<v1::Container> Containers::Pause(const std::string& id,
                                                const CallOptions& options) const {
  return ContainerOf(Mutate(*connection_, &Stub::PauseContainer, id, options));
}

absl::StatusOr<v1::Container> Containers::Resume(const std::string& id,
                                                 const CallOptions& options) const {
  return ContainerOf(Mutate(*connection_, &Stub::ResumeContainer, id, options));
}

absl::StatusOr<v1::ShutdownContainerResponse> Containers::Shutdown(
    const std::string& id, const CallOptions& options) const {
  return Mutate(*connection_, &Stub::ShutdownContainer, id, options);
}

absl::StatusOr<v1::TerminateContainerResponse> Containers::Terminate(
    const std::string& id, const CallOptions& options) const {
  return Mutate(*connection_, &Stub::TerminateContainer, id, options);
}

absl::StatusOr<std::optional<v1::ContainerExit>> Containers::Wait(
    const std::string& id, absl::Duration timeout, const CallOptions& options) const {
  v1::WaitContainerRequest request;
  request.set_id(id);
  if (timeout != absl::InfiniteDuration()) *request.mutable_timeout() = ToProto(timeout);
  auto response = Call(connection_->containers, &Stub::WaitContainer, request, options);
  if (!response.ok()) return response.status();
  if (response->timed_out()) return std::nullopt;
  return std::move(*response->mutable_exit());
}

absl::Status Containers::Close(const std::string& id, const CallOptions& options) const {
  return Mutate(*connection_, &Stub::CloseContainer, id, options).status();
}

absl::Status Containers::Modify(v1::ModifyContainerRequest request,
                                const CallOptions& options) const {
  if (request.request_id().empty()) request.set_request_id(options.request_id);
  return Call(connection_->containers, &Stub::ModifyContainer, request, options).status();
}

absl::StatusOr<v1::GetContainerPropertiesResponse> Containers::GetProperties(
    const v1::GetContainerPropertiesRequest& request, const CallOptions& options) const {
  return Call(connection_->containers, &Stub::GetContainerProperties, request, options);
}

absl::StatusOr<v1::Statistics> Containers::GetStatistics(const std::string& id,
                                                         const CallOptions& options) const {
  v1::GetContainerStatisticsRequest request;
  request.set_id(id);
  auto response = Call(connection_->containers, &Stub::GetContainerStatistics, request, options);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_statistics());
}

std::unique_ptr<StatisticsStream> Containers::WatchStatistics(const std::string& id,
                                                              absl::Duration interval,
                                                              const CallOptions& options) const {
  v1::WatchContainerStatisticsRequest request;
  request.set_id(id);
  *request.mutable_interval() = ToProto(interval);
  return std::make_unique<GrpcMessageStream<v1::WatchContainerStatisticsResponse>>(
      connection_, options, [&](grpc::ClientContext* context) {
        return connection_->containers.WatchContainerStatistics(context, request);
      });
}

absl::StatusOr<bool> Containers::HasPendingUpdates(const std::string& id,
                                                   const CallOptions& options) const {
  v1::HasPendingUpdatesRequest request;
  request.set_id(id);
  const auto response = Call(connection_->containers, &Stub::HasPendingUpdates, request, options);
  if (!response.ok()) return response.status();
  return response->has_pending_updates();
}

}  // namespace hcs::client
