#include "core/runtime/container_operations.h"

#include <utility>

#include "core/runtime/answers.h"
#include "core/runtime/container.h"
#include "core/runtime/host_documents.h"
#include "core/runtime/page_token.h"
#include "core/runtime/request_documents.h"
#include "core/runtime/services.h"
#include "core/runtime/timestamp.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kPageList = "containers";

// The answer to an operation that leaves the container in a new state.
template <typename Response>
Container::Answer Describing(std::shared_ptr<Container> container, Done<Response> done) {
  return [container = std::move(container), done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) {
      std::move(done)(std::move(status));
      return;
    }
    Response response;
    *response.mutable_container() = container->Describe();
    std::move(done)(std::move(response));
  };
}

// The answer to one that the container's exit completes.
template <typename Response>
Container::Answer DescribingPending(std::shared_ptr<Container> container, Done<Response> done) {
  return [container = std::move(container), done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) {
      std::move(done)(std::move(status));
      return;
    }
    Response response;
    *response.mutable_container() = container->Describe();
    response.set_pending(response.container().state() != v1::CONTAINER_STATE_STOPPED);
    std::move(done)(std::move(response));
  };
}

// A stopped container goes when its id is given to another.
void GiveWay(std::shared_ptr<Container> replaced) {
  Container& container = *replaced;
  container.Close([replaced = std::move(replaced)](const absl::Status&) { replaced->Forget(); });
}

// Runs `execute(container, request, done)` once per request id.
template <typename Request, typename Response, typename Execute>
void Mutate(Services& services, const Request& request, const CallContext& context,
            Done<Response> done, Execute execute) {
  services.requests.Run<Request, Response>(
      context, request, std::move(done),
      [&services, request, execute = std::move(execute)](CallContext /*context*/,
                                                         Done<Response> done) mutable {
        absl::StatusOr<std::shared_ptr<Container>> container =
            services.containers.Find(request.id());
        if (!container.ok()) {
          std::move(done)(container.status());
          return;
        }
        execute(*std::move(container), request, std::move(done));
      });
}

// Asks for one property type and answers with what `select` makes of it.
template <typename Response, typename Select>
void Ask(Services& services, const std::string& id, std::string query, Done<Response> done,
         Select select) {
  const auto container = services.containers.Find(id);
  if (!container.ok()) {
    std::move(done)(container.status());
    return;
  }
  (*container)
      ->GetProperties(std::move(query), [id, select = std::move(select), done = std::move(done)](
                                            absl::StatusOr<std::string> document) mutable {
        if (!document.ok()) {
          std::move(done)(document.status());
          return;
        }
        absl::StatusOr<v1::ContainerProperties> properties = ContainerPropertiesFrom(id, *document);
        if (!properties.ok()) {
          std::move(done)(properties.status());
          return;
        }
        std::move(done)(select(*std::move(properties), *std::move(document)));
      });
}

}  // namespace

void ContainerOperations::Create(const v1::CreateContainerRequest& request, CallContext context,
                                 Done<v1::CreateContainerResponse> done) {
  absl::Status valid = CheckContainerId("id", request.id());
  if (valid.ok()) valid = CheckLabels("labels", request.labels());
  absl::StatusOr<ContainerDocument> document;
  if (valid.ok()) {
    document = DocumentOf(request);
    valid = document.status();
  }
  if (!valid.ok()) {
    std::move(done)(std::move(valid));
    return;
  }
  v1::Container description = std::move(document->description);
  description.set_id(request.id());
  *description.mutable_labels() = request.labels();
  description.set_state(v1::CONTAINER_STATE_CREATING);
  *description.mutable_create_time() = Now();
  services_.requests.Run<v1::CreateContainerRequest, v1::CreateContainerResponse>(
      context, request, std::move(done),
      [&services = services_, json = std::move(document->json),
       description = std::move(description)](CallContext /*context*/,
                                             Done<v1::CreateContainerResponse> done) mutable {
        auto container = std::make_shared<Container>(services, std::move(description));
        std::shared_ptr<Container> replaced;
        if (absl::Status added = services.containers.Add(container, &replaced); !added.ok()) {
          std::move(done)(std::move(added));
          return;
        }
        if (replaced != nullptr) GiveWay(std::move(replaced));
        auto answer = [&services, container,
                       describing = Describing<v1::CreateContainerResponse>(
                           container, std::move(done))](absl::Status status) mutable {
          if (!status.ok()) services.containers.Remove(*container);
          std::move(describing)(std::move(status));
        };
        container->Create(std::move(json), std::move(answer));
      });
}

