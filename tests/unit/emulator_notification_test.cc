// Notifications and handles: who is told what, in which order, and what stale handles do.

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

using abi::HCS_CALLBACK;
using abi::HCS_PROCESS;
using abi::HCS_SYSTEM;

HCS_CALLBACK Register(HCS_SYSTEM system, Inbox* inbox) {
  HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterComputeSystemCallback(system, Inbox::Callback, inbox, &registration) ==
          abi::S_OK);
  return registration;
}

TEST_CASE("a completion that came before the registration is delivered at it, once") {
  TestHost host;
  HCS_SYSTEM system = nullptr;
  REQUIRE(abi::IsPending(Create("early", R"({"SystemType":"Container"})", &system).code));
  // Open waits for the creation: by now its completion has come.
  HCS_SYSTEM opened = nullptr;
  REQUIRE(Open("early", &opened).code == abi::S_OK);
  Inbox first;
  Inbox second;
  Inbox other;
  Register(opened, &other);
  Register(system, &first);
  CHECK(first.Await(abi::HcsNotificationSystemCreateCompleted)->status == abi::S_OK);
  Register(system, &second);
  CHECK(abi::IsPending(Table().HcsTerminateComputeSystem(system, u"", nullptr)));
  for (Inbox* inbox : {&first, &second, &other}) {
    REQUIRE(inbox->Await(abi::HcsNotificationSystemExited));
    CHECK(inbox->Count(abi::HcsNotificationSystemExited) == 1);
  }
  CHECK(first.Count(abi::HcsNotificationSystemCreateCompleted) == 1);
  CHECK(second.Count(abi::HcsNotificationSystemCreateCompleted) == 0);
  CHECK(other.Count(abi::HcsNotificationSystemCreateCompleted) == 0);
  Inbox late;
  Register(opened, &late);
  CHECK(late.Await(abi::HcsNotificationSystemExited));
  CHECK(Table().HcsCloseComputeSystem(system) == abi::S_OK);
  CHECK(Table().HcsCloseComputeSystem(opened) == abi::S_OK);
}

TEST_CASE("the exits of all processes come before the system's") {
  constexpr int kProcesses = 50;
  TestHost host;
  TestSystem system("order");
  std::vector<StartedProcess> processes;
  std::vector<Inbox> inboxes(kProcesses);
  for (int i = 0; i < kProcesses; ++i) {
    processes.push_back(StartProcess(system.handle(), {{"CommandLine", "sleep 1000"}}));
    REQUIRE(processes.back().code == abi::S_OK);
    HCS_CALLBACK registration = nullptr;
    REQUIRE(Table().HcsRegisterProcessCallback(processes.back().handle, Inbox::Callback,
                                               &inboxes[static_cast<size_t>(i)],
                                               &registration) == abi::S_OK);
  }
  REQUIRE(abi::IsPending(Table().HcsTerminateComputeSystem(system.handle(), u"", nullptr)));
  REQUIRE(system.inbox().Await(abi::HcsNotificationSystemExited));
  for (Inbox& inbox : inboxes) {
    const auto exited = inbox.Await(abi::HcsNotificationProcessExited);
    REQUIRE(exited);
    CHECK(exited->data["ExitCode"] == 1067);
    CHECK(inbox.All().size() == 1);
  }
}

TEST_CASE("after Unregister has returned, nothing comes") {
  TestHost host;
  for (int round = 0; round < 20; ++round) {
    TestSystem system("unregister", Json::object(), /*start=*/false);
    auto inbox = std::make_unique<Inbox>();
    const HCS_CALLBACK registration = Register(system.handle(), inbox.get());
    // The notification races with the unregistration; either may win, but a callback
    // into the destroyed inbox would be found by the sanitizer.
    REQUIRE(abi::IsPending(Table().HcsStartComputeSystem(system.handle(), u"", nullptr)));
    CHECK(Table().HcsUnregisterComputeSystemCallback(registration) == abi::S_OK);
    inbox.reset();
    CHECK(Table().HcsUnregisterComputeSystemCallback(registration) == abi::ERROR_INVALID_HANDLE);
  }
}

struct Slow {
  std::atomic<bool> entered{false};
  std::atomic<bool> leave{false};
  std::atomic<bool> left{false};

  static void Callback(uint32_t, void* context, abi::HRESULT, abi::PCWSTR) {
    auto* slow = static_cast<Slow*>(context);
    slow->entered = true;
    slow->entered.notify_all();
    slow->leave.wait(false);
    slow->left = true;
  }
};

