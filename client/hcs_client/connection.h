// The channel and what every call on it does. Internal: users include client.h.

#ifndef HCS_CLIENT_HCS_CLIENT_CONNECTION_H_
#define HCS_CLIENT_HCS_CLIENT_CONNECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcs_client/call_options.h"
#include "hcs/v1/container_service.grpc.pb.h"
#include "hcs/v1/event_service.grpc.pb.h"
#include "hcs/v1/host_service.grpc.pb.h"
#include "hcs/v1/image_service.grpc.pb.h"
#include "hcs/v1/layer_service.grpc.pb.h"
#include "hcs/v1/process_service.grpc.pb.h"

namespace hcs::client {

// Thread-safe, as the stubs are.
struct Connection {
  explicit Connection(const std::string& target);

  std::shared_ptr<grpc::Channel> channel;
  v1::ContainerService::Stub containers;
  v1::ProcessService::Stub processes;
  v1::EventService::Stub events;
  v1::HostService::Stub host;
  v1::ImageService::Stub images;
  v1::LayerService::Stub layers;
};

// See error.h for what becomes of the details.
absl::Status ToAbslStatus(const grpc::Status& status);

void Apply(const CallOptions& options, grpc::ClientContext& context);

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request, const CallOptions& options) {
  grpc::ClientContext context;
  Apply(options, context);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return ToAbslStatus(status);
  return response;
}

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_CONNECTION_H_
