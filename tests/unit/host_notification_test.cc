#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "core/host/compute_service.h"
#include "tests/unit/host_fake_table.h"

namespace hcs::host {
namespace {

ComputeSystem Open(const ComputeService& service) {
  auto system = service.Open("a");
  REQUIRE(system.ok());
  return *std::move(system);
}

TEST_CASE("A notification is routed with its type, status and document", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Open(service);
  std::vector<Notification> got;
  auto registration = system.Register([&](Notification n) { got.push_back(std::move(n)); });
  REQUIRE(registration.ok());
  fake.Notify(abi::HcsNotificationSystemExited, abi::VMCOMPUTE_UNEXPECTED_EXIT, u"{\"é\":\"😀\"}");
  fake.Notify(0x777, abi::S_OK, nullptr);
  REQUIRE(got.size() == 2);
  CHECK(got[0].type == abi::HcsNotificationSystemExited);
  CHECK(got[0].status == abi::VMCOMPUTE_UNEXPECTED_EXIT);
  CHECK(got[0].data == "{\"é\":\"😀\"}");
  CHECK(got[1].type == 0x777);
  CHECK(got[1].data.empty());
}

TEST_CASE("Nothing comes after the end, whatever the host does", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Open(service);
  int count = 0;
  auto registration = system.Register([&](Notification) { ++count; });
  REQUIRE(registration.ok());
  registration->Unregister();
  registration->Unregister();
  CHECK(fake.count("Unregister") == 1);
  fake.NotifyLate(abi::HcsNotificationSystemExited);
  CHECK(count == 0);
}

TEST_CASE("Each registration gets its own", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem one = Open(service), two = Open(service);
  int first = 0, second = 0;
  auto registration = one.Register([&](Notification) { ++first; });
  auto other = two.Register([&](Notification) { ++second; });
  fake.Notify(abi::HcsNotificationServiceDisconnect, abi::S_OK, nullptr);
  registration->Unregister();
  fake.NotifyLate(abi::HcsNotificationServiceDisconnect);
  CHECK(first == 1);
  CHECK(second == 2);
}

TEST_CASE("A sink dies with its registration", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Open(service);
  auto held = std::make_shared<int>(1);
  auto registration = system.Register([held](Notification) {});
  CHECK(held.use_count() == 2);
  Registration moved = *std::move(registration);
  CHECK(fake.registrations() == 1);
  moved = Registration();
  CHECK(held.use_count() == 1);
  CHECK(fake.registrations() == 0);
}

TEST_CASE("A registration that fails leaves nothing", "[host]") {
  FakeTable fake;
  fake.SetAnswer("Register", {.hresult = abi::ERROR_INVALID_HANDLE});
  const ComputeService service(fake.table);
  const ComputeSystem system = Open(service);
  auto held = std::make_shared<int>(1);
  const auto registration = system.Register([held](Notification) {});
  CHECK(HresultOf(registration.status()) == abi::ERROR_INVALID_HANDLE);
  CHECK(held.use_count() == 1);
  CHECK(fake.count("Unregister") == 0);
}

TEST_CASE("The end waits for a sink that runs", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Open(service);
  std::latch running(1), finish(1);
  std::atomic<bool> returned = false;
  auto registration = system.Register([&](Notification) {
    running.count_down();
    finish.wait();
    returned = true;
  });
  std::thread host([&] { fake.Notify(abi::HcsNotificationSystemExited, abi::S_OK, nullptr); });
  running.wait();
  std::thread let_go([&] { finish.count_down(); });
  registration->Unregister();
  CHECK(returned);
  host.join();
  let_go.join();
}

TEST_CASE("Notifications may race with the end", "[host]") {
  FakeTable fake;
  const ComputeService service(fake.table);
  const ComputeSystem system = Open(service);
  std::atomic<bool> stop = false;
  std::thread host([&] {
    while (!stop) fake.NotifyLate(abi::HcsNotificationSystemExited);
  });
  for (int i = 0; i < 200; ++i) {
    auto alive = std::make_unique<int>(0);
    auto registration = system.Register([counter = alive.get()](Notification) { ++*counter; });
    REQUIRE(registration.ok());
    *registration = Registration();
    alive.reset();
  }
  stop = true;
  host.join();
}

}  // namespace
}  // namespace hcs::host
