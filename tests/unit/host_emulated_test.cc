// The typed calls over the emulated host, through real workers and processes, and
// faults between the two.

#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/abi/hresult.h"
#include "core/document/document.h"
#include "core/host/compute_service.h"
#include "core/host/fault_injection.h"
#include "hcs/v1/container_config.pb.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/properties.pb.h"
#include "tests/unit/emulator_test_host.h"

namespace hcs::host {
namespace {

using emulator::test::kDeadline;
using emulator::test::TestHost;

template <typename T>
T Take(absl::StatusOr<T> value) {
  INFO(value.status().ToString());
  REQUIRE(value.ok());
  return *std::move(value);
}

// Notifications of one registration, waited for by type.
class Arrivals {
 public:
  NotificationSink Sink() {
    return [this](Notification notification) {
      const std::lock_guard lock(mutex_);
      all_.push_back(std::move(notification));
      changed_.notify_all();
    };
  }

  std::optional<Notification> Await(uint32_t type) {
    std::unique_lock lock(mutex_);
    std::optional<Notification> found;
    changed_.wait_for(lock, kDeadline, [&] {
      for (const Notification& notification : all_) {
        if (notification.type == type) found = notification;
      }
      return found.has_value();
    });
    return found;
  }

  size_t Count(uint32_t type) const {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(
        std::count_if(all_.begin(), all_.end(),
                      [&](const Notification& notification) { return notification.type == type; }));
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Notification> all_;
};

// A system that is created and started over `service`, and terminated at the end.
class RunningSystem {
 public:
  RunningSystem(const ComputeService& service, const std::string& id)
      : created_(Take(service.Create(id, Configuration()))),
        registration_(Take(system().Register(arrivals_.Sink()))) {
    if (created_.completion == Completion::kPending) {
      REQUIRE(arrivals_.Await(abi::HcsNotificationSystemCreateCompleted));
    }
    if (Take(system().Start()) == Completion::kPending) {
      REQUIRE(arrivals_.Await(abi::HcsNotificationSystemStartCompleted));
    }
  }

  ~RunningSystem() {
    if (system().Terminate().ok()) arrivals_.Await(abi::HcsNotificationSystemExited);
    registration_.Unregister();
  }

  ComputeSystem& system() { return created_.system; }
  Arrivals& arrivals() { return arrivals_; }

 private:
  static std::string Configuration() {
    v1::ContainerConfig config;
    config.set_system_type("Container");
    config.set_owner("host-test");
    return *document::ToJson(config);
  }

