#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "core/host/compute_service.h"
#include "core/host/fault_injection.h"
#include "tests/unit/host_fake_table.h"

namespace hcs::host {
namespace {

constexpr absl::Duration kGenerous = absl::Seconds(30);
constexpr uint32_t kExited = abi::HcsNotificationSystemExited;
constexpr uint32_t kStarted = abi::HcsNotificationSystemStartCompleted;

// What a registration has got.
class Inbox {
 public:
  NotificationSink Sink() {
    return [this](Notification notification) {
      const std::lock_guard lock(mutex_);
      types_.push_back(notification.type);
      data_.push_back(notification.data);
      changed_.notify_all();
    };
  }

  std::vector<uint32_t> types() const {
    const std::lock_guard lock(mutex_);
    return types_;
  }

  std::vector<std::string> data() const {
    const std::lock_guard lock(mutex_);
    return data_;
  }

  bool WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, absl::ToChronoSeconds(kGenerous),
                             [&] { return types_.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<uint32_t> types_;
  std::vector<std::string> data_;
};

struct Fixture {
  FakeTable fake;
  FaultInjection faults{fake.table};
  ComputeService service{faults.table()};
  ComputeSystem system = *service.Open("a");
};

TEST_CASE("Without faults everything passes", "[host]") {
  Fixture f;
  Inbox inbox;
  const auto registration = f.system.Register(inbox.Sink());
  CHECK(f.system.Start().ok());
  f.fake.Notify(kStarted, abi::S_OK, u"x");
  CHECK(inbox.types() == std::vector<uint32_t>{kStarted});
  CHECK(inbox.data() == std::vector<std::string>{"x"});
  CHECK(f.faults.calls("HcsStartComputeSystem") == 1);
  CHECK(f.faults.notifications(kStarted) == 1);
}

TEST_CASE("An export that the wrapped table lacks stays missing", "[host]") {
  FakeTable fake;
  fake.table.HcsSignalProcess = nullptr;
  const FaultInjection faults(fake.table);
  CHECK(abi::MissingExports(faults.table()) == abi::MissingExports(fake.table));
}

TEST_CASE("Call N fails with its HRESULT, and does not reach the host", "[host]") {
  Fixture f;
  f.faults.Fail("HcsStartComputeSystem", 2, abi::RPC_S_CALL_FAILED);
  CHECK(f.system.Start().ok());
  CHECK(HresultOf(f.system.Start().status()) == abi::RPC_S_CALL_FAILED);
  CHECK(f.system.Start().ok());
  CHECK(f.fake.count("HcsStartComputeSystem") == 2);
  CHECK(f.faults.calls("HcsStartComputeSystem") == 3);
}

TEST_CASE("Every call fails until the faults are cleared", "[host]") {
  Fixture f;
  f.faults.Fail("HcsPauseComputeSystem", FaultInjection::kEvery, abi::E_FAIL);
  CHECK_FALSE(f.system.Pause().ok());
  CHECK_FALSE(f.system.Pause().ok());
  f.faults.Clear();
  CHECK(f.system.Pause().ok());
}

TEST_CASE("A call hangs until it is released, others go on", "[host]") {
  Fixture f;
  f.faults.Hang("HcsStartComputeSystem", FaultInjection::kEvery);
  absl::Status one, other;
  std::thread first([&] { one = f.system.Start().status(); });
  std::thread second([&] { other = f.system.Start().status(); });
  REQUIRE(f.faults.WaitForHanging("HcsStartComputeSystem", 2, kGenerous));
  CHECK(f.fake.count("HcsStartComputeSystem") == 0);
  CHECK(f.system.Pause().ok());
  CHECK(f.service.CallsInFlight().size() == 2);
  f.faults.Release("HcsStartComputeSystem");
  first.join();
  second.join();
  CHECK((one.ok() && other.ok()));
  CHECK(f.system.Start().ok());
}

TEST_CASE("A call that hung may fail, too", "[host]") {
  Fixture f;
  f.faults.Hang("HcsStartComputeSystem", 1);
  f.faults.Fail("HcsStartComputeSystem", 1, abi::E_FAIL);
  absl::Status status;
  std::thread caller([&] { status = f.system.Start().status(); });
  REQUIRE(f.faults.WaitForHanging("HcsStartComputeSystem", 1, kGenerous));
  f.faults.Release("HcsStartComputeSystem");
  caller.join();
  CHECK(HresultOf(status) == abi::E_FAIL);
}

TEST_CASE("The end frees what hangs", "[host]") {
  FakeTable fake;
  absl::Status status;
  std::thread caller;
  {
    FaultInjection faults(fake.table);
    faults.Hang("HcsEnumerateComputeSystems", 1);
    caller = std::thread([&status, table = faults.table()] {
      status = ComputeService(table).Enumerate("{}").status();
    });
    REQUIRE(faults.WaitForHanging("HcsEnumerateComputeSystems", 1, kGenerous));
  }
  caller.join();
  CHECK(status.ok());
}

TEST_CASE("A call is delayed", "[host]") {
  Fixture f;
  constexpr absl::Duration kDelay = absl::Milliseconds(30);
  f.faults.Delay("HcsPauseComputeSystem", 1, kDelay);
  const absl::Time start = absl::Now();
  CHECK(f.system.Pause().ok());
  CHECK(absl::Now() - start >= kDelay);
}

TEST_CASE("A delay that is cleared ends", "[host]") {
  Fixture f;
  f.faults.Delay("HcsPauseComputeSystem", 1, absl::InfiniteDuration());
  absl::Status status;
  std::thread caller([&] { status = f.system.Pause().status(); });
  while (f.faults.calls("HcsPauseComputeSystem") == 0) std::this_thread::yield();
  f.faults.Clear();
  caller.join();
  CHECK(status.ok());
}

TEST_CASE("A notification is lost", "[host]") {
  Fixture f;
  Inbox inbox;
  const auto registration = f.system.Register(inbox.Sink());
  f.faults.Lose(kExited, 2);
  for (const char16_t* data : {u"1", u"2", u"3"}) f.fake.Notify(kExited, abi::S_OK, data);
  f.fake.Notify(kStarted, abi::S_OK, u"s");
  CHECK(inbox.data() == std::vector<std::string>{"1", "3", "s"});
  CHECK(f.faults.notifications(kExited) == 3);
}

TEST_CASE("A notification comes twice", "[host]") {
  Fixture f;
  Inbox inbox;
  const auto registration = f.system.Register(inbox.Sink());
  f.faults.Duplicate(kExited, FaultInjection::kEvery);
  f.fake.Notify(kExited, abi::S_OK, u"1");
  CHECK(inbox.data() == std::vector<std::string>{"1", "1"});
}

TEST_CASE("A notification is overtaken until it is released", "[host]") {
  Fixture f;
  Inbox inbox;
  const auto registration = f.system.Register(inbox.Sink());
  f.faults.Postpone(kStarted, FaultInjection::kEvery, absl::InfiniteDuration());
  f.fake.Notify(kStarted, abi::S_OK, u"1");
  f.fake.Notify(kStarted, abi::S_OK, u"2");
  f.fake.Notify(kExited, abi::S_OK, u"exit");
  REQUIRE(f.faults.WaitForPostponed(kStarted, 2, kGenerous));
  CHECK(inbox.data() == std::vector<std::string>{"exit"});
  f.faults.ReleaseNotifications(kStarted);
  REQUIRE(inbox.WaitFor(3));
  CHECK(inbox.data() == std::vector<std::string>{"exit", "1", "2"});
  f.fake.Notify(kStarted, abi::S_OK, u"3");
  CHECK(inbox.data().back() == "3");
}

TEST_CASE("A notification comes late by itself", "[host]") {
  Fixture f;
  Inbox inbox;
  const auto registration = f.system.Register(inbox.Sink());
  f.faults.Postpone(kStarted, 1, absl::Milliseconds(20));
  f.fake.Notify(kStarted, abi::S_OK, nullptr);
  CHECK(inbox.WaitFor(1));
}

TEST_CASE("What is held does not come after its registration", "[host]") {
  Fixture f;
  Inbox gone, stays;
  auto first = f.system.Register(gone.Sink());
  const auto second = f.system.Register(stays.Sink());
  f.faults.Postpone(kExited, FaultInjection::kEvery, absl::InfiniteDuration());
  f.fake.Notify(kExited, abi::S_OK, nullptr);
  REQUIRE(f.faults.WaitForPostponed(kExited, 2, kGenerous));
  first->Unregister();
  f.faults.ReleaseNotifications(kExited);
  REQUIRE(stays.WaitFor(1));
  CHECK(gone.types().empty());
}

TEST_CASE("The service goes away for every registration", "[host]") {
  Fixture f;
  const Process process = *f.system.OpenProcess(1);
  Inbox of_system, of_process, gone;
  const auto first = f.system.Register(of_system.Sink());
  const auto second = process.Register(of_process.Sink());
  f.system.Register(gone.Sink())->Unregister();
  f.faults.DisconnectService();
  REQUIRE(of_system.WaitFor(1));
  REQUIRE(of_process.WaitFor(1));
  CHECK(of_system.types()[0] == abi::HcsNotificationServiceDisconnect);
  CHECK(gone.types().empty());
}

}  // namespace
}  // namespace hcs::host