void ContainerOperations::Open(const v1::OpenContainerRequest& request, CallContext /*context*/,
                               Done<v1::OpenContainerResponse> done) {
  absl::Status valid = CheckContainerId("id", request.id());
  if (valid.ok()) valid = CheckLabels("labels", request.labels());
  if (!valid.ok()) {
    std::move(done)(std::move(valid));
    return;
  }
  if (auto owned = services_.containers.Find(request.id());
      owned.ok() && (*owned)->state() != v1::CONTAINER_STATE_STOPPED) {
    Describing<v1::OpenContainerResponse>(*std::move(owned), std::move(done))(absl::OkStatus());
    return;
  }
  v1::Container description;
  description.set_id(request.id());
  *description.mutable_labels() = request.labels();
  description.set_state(v1::CONTAINER_STATE_CREATING);
  description.set_adopted(true);
  auto container = std::make_shared<Container>(services_, std::move(description));
  std::shared_ptr<Container> replaced;
  if (absl::Status added = services_.containers.Add(container, &replaced); !added.ok()) {
    std::move(done)(std::move(added));
    return;
  }
  if (replaced != nullptr) GiveWay(std::move(replaced));
  container->Open({}, [&services = services_, container,
                       describing = Describing<v1::OpenContainerResponse>(
                           container, std::move(done))](absl::Status status) mutable {
    if (!status.ok()) {
      services.containers.Remove(*container);
      container->Close([](absl::Status) {});
    } else {
      container->Remember();
      v1::Event event;
      event.set_type(v1::EVENT_TYPE_CONTAINER_ADOPTED);
      container->AppendEvent(std::move(event));
    }
    std::move(describing)(std::move(status));
  });
}

void ContainerOperations::Get(const v1::GetContainerRequest& request, CallContext /*context*/,
                              Done<v1::GetContainerResponse> done) {
  auto container = services_.containers.Find(request.id());
  if (!container.ok()) {
    std::move(done)(container.status());
    return;
  }
  Describing<v1::GetContainerResponse>(*std::move(container), std::move(done))(absl::OkStatus());
}

void ContainerOperations::List(const v1::ListContainersRequest& request, CallContext /*context*/,
                               Done<v1::ListContainersResponse> done) {
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  const absl::StatusOr<std::string> after = DecodePageToken(kPageList, request.page_token());
  if (!limit.ok() || !after.ok()) {
    std::move(done)(limit.ok() ? after.status() : limit.status());
    return;
  }
  v1::ListContainersResponse response;
  bool more = false;
  for (v1::Container& container :
       services_.containers.List(*after, *limit, request.filter(), &more)) {
    *response.add_containers() = std::move(container);
  }
  if (more) {
    response.set_next_page_token(
        EncodePageToken(kPageList, response.containers(response.containers_size() - 1).id()));
  }
  std::move(done)(std::move(response));
}

void ContainerOperations::Start(const v1::StartContainerRequest& request, CallContext context,
                                Done<v1::StartContainerResponse> done) {
  Mutate(services_, request, context, std::move(done),
         [](auto container, const auto&, Done<v1::StartContainerResponse> done) {
           container->Start(Describing<v1::StartContainerResponse>(container, std::move(done)));
         });
}

void ContainerOperations::Pause(const v1::PauseContainerRequest& request, CallContext context,
                                Done<v1::PauseContainerResponse> done) {
  Mutate(services_, request, context, std::move(done),
         [](auto container, const auto&, Done<v1::PauseContainerResponse> done) {
           container->Pause(Describing<v1::PauseContainerResponse>(container, std::move(done)));
         });
}

void ContainerOperations::Resume(const v1::ResumeContainerRequest& request, CallContext context,
                                 Done<v1::ResumeContainerResponse> done) {
  Mutate(services_, request, context, std::move(done),
         [](auto container, const auto&, Done<v1::ResumeContainerResponse> done) {
           container->Resume(Describing<v1::ResumeContainerResponse>(container, std::move(done)));
         });
}

void ContainerOperations::Shutdown(const v1::ShutdownContainerRequest& request, CallContext context,
                                   Done<v1::ShutdownContainerResponse> done) {
  if (absl::Status valid = CheckOptions("raw_options", request.raw_options()); !valid.ok()) {
    std::move(done)(std::move(valid));
    return;
  }
  Mutate(services_, request, context, std::move(done),
         [](auto container, const auto& request, Done<v1::ShutdownContainerResponse> done) {
           container->Shutdown(
               request.raw_options(),
               DescribingPending<v1::ShutdownContainerResponse>(container, std::move(done)));
         });
}

