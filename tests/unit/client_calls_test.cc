// Calls and streams over a real connection, to services of this test's own.

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>

#include "client/hcs_client/client.h"
#include "google/rpc/status.pb.h"
#include "hcs/v1/container_service.grpc.pb.h"
#include "hcs/v1/event_service.grpc.pb.h"

namespace hcs::client {
namespace {

constexpr int kContainers = 2500;

grpc::Status HostFailure() {
  v1::HostError error;
  error.set_hresult(static_cast<int32_t>(0xC0370105));
  error.set_name("VMCOMPUTE_INVALID_STATE");
  error.set_operation("HcsStartComputeSystem");
  google::rpc::Status status;
  status.set_code(grpc::StatusCode::FAILED_PRECONDITION);
  status.add_details()->PackFrom(error);
  return {grpc::StatusCode::FAILED_PRECONDITION, "no", status.SerializeAsString()};
}

class ContainerServer final : public v1::ContainerService::Service {
 public:
  grpc::Status StartContainer(grpc::ServerContext*, const v1::StartContainerRequest* request,
                              v1::StartContainerResponse*) override {
    last_request_id = request->request_id();
    return HostFailure();
  }

  grpc::Status ListContainers(grpc::ServerContext*, const v1::ListContainersRequest* request,
                              v1::ListContainersResponse* response) override {
    const int first = request->page_token().empty() ? 0 : std::stoi(request->page_token());
    const int end = std::min(first + request->page_size(), kContainers);
    for (int i = first; i < end; ++i) response->add_containers()->set_id(std::to_string(i));
    if (end < kContainers) response->set_next_page_token(std::to_string(end));
    return grpc::Status::OK;
  }

  grpc::Status WaitContainer(grpc::ServerContext* context, const v1::WaitContainerRequest* request,
                             v1::WaitContainerResponse* response) override {
    if (request->has_timeout()) {
      response->set_timed_out(request->timeout().seconds() == 1 &&
                              request->timeout().nanos() == 500'000'000);
      return grpc::Status::OK;
    }
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  }

  std::string last_request_id;
};

class EventServer final : public v1::EventService::Service {
 public:
  grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                           grpc::ServerWriter<v1::WatchEventsResponse>* writer) override {
    if (request->after_sequence() == 99) return {grpc::StatusCode::INVALID_ARGUMENT, "no"};
    writer->SendInitialMetadata();
    v1::WatchEventsResponse response;
    response.mutable_event()->set_sequence(7);
    writer->Write(response);
    if (request->no_follow()) return grpc::Status::OK;
    while (!context->IsCancelled()) std::this_thread::yield();
    cancelled = true;
    return grpc::Status::CANCELLED;
  }

  std::atomic<bool> cancelled = false;
};

struct Daemon {
  Daemon() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&containers);
    builder.RegisterService(&events);
    server = builder.BuildAndStart();
    address = "tcp://127.0.0.1:" + std::to_string(port);
  }

  ContainerServer containers;
  EventServer events;
  std::unique_ptr<grpc::Server> server;
  std::string address;
};

TEST_CASE("An error arrives with all that the host said") {
  Daemon daemon;
  const Client client = Client::Connect(daemon.address).value();
  const absl::Status status = client.containers().Start("a", {.request_id = "once"}).status();
  CHECK(daemon.containers.last_request_id == "once");
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(status.message() == "no");
  CHECK(IsInvalidState(status));
  REQUIRE(HostErrorOf(status).has_value());
  CHECK(HostErrorOf(status)->operation() == "HcsStartComputeSystem");
}

TEST_CASE("A list is all of its pages") {
  Daemon daemon;
  const Client client = Client::Connect(daemon.address).value();
  const auto containers = client.containers().List();
  REQUIRE(containers.ok());
  REQUIRE(containers->size() == kContainers);
  CHECK(containers->back().id() == std::to_string(kContainers - 1));
}

TEST_CASE("A wait tells its own timeout from the call's") {
  Daemon daemon;
  const Client client = Client::Connect(daemon.address).value();
  const auto timed_out = client.containers().Wait("a", absl::Milliseconds(1500));
  REQUIRE(timed_out.ok());
  CHECK_FALSE(timed_out->has_value());
  const absl::Status ended =
      client.containers()
          .Wait("a", absl::InfiniteDuration(), {.timeout = absl::Milliseconds(50)})
          .status();
  CHECK(absl::IsDeadlineExceeded(ended));
  CHECK(IsTimeout(ended));
}

TEST_CASE("A stream ends with its status, at its end or when it is refused") {
  Daemon daemon;
  const Client client = Client::Connect(daemon.address).value();
  v1::WatchEventsRequest request;
  request.set_no_follow(true);
  v1::WatchEventsResponse response;
  const auto events = client.events().Watch(request);
  REQUIRE(events->Next(&response));
  CHECK(response.event().sequence() == 7);
  CHECK_FALSE(events->Next(&response));
  CHECK(events->Finish().ok());

  request.set_after_sequence(99);
  const auto refused = client.events().Watch(request);
  CHECK_FALSE(refused->Next(&response));
  CHECK(absl::IsInvalidArgument(refused->Finish()));
}

TEST_CASE("Cancel frees a thread that waits for the next message") {
  Daemon daemon;
  const Client client = Client::Connect(daemon.address).value();
  const auto events = client.events().Watch({});
  v1::WatchEventsResponse response;
  REQUIRE(events->Next(&response));
  std::thread canceller([&] { events->Cancel(); });
  CHECK_FALSE(events->Next(&response));
  canceller.join();
  CHECK(absl::IsCancelled(events->Finish()));
}

TEST_CASE("A stream that is dropped ends at the daemon as well") {
  Daemon daemon;
  const Client client = Client::Connect(daemon.address).value();
  { const auto events = client.events().Watch({}); }
  while (!daemon.events.cancelled) std::this_thread::yield();
}

TEST_CASE("A daemon that is not there is unavailable, and one that comes is found") {
  std::string address;
  {
    Daemon gone;
    address = gone.address;
  }
  const Client client = Client::Connect(address).value();
  CHECK(absl::IsUnavailable(client.containers().List().status()));

  ContainerServer containers;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address.substr(sizeof("tcp://") - 1), grpc::InsecureServerCredentials());
  builder.RegisterService(&containers);
  const auto server = builder.BuildAndStart();
  REQUIRE(server != nullptr);
  absl::Status status;
  do {
    status = client.containers().List().status();
  } while (absl::IsUnavailable(status));
  CHECK(status.ok());
}

}  // namespace
}  // namespace hcs::client
