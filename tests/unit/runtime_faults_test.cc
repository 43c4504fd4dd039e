// The runtime over the emulated host, with faults between the two: what hangs,
// what is lost and what comes in another's place must not spread.

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/abi/hresult.h"
#include "core/host/compute_service.h"
#include "core/host/fault_injection.h"
#include "core/host/host_error.h"
#include "core/runtime/runtime.h"
#include "tests/unit/emulator_test_host.h"

namespace hcs::runtime {
namespace {

using emulator::test::TestHost;

constexpr absl::Duration kDeadline = absl::Seconds(30);
constexpr std::string_view kPause = "HcsPauseComputeSystem";

// An answer that is yet to come.
template <typename Response>
class Pending {
 public:
  Done<Response> done() {
    return [state = state_](absl::StatusOr<Response> response) {
      state->response = std::move(response);
      state->answered.Notify();
    };
  }
  bool answered() const { return state_->answered.HasBeenNotified(); }
  absl::StatusOr<Response> Await() const {
    REQUIRE(state_->answered.WaitForNotificationWithTimeout(kDeadline));
    return state_->response;
  }

 private:
  struct State {
    absl::StatusOr<Response> response;
    absl::Notification answered;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

class FaultyRuntime {
 public:
  explicit FaultyRuntime(absl::Duration operation_timeout = absl::Minutes(4)) {
    RuntimeOptions options;
    options.state_directory = folder_.path();
    options.operation_timeout = operation_timeout;
    options.exit_watchdog = absl::Milliseconds(100);
    auto runtime = Runtime::Create(faults_.table(), std::move(options));
    REQUIRE(runtime.ok());
    runtime_ = *std::move(runtime);
  }

  // What hangs must be let go before the runtime can go.
  ~FaultyRuntime() {
    faults_.Clear();
    for (const std::string& id : ids_) {
      v1::TerminateContainerRequest request;
      request.set_id(id);
      (void)Call(&ContainerOperations::Terminate, request);
    }
  }

  template <typename Request, typename Response>
  Pending<Response> Begin(void (ContainerOperations::*method)(const Request&, CallContext,
                                                              Done<Response>),
                          const Request& request) {
    Pending<Response> pending;
    (runtime_->containers().*method)(request, CallContext(), pending.done());
    return pending;
  }
  template <typename Request, typename Response>
  Pending<Response> Begin(void (ProcessOperations::*method)(const Request&, CallContext,
                                                            Done<Response>),
                          const Request& request) {
    Pending<Response> pending;
    (runtime_->processes().*method)(request, CallContext(), pending.done());
    return pending;
  }
  template <typename Request, typename Response>
  Pending<Response> Begin(void (NetworkOperations::*method)(const Request&, CallContext,
                                                            Done<Response>),
                          const Request& request) {
    Pending<Response> pending;
    (runtime_->networks().*method)(request, CallContext(), pending.done());
    return pending;
  }
  template <typename Class, typename Request, typename Response>
  absl::StatusOr<Response> Call(void (Class::*method)(const Request&, CallContext, Done<Response>),
                                const Request& request) {
    return Begin(method, request).Await();
  }

  absl::StatusOr<v1::CreateContainerResponse> Create(const std::string& id) {
    v1::CreateContainerRequest request;
    request.set_id(id);
    request.mutable_config()->set_owner("test");
    ids_.push_back(id);
    return Call(&ContainerOperations::Create, request);
  }

  void Run(const std::string& id) {
    REQUIRE(Create(id).ok());
    v1::StartContainerRequest request;
    request.set_id(id);
    REQUIRE(Call(&ContainerOperations::Start, request).ok());
  }

  uint32_t Spawn(const std::string& id, const std::string& command_line) {
    v1::CreateProcessRequest request;
    request.set_container_id(id);
    request.mutable_config()->set_command_line(command_line);
    const auto response = Call(&ProcessOperations::Create, request);
    INFO(response.status().ToString());
    REQUIRE(response.ok());
    return response->process().process_id();
  }