void ContainerOperations::Terminate(const v1::TerminateContainerRequest& request,
                                    CallContext context,
                                    Done<v1::TerminateContainerResponse> done) {
  if (absl::Status valid = CheckOptions("raw_options", request.raw_options()); !valid.ok()) {
    std::move(done)(std::move(valid));
    return;
  }
  Mutate(services_, request, context, std::move(done),
         [](auto container, const auto& request, Done<v1::TerminateContainerResponse> done) {
           container->Terminate(
               request.raw_options(),
               DescribingPending<v1::TerminateContainerResponse>(container, std::move(done)));
         });
}

void ContainerOperations::Wait(const v1::WaitContainerRequest& request, CallContext context,
                               Done<v1::WaitContainerResponse> done) {
  AnswerWithExit(services_.timers(), request, context, std::move(done),
                 [this](const v1::WaitContainerRequest& request) {
                   return services_.containers.Find(request.id());
                 });
}

void ContainerOperations::Close(const v1::CloseContainerRequest& request, CallContext context,
                                Done<v1::CloseContainerResponse> done) {
  Mutate(services_, request, context, std::move(done),
         [&services = services_](std::shared_ptr<Container> container, const auto&,
                                 Done<v1::CloseContainerResponse> done) {
           if (!services.containers.Remove(*container)) {
             std::move(done)(services.containers.Find(container->id()).status());
             return;
           }
           container->Close([container, acknowledge = Acknowledging(std::move(done))](
                                absl::Status status) mutable {
             container->Forget();
             v1::Event event;
             event.set_type(v1::EVENT_TYPE_CONTAINER_CLOSED);
             container->AppendEvent(std::move(event));
             std::move(acknowledge)(std::move(status));
           });
         });
}

void ContainerOperations::Modify(const v1::ModifyContainerRequest& request, CallContext context,
                                 Done<v1::ModifyContainerResponse> done) {
  absl::StatusOr<std::string> document = DocumentOf(request);
  if (!document.ok()) {
    std::move(done)(document.status());
    return;
  }
  Mutate(services_, request, context, std::move(done),
         [document = *std::move(document)](auto container, const auto&,
                                           Done<v1::ModifyContainerResponse> done) mutable {
           container->Modify(std::move(document), Acknowledging(std::move(done)));
         });
}

void ContainerOperations::GetProperties(const v1::GetContainerPropertiesRequest& request,
                                        CallContext /*context*/,
                                        Done<v1::GetContainerPropertiesResponse> done) {
  absl::StatusOr<std::string> query = DocumentOf(request);
  if (!query.ok()) {
    std::move(done)(query.status());
    return;
  }
  Ask(services_, request.id(), *std::move(query), std::move(done),
      [](v1::ContainerProperties properties, std::string document) {
        v1::GetContainerPropertiesResponse response;
        *response.mutable_properties() = std::move(properties);
        response.set_raw_document(std::move(document));
        return response;
      });
}

void ContainerOperations::GetStatistics(const v1::GetContainerStatisticsRequest& request,
                                        CallContext /*context*/,
                                        Done<v1::GetContainerStatisticsResponse> done) {
  Ask(services_, request.id(), R"({"PropertyTypes":["Statistics"]})", std::move(done),
      [](v1::ContainerProperties properties, const std::string&) {
        v1::GetContainerStatisticsResponse response;
        *response.mutable_statistics() = std::move(*properties.mutable_statistics());
        return response;
      });
}

void ContainerOperations::HasPendingUpdates(const v1::HasPendingUpdatesRequest& request,
                                            CallContext /*context*/,
                                            Done<v1::HasPendingUpdatesResponse> done) {
  Ask(services_, request.id(), R"({"PropertyTypes":["PendingUpdates"]})", std::move(done),
      [](const v1::ContainerProperties& properties, const std::string&) {
        v1::HasPendingUpdatesResponse response;
        response.set_has_pending_updates(properties.are_updates_pending());
        return response;
      });
}

absl::StatusOr<std::unique_ptr<StatisticsWatch>> ContainerOperations::WatchStatistics(
    const v1::WatchContainerStatisticsRequest& request, absl::AnyInvocable<void()> wake) {
  const absl::StatusOr<absl::Duration> interval =
      IntervalFrom("interval", request.has_interval() ? &request.interval() : nullptr);
  if (!interval.ok()) return interval.status();
  const auto container = services_.containers.Find(request.id());
  if (!container.ok()) return container.status();
  return (*container)->sampler().Watch(*interval, std::move(wake));
}

}  // namespace hcs::runtime
