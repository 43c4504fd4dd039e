// Attaching and detaching endpoints, of NetworkOperations.

#include <memory>
#include <utility>

#include "core/abi/hresult.h"
#include "core/document/document.h"
#include "core/document/invalid_field.h"
#include "core/host/host_error.h"
#include "core/runtime/container.h"
#include "core/runtime/network_events.h"
#include "core/runtime/network_operations.h"
#include "core/runtime/network_requests.h"
#include "core/runtime/network_work.h"
#include "core/runtime/validation.h"

namespace hcs::runtime {
namespace {

// One of the two directions.
struct Direction {
  v1::EventType event;
  // Of HcsModifyComputeSystem.
  const char* request_type;
  absl::Status (network::Hns::*by_hns)(std::string_view endpoint,
                                       const v1::EndpointAttachment& attachment) const;
};
constexpr Direction kAttach{v1::EVENT_TYPE_ENDPOINT_ATTACHED, "Add", &network::Hns::Attach};
constexpr Direction kDetach{v1::EVENT_TYPE_ENDPOINT_DETACHED, "Remove", &network::Hns::Detach};

absl::StatusOr<std::string> SystemTypeOf(v1::EndpointTarget target) {
  switch (target) {
    case v1::ENDPOINT_TARGET_UNSPECIFIED:
    case v1::ENDPOINT_TARGET_CONTAINER: return "Container";
    case v1::ENDPOINT_TARGET_VIRTUAL_MACHINE: return "VirtualMachine";
    case v1::ENDPOINT_TARGET_HOST: return "Host";
    default: return document::InvalidField("target", "must be one of the enum's values");
  }
}

bool IsContainer(v1::EndpointTarget target) {
  return target == v1::ENDPOINT_TARGET_UNSPECIFIED || target == v1::ENDPOINT_TARGET_CONTAINER;
}

// The part that both requests have.
template <typename Request>
absl::StatusOr<v1::EndpointAttachment> AttachmentIn(const Request& request) {
  if (absl::Status valid = CheckIdOrName("endpoint", request.endpoint()); !valid.ok()) {
    return valid;
  }
  absl::StatusOr<std::string> type = SystemTypeOf(request.target());
  if (!type.ok()) return type.status();
  v1::EndpointAttachment attachment;
  attachment.set_system_type(*std::move(type));
  if (request.target() == v1::ENDPOINT_TARGET_HOST) {
    if (request.container_id().empty()) return attachment;
    return document::InvalidField("container_id", "must not be set for the host");
  }
  absl::Status valid = CheckContainerId("container_id", request.container_id());
  if (!valid.ok()) return valid;
  attachment.set_container_id(request.container_id());
  return attachment;
}

// The container, if the daemon owns it and it runs: then its network is its own affair.
template <typename Request>
std::shared_ptr<Container> RunningContainer(Services& services, const Request& request) {
  if (!IsContainer(request.target())) return nullptr;
  auto container = services.containers.Find(request.container_id());
  const bool runs = container.ok() && (*container)->state() == v1::CONTAINER_STATE_RUNNING;
  return runs ? *std::move(container) : nullptr;
}

std::string Modification(const v1::Endpoint& endpoint, const Direction& direction) {
  v1::ModifySettingRequest request;
  request.set_resource_type("Network");
  request.set_request_type(direction.request_type);
  request.mutable_settings()->set_string_value(endpoint.id());
  return *document::ToJson(request);  // Ids are ASCII.
}

bool IsNotSupported(const absl::Status& status) {
  return (abi::ClassifyHresult(host::HresultOf(status)) & abi::kNotSupported) != 0;
}

// Everything that one attachment needs, from its lane to the container's and back.
template <typename Response>
class Attaching : public std::enable_shared_from_this<Attaching<Response>> {
 public:
  Attaching(Services& services, const Direction& direction, std::string endpoint,
            v1::EndpointAttachment attachment, Done<Response> done)
      : services_(services),
        direction_(direction),
        name_(std::move(endpoint)),
        attachment_(std::move(attachment)),
        done_(std::move(done)) {}