  v1::WaitProcessRequest WaitFor(const std::string& id, uint32_t process_id) {
    v1::WaitProcessRequest request;
    request.set_container_id(id);
    request.set_process_id(process_id);
    return request;
  }

  host::FaultInjection& faults() { return faults_; }

 private:
  emulator::test::TemporaryFolder folder_;
  TestHost host_;
  host::FaultInjection faults_{emulator::EmulatedHost::table()};
  std::unique_ptr<Runtime> runtime_;
  std::vector<std::string> ids_;
};

v1::PauseContainerRequest Pause(const std::string& id) {
  v1::PauseContainerRequest request;
  request.set_id(id);
  return request;
}

v1::TerminateContainerRequest Terminate(const std::string& id) {
  v1::TerminateContainerRequest request;
  request.set_id(id);
  return request;
}

TEST_CASE("a call of the host that hangs for ever delays no other container") {
  FaultyRuntime runtime;
  runtime.Run("hung");
  runtime.Run("other");
  runtime.faults().Hang(kPause, host::FaultInjection::kEvery);
  // As many as the lane lets through at once, and more behind them.
  std::vector<Pending<v1::PauseContainerResponse>> hanging;
  for (int i = 0; i < 20; ++i) {
    hanging.push_back(runtime.Begin(&ContainerOperations::Pause, Pause("hung")));
  }
  REQUIRE(runtime.faults().WaitForHanging(kPause, 4, kDeadline));

  const uint32_t process = runtime.Spawn("other", "cmd /c exit 5");
  const auto exit = runtime.Call(&ProcessOperations::Wait, runtime.WaitFor("other", process));
  REQUIRE(exit.ok());
  CHECK(exit->exit().exit_code() == 5);
  // Nor does it keep the hung one from being ended.
  CHECK(runtime.Call(&ContainerOperations::Terminate, Terminate("hung")).ok());
  v1::WaitContainerRequest wait;
  wait.set_id("hung");
  CHECK(runtime.Call(&ContainerOperations::Wait, wait).ok());
  CHECK_FALSE(hanging.back().answered());
}

TEST_CASE("an HNS that hangs delays no container, and is answered when it goes on") {
  FaultyRuntime runtime;
  runtime.Run("a");
  runtime.faults().Hang("HNSCall", host::FaultInjection::kEvery);
  std::vector<Pending<v1::ListNetworksResponse>> hanging;
  for (int i = 0; i < 200; ++i) {
    hanging.push_back(runtime.Begin(&NetworkOperations::ListNetworks, v1::ListNetworksRequest()));
  }
  REQUIRE(runtime.faults().WaitForHanging("HNSCall", 16, kDeadline));
  const uint32_t process = runtime.Spawn("a", "cmd /c exit 5");
  CHECK(runtime.Call(&ProcessOperations::Wait, runtime.WaitFor("a", process)).ok());
  CHECK_FALSE(hanging.front().answered());
  runtime.faults().Clear();
  for (const auto& pending : hanging) CHECK(pending.Await().ok());
}

TEST_CASE("an HNS that cannot be reached is unavailable, and its failure no answer") {
  FaultyRuntime runtime;
  runtime.faults().Fail("HNSCall", 1, abi::RPC_S_SERVER_UNAVAILABLE);
  v1::CreateNetworkRequest request;
  request.mutable_network()->set_name("web");
  request.mutable_network()->set_type("nat");
  request.set_request_id("once");
  const auto failed = runtime.Call(&NetworkOperations::CreateNetwork, request);
  CHECK(absl::IsUnavailable(failed.status()));
  // Which is not kept: the same request may succeed later.
  const auto created = runtime.Call(&NetworkOperations::CreateNetwork, request);
  REQUIRE(created.ok());
  const auto again = runtime.Call(&NetworkOperations::CreateNetwork, request);
  REQUIRE(again.ok());
  CHECK(again->network().id() == created->network().id());
}

TEST_CASE("a lost exit notification frees the waiters once a kill finds the process gone") {
  FaultyRuntime runtime;
  runtime.Run("a");
  runtime.faults().Lose(abi::HcsNotificationProcessExited, host::FaultInjection::kEvery);
  const uint32_t process = runtime.Spawn("a", "cmd /c exit 3");
  const auto waiting = runtime.Begin(&ProcessOperations::Wait, runtime.WaitFor("a", process));
  v1::KillProcessRequest kill;
  kill.set_container_id("a");
  kill.set_process_id(process);
  // The first may come before the process has exited by itself.
  while (runtime.Call(&ProcessOperations::Kill, kill).ok()) {
  }
  const auto exit = waiting.Await();
  REQUIRE(exit.ok());
  CHECK(exit->exit().unknown());
  CHECK(exit->exit().exit_code() == 0xFFFFFFFF);
}

TEST_CASE("a lost exit notification frees the waiters once the container has exited") {
  FaultyRuntime runtime;
  runtime.Run("a");
  runtime.faults().Lose(abi::HcsNotificationProcessExited, host::FaultInjection::kEvery);
  const uint32_t process = runtime.Spawn("a", "sleep 7207");
  const auto waiting = runtime.Begin(&ProcessOperations::Wait, runtime.WaitFor("a", process));
  REQUIRE(runtime.Call(&ContainerOperations::Terminate, Terminate("a")).ok());
  const auto exit = waiting.Await();
  REQUIRE(exit.ok());
  CHECK(exit->exit().unknown());
}

TEST_CASE("a creation whose completion is lost times out and leaves nothing") {
  FaultyRuntime runtime(absl::Milliseconds(300));
  runtime.faults().Lose(abi::HcsNotificationSystemCreateCompleted, host::FaultInjection::kEvery);
  const auto created = runtime.Create("a");
  CHECK(host::IsOwnError(created.status(), host::OwnError::kTimeout));
  v1::GetContainerRequest get;
  get.set_id("a");
  CHECK(absl::IsNotFound(runtime.Call(&ContainerOperations::Get, get).status()));
  // The host is rid of it as well: the id is free.
  runtime.faults().Clear();
  absl::Status again = runtime.Create("a").status();
  while (absl::IsAlreadyExists(again)) again = runtime.Create("a").status();
  CHECK(again.ok());
}

TEST_CASE("an exit in place of a start's completion is an unexpected exit") {
  FaultyRuntime runtime;
  REQUIRE(runtime.Create("a").ok());
  runtime.faults().Lose(abi::HcsNotificationSystemStartCompleted, host::FaultInjection::kEvery);
  v1::StartContainerRequest start;
  start.set_id("a");
  const auto starting = runtime.Begin(&ContainerOperations::Start, start);
  // A terminate may overtake a start that has not reached the host.
  REQUIRE(emulator::test::Eventually([&] {
    return runtime.faults().notifications(abi::HcsNotificationSystemStartCompleted) > 0;
  }));
  absl::Status terminated = runtime.Call(&ContainerOperations::Terminate, Terminate("a")).status();
  CHECK(terminated.ok());
  CHECK(host::IsOwnError(starting.Await().status(), host::OwnError::kUnexpectedContainerExit));
}

TEST_CASE("a lost service answers who waits, and its containers are found again") {
  FaultyRuntime runtime;
  runtime.Run("a");
  const uint32_t process = runtime.Spawn("a", "sleep 7207");
  v1::WaitContainerRequest wait;
  wait.set_id("a");
  const auto container_wait = runtime.Begin(&ContainerOperations::Wait, wait);
  const auto process_wait = runtime.Begin(&ProcessOperations::Wait, runtime.WaitFor("a", process));
  runtime.faults().DisconnectService();
  const auto aborted = host::OwnError::kUnexpectedProcessAbort;
  CHECK(host::IsOwnError(container_wait.Await().status(), aborted));
  CHECK(host::IsOwnError(process_wait.Await().status(), aborted));

  const auto waiting_again = runtime.Begin(&ProcessOperations::Wait, runtime.WaitFor("a", process));
  v1::KillProcessRequest kill;
  kill.set_container_id("a");
  kill.set_process_id(process);
  CHECK(runtime.Call(&ProcessOperations::Kill, kill).ok());
  CHECK(waiting_again.Await().ok());
}

}  // namespace
}  // namespace hcs::runtime
