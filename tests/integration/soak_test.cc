#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"
#include "tests/integration/eventually.h"
#include "tests/integration/leftovers.h"

namespace hcs::integration {
namespace {

constexpr int kClients = 16;
constexpr int kContainers = 1000;

// A client of its own connection. Catch2's checks are for one thread alone, so
// it counts.
class SoakClient {
 public:
  explicit SoakClient(Daemon& daemon)
      : channel_(daemon.NewChannel()),
        containers_(v1::ContainerService::NewStub(channel_)),
        processes_(v1::ProcessService::NewStub(channel_)) {}

  // From its creation to its end; whether all went as it should.
  bool LiveOne(const std::string& id) {
    return On(&v1::ContainerService::Stub::CreateContainer, ContainerRequest(id)) &&
           On(&v1::ContainerService::Stub::StartContainer, IdOnly<v1::StartContainerRequest>(id)) &&
           RunsEcho(id) &&
           On(&v1::ContainerService::Stub::TerminateContainer,
              IdOnly<v1::TerminateContainerRequest>(id)) &&
           On(&v1::ContainerService::Stub::WaitContainer, IdOnly<v1::WaitContainerRequest>(id)) &&
           On(&v1::ContainerService::Stub::CloseContainer, IdOnly<v1::CloseContainerRequest>(id));
  }

 private:
  template <typename Request>
  static Request IdOnly(const std::string& id) {
    Request request;
    request.set_id(id);
    return request;
  }

  template <typename Request, typename Response>
  bool On(grpc::Status (v1::ContainerService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
          const Request& request) {
    Call call;
    Response response;
    return (containers_.get()->*method)(call.context(), request, &response).ok();
  }

  bool RunsEcho(const std::string& id) {
    Call call;
    const auto stream = processes_->Exec(call.context());
    stream->Write(StartRequest(id, Command("cmd /c \"echo " + id + "\"")));
    const Told told = ReadToEnd(*stream);
    return told.status.ok() && told.output == id + "\n" && told.exit_code == 0;
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ContainerService::Stub> containers_;
  std::unique_ptr<v1::ProcessService::Stub> processes_;
};

TEST_CASE("a thousand containers from sixteen clients leave nothing behind") {
  Daemon daemon({"--log-level", "warning"});
  REQUIRE(SoakClient(daemon).LiveOne("first"));
  const int descriptors = DescriptorsOf(daemon.pid());
  std::atomic<int> next = 0, succeeded = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      SoakClient client(daemon);
      for (int number = next++; number < kContainers; number = next++) {
        succeeded += client.LiveOne("soak-" + std::to_string(number)) ? 1 : 0;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(succeeded == kContainers);
  CHECK(ListAll(daemon).empty());
  CHECK(Eventually([&] { return WorkersOf(daemon.state()).empty(); }));
  CHECK(Eventually([&] { return SystemFoldersOf(daemon.state()).empty(); }));
  CHECK(Eventually([&] { return DescriptorsOf(daemon.pid()) <= descriptors + 8; }));
}

}  // namespace
}  // namespace hcs::integration