  // On the call pool.
  void Run(const std::shared_ptr<Container>& container) {
    auto endpoint = FindEndpoint(services_, name_);
    if (!endpoint.ok()) return std::move(done_)(endpoint.status());
    endpoint_ = *std::move(endpoint);
    if (container == nullptr) return Finish(ByHns());
    container->Modify(Modification(endpoint_, direction_),
                      [self = this->shared_from_this()](absl::Status modified) {
                        self->OnModified(std::move(modified));
                      });
  }

 private:
  // Back to the pool: on the container's strand nothing may block.
  void OnModified(absl::Status modified) {
    auto self = this->shared_from_this();
    absl::Status posted =
        services_.network_changes.Post(CallLane::Priority::kOrdinary, [self, modified]() mutable {
          // A host without that resource leaves it to HNS.
          self->Finish(IsNotSupported(modified) ? self->ByHns() : std::move(modified));
        });
    if (!posted.ok()) std::move(done_)(std::move(posted));
  }

  absl::Status ByHns() {
    const std::string id = network::ObjectKey(endpoint_.id());
    return (services_.hns.*direction_.by_hns)(id, attachment_);
  }

  void Finish(absl::Status outcome) {
    if (!outcome.ok()) return std::move(done_)(std::move(outcome));
    TellOf(services_, direction_.event, endpoint_, attachment_.container_id());
    const std::string id = network::ObjectKey(endpoint_.id());
    auto endpoint = services_.hns.Get<v1::Endpoint>(id);
    if (!endpoint.ok()) return std::move(done_)(endpoint.status());
    Response response;
    *response.mutable_endpoint() = *std::move(endpoint);
    std::move(done_)(std::move(response));
  }

  Services& services_;
  const Direction& direction_;
  const std::string name_;
  const v1::EndpointAttachment attachment_;
  Done<Response> done_;
  v1::Endpoint endpoint_;
};

template <typename Request, typename Response>
void Start(Services& services, const Direction& direction, const Request& request,
           const CallContext& context, v1::EndpointAttachment attachment, Done<Response> done) {
  services.requests.Run<Request, Response>(
      context, request, std::move(done),
      [&services, &direction, request, attachment = std::move(attachment)](
          CallContext /*context*/, Done<Response> done) mutable {
        CallOnLane(services.network_changes, CallLane::Priority::kOrdinary, std::move(done),
                   [&services, &direction, request,
                    attachment = std::move(attachment)](Done<Response> done) mutable {
                     auto attaching = std::make_shared<Attaching<Response>>(
                         services, direction, request.endpoint(), std::move(attachment),
                         std::move(done));
                     attaching->Run(RunningContainer(services, request));
                   });
      });
}

}  // namespace

void NetworkOperations::AttachEndpoint(const v1::AttachEndpointRequest& request,
                                       CallContext context, Done<v1::AttachEndpointResponse> done) {
  auto attachment = AttachmentIn(request);
  if (!attachment.ok()) return std::move(done)(attachment.status());
  if (request.has_compartment_id()) attachment->set_compartment_id(request.compartment_id());
  if (!request.virtual_nic_name().empty()) {
    if (request.target() != v1::ENDPOINT_TARGET_VIRTUAL_MACHINE) {
      return std::move(done)(
          document::InvalidField("virtual_nic_name", "must not be set but for a virtual machine"));
    }
    attachment->set_virtual_nic_name(request.virtual_nic_name());
  }
  Start(services_, kAttach, request, context, *std::move(attachment), std::move(done));
}

void NetworkOperations::DetachEndpoint(const v1::DetachEndpointRequest& request,
                                       CallContext context, Done<v1::DetachEndpointResponse> done) {
  auto attachment = AttachmentIn(request);
  if (!attachment.ok()) return std::move(done)(attachment.status());
  Start(services_, kDetach, request, context, *std::move(attachment), std::move(done));
}

}  // namespace hcs::runtime