TEST_CASE("Unregister waits for a callback that is running, others are not held up") {
  TestHost host;
  TestSystem system("slow", Json::object(), /*start=*/false);
  Slow slow;
  HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterComputeSystemCallback(system.handle(), Slow::Callback, &slow,
                                                   &registration) == abi::S_OK);
  REQUIRE(abi::IsPending(Table().HcsStartComputeSystem(system.handle(), u"", nullptr)));
  slow.entered.wait(false);
  CHECK(system.inbox().Await(abi::HcsNotificationSystemStartCompleted));
  std::thread unregistering([&] {
    CHECK(Table().HcsUnregisterComputeSystemCallback(registration) == abi::S_OK);
    CHECK(slow.left);
  });
  slow.leave = true;
  slow.leave.notify_all();
  unregistering.join();
}

TEST_CASE("stale, foreign and invented handles are refused by every function") {
  TestHost host;
  TestSystem system("stale");
  const StartedProcess process = StartProcess(system.handle(), {{"CommandLine", "sleep 100"}});
  REQUIRE(process.code == abi::S_OK);
  HCS_SYSTEM closed = nullptr;
  REQUIRE(Open("stale", &closed).code == abi::S_OK);
  REQUIRE(Table().HcsCloseComputeSystem(closed) == abi::S_OK);
  int local = 0;
  for (void* bad : std::vector<void*>{nullptr, closed, &local, process.handle,
                                      reinterpret_cast<void*>(intptr_t{-1})}) {
    const auto system_handle = static_cast<HCS_SYSTEM>(bad);
    abi::PWSTR text = nullptr;
    HCS_CALLBACK registration = nullptr;
    HCS_PROCESS opened = nullptr;
    CHECK(Table().HcsStartComputeSystem(system_handle, u"", nullptr) == abi::ERROR_INVALID_HANDLE);
    CHECK(Table().HcsGetComputeSystemProperties(system_handle, u"", &text, nullptr) ==
          abi::ERROR_INVALID_HANDLE);
    CHECK(Table().HcsOpenProcess(system_handle, 1, &opened, nullptr) == abi::ERROR_INVALID_HANDLE);
    CHECK(Table().HcsRegisterComputeSystemCallback(system_handle, Inbox::Callback, &local,
                                                   &registration) == abi::ERROR_INVALID_HANDLE);
    CHECK(Table().HcsCloseComputeSystem(system_handle) == abi::ERROR_INVALID_HANDLE);
  }
  abi::HcsProcessInformation information{};
  const auto wrong_kind = reinterpret_cast<HCS_PROCESS>(system.handle());
  CHECK(Table().HcsGetProcessInfo(wrong_kind, &information, nullptr) == abi::ERROR_INVALID_HANDLE);
  CHECK(Table().HcsTerminateProcess(wrong_kind, nullptr) == abi::ERROR_INVALID_HANDLE);
  CHECK(Table().HcsCloseProcess(wrong_kind) == abi::ERROR_INVALID_HANDLE);
  CHECK(Table().HcsCloseProcess(process.handle) == abi::S_OK);
  CHECK(Table().HcsTerminateProcess(process.handle, nullptr) == abi::ERROR_INVALID_HANDLE);
}

TEST_CASE("handles are closed in any order") {
  TestHost host;
  HCS_SYSTEM handle = nullptr;
  HCS_PROCESS process_handle = nullptr;
  {
    TestSystem system("anyorder");
    REQUIRE(Open("anyorder", &handle).code == abi::S_OK);
    process_handle = StartProcess(handle, {{"CommandLine", "sleep 100"}}).handle;
    system.Close();
  }
  REQUIRE(Table().HcsCloseComputeSystem(handle) == abi::S_OK);
  // The process' handle alone still works.
  CHECK(ProcessProperties(process_handle).json()["Exited"] == false);
  CHECK(Table().HcsTerminateProcess(process_handle, nullptr) == abi::S_OK);
  CHECK(Eventually([&] { return ProcessProperties(process_handle).json()["Exited"] == true; }));
  CHECK(Table().HcsCloseProcess(process_handle) == abi::S_OK);
  CHECK(Enumerate().json().size() == 1);
  REQUIRE(Open("anyorder", &handle).code == abi::S_OK);
  CHECK(Properties(handle).json()["State"] == "Running");
  CHECK(abi::IsPending(Table().HcsTerminateComputeSystem(handle, u"", nullptr)));
  CHECK(Eventually([] { return Enumerate().json().empty(); }));
  CHECK(Table().HcsCloseComputeSystem(handle) == abi::S_OK);
}

}  // namespace
}  // namespace hcs::emulator::test