  CreatedSystem created_;
  Arrivals arrivals_;
  Registration registration_;
};

std::string Echo() {
  v1::ProcessConfig config;
  config.set_command_line("cmd /c \"echo hello& exit 7\"");
  config.set_create_std_out_pipe(true);
  return *document::ToJson(config);
}

std::string Sleeper() {
  v1::ProcessConfig config;
  config.set_command_line("sleep 1000");
  return *document::ToJson(config);
}

v1::ProcessStatus StatusOf(const Process& process) {
  v1::ProcessStatus status;
  REQUIRE(document::FromJson(Take(process.GetProperties()), &status).ok());
  return status;
}

TEST_CASE("A system lives and ends on the emulated host", "[host][emulated]") {
  TestHost host;
  const ComputeService service(emulator::EmulatedHost::table());
  RunningSystem running(service, "a");
  v1::ContainerProperties properties;
  REQUIRE(document::FromJson(Take(running.system().GetProperties("{}")), &properties).ok());
  CHECK(properties.id() == "a");
  CHECK(properties.state() == "Running");
  CHECK(properties.owner() == "host-test");
  CHECK_THAT(Take(service.Enumerate("{}")), Catch::Contains("\"a\""));
  const auto again = running.system().Start().status();
  CHECK(again.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(HresultOf(again) == abi::VMCOMPUTE_INVALID_STATE);
  REQUIRE(running.system().Terminate().ok());
  REQUIRE(running.arrivals().Await(abi::HcsNotificationSystemExited));
  CHECK(running.system().Terminate().status().code() == absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("Errors of the emulated host are typed", "[host][emulated]") {
  TestHost host;
  const ComputeService service(emulator::EmulatedHost::table());
  CHECK(service.Open("nope").status().code() == absl::StatusCode::kNotFound);
  CHECK(service.Create("a", "{").status().code() == absl::StatusCode::kInvalidArgument);
  RunningSystem running(service, "a");
  CHECK(service.Create("a", "{\"SystemType\":\"Container\"}").status().code() ==
        absl::StatusCode::kAlreadyExists);
  const auto process = running.system().OpenProcess(4000000000);
  CHECK(HresultOf(process.status()) == abi::ERROR_NOT_FOUND);
  const auto error = HostErrorOf(process.status());
  REQUIRE(error);
  CHECK(error->object() == "a:4000000000");
}

TEST_CASE("A process writes, exits, and says so", "[host][emulated]") {
  TestHost host;
  const ComputeService service(emulator::EmulatedHost::table());
  RunningSystem running(service, "a");
  CreatedProcess created = Take(running.system().CreateProcess(Echo()));
  CHECK_FALSE(created.information.std_input);
  CHECK_FALSE(created.information.std_error);
  CHECK(emulator::test::ReadAll(created.information.std_output) == "hello\n");
  Arrivals arrivals;
  const Registration registration = Take(created.process.Register(arrivals.Sink()));
  REQUIRE(arrivals.Await(abi::HcsNotificationProcessExited));
  CHECK(StatusOf(created.process).exited());
  CHECK(StatusOf(created.process).exit_code() == 7);
  const auto again = created.process.Terminate().status();
  CHECK((again.code() == absl::StatusCode::kFailedPrecondition ||
         again.code() == absl::StatusCode::kNotFound));
}

TEST_CASE("A call that hangs stops no other system", "[host][emulated]") {
  TestHost host;
  FaultInjection faults(emulator::EmulatedHost::table());
  const ComputeService service(faults.table());
  RunningSystem stuck(service, "stuck"), free(service, "free");
  faults.Hang("HcsPauseComputeSystem", 1);
  absl::Status paused;
  std::thread caller([&] { paused = stuck.system().Pause().status(); });
  REQUIRE(faults.WaitForHanging("HcsPauseComputeSystem", 1, absl::FromChrono(kDeadline)));
  Take(free.system().CreateProcess(Sleeper()));
  const auto calls = service.CallsInFlight();
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].object == "stuck");
  faults.Release("HcsPauseComputeSystem");
  caller.join();
  CHECK(paused.ok());
}

TEST_CASE("A lost exit is lost for those who watched, the next to register gets it",
          "[host][emulated]") {
  TestHost host;
  FaultInjection faults(emulator::EmulatedHost::table());
  const ComputeService service(faults.table());
  RunningSystem running(service, "a");
  CreatedProcess created = Take(running.system().CreateProcess(Sleeper()));
  Arrivals first, second;
  const Registration loses = Take(created.process.Register(first.Sink()));
  faults.Lose(abi::HcsNotificationProcessExited, 1);
  REQUIRE(created.process.Terminate().ok());
  REQUIRE(emulator::test::Eventually(
      [&] { return faults.notifications(abi::HcsNotificationProcessExited) == 1; }));
  const Registration gets = Take(created.process.Register(second.Sink()));
  REQUIRE(second.Await(abi::HcsNotificationProcessExited));
  CHECK(first.Count(abi::HcsNotificationProcessExited) == 0);
}

TEST_CASE("The service goes away and comes back", "[host][emulated]") {
  TestHost host;
  const ComputeService service(emulator::EmulatedHost::table());
  RunningSystem running(service, "a");
  host.host().DisconnectService();
  REQUIRE(running.arrivals().Await(abi::HcsNotificationServiceDisconnect));
  CHECK_FALSE(running.system().GetProperties("{}").ok());
  ComputeSystem again = Take(service.Open("a"));
  Arrivals arrivals;
  const Registration registration = Take(again.Register(arrivals.Sink()));
  REQUIRE(again.Terminate().ok());
  CHECK(arrivals.Await(abi::HcsNotificationSystemExited));
}

TEST_CASE("Registrations end while notifications come", "[host][emulated]") {
  TestHost host;
  const ComputeService service(emulator::EmulatedHost::table());
  RunningSystem running(service, "a");
  constexpr int kProcesses = 20;
  for (int i = 0; i < kProcesses; ++i) {
    CreatedProcess created = Take(running.system().CreateProcess(Echo()));
    std::atomic<int> count = 0;
    Registration registration = Take(created.process.Register([&](Notification) { ++count; }));
    if (i % 2 == 0) emulator::test::ReadAll(created.information.std_output);
    registration.Unregister();
    const int at_the_end = count;
    CHECK(at_the_end <= 1);
    CHECK(count == at_the_end);
  }
}

}  // namespace
}  // namespace hcs::host
