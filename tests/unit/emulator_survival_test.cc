// What outlives what: systems the library, the library a worker, nothing a crash.

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

using abi::HCS_CALLBACK;
using abi::HCS_PROCESS;
using abi::HCS_SYSTEM;

bool IsAlive(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  if (!std::getline(stat, text)) return false;
  const char state = text[text.rfind(')') + 2];
  return state != 'Z' && state != 'X';
}

// The worker of a system, found as the parent of one of its processes.
pid_t ParentOf(uint32_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(stat, text);
  pid_t parent = 0;
  char state = 0;
  std::istringstream(text.substr(text.rfind(')') + 2)) >> state >> parent;
  return parent;
}

size_t EntriesIn(const std::string& folder) {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

TEST_CASE("systems, processes, exit codes and unread output outlive the library") {
  TestHost host;
  HCS_SYSTEM system = nullptr;
  uint32_t running = 0;
  uint32_t exits = 0;
  {
    TestSystem first("survivor");
    REQUIRE(Open("survivor", &system).code == abi::S_OK);
    first.Close();
    StartedProcess talker = StartProcess(
        system, {{"CommandArgs", {"/bin/sh", "-c", "echo one; read x; echo $x; exit 9"}},
                 {"CreateStdInPipe", true},
                 {"CreateStdOutPipe", true}});
    REQUIRE(talker.code == abi::S_OK);
    running = talker.process_id;
    StartedProcess quick = StartProcess(system, {{"CommandLine", "cmd /c exit 4"}});
    REQUIRE(quick.code == abi::S_OK);
    exits = quick.process_id;
  }
  host.Restart();
  CHECK(Properties(system).code == abi::ERROR_INVALID_HANDLE);
  const Json listed = Enumerate().json();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["State"] == "Running");
  REQUIRE(Open("survivor", &system).code == abi::S_OK);
  HCS_PROCESS process = nullptr;
  REQUIRE(Table().HcsOpenProcess(system, exits, &process, nullptr) == abi::S_OK);
  CHECK(Eventually([&] { return ProcessProperties(process).json()["ExitCode"] == 4; }));
  REQUIRE(Table().HcsOpenProcess(system, running, &process, nullptr) == abi::S_OK);
  const StartedProcess streams = ProcessInformation(process);
  CHECK(WriteAll(streams.stdin_pipe, "two\n"));
  CHECK(ReadAll(streams.stdout_pipe) == "one\ntwo\n");
  CHECK(Eventually([&] { return ProcessProperties(process).json()["ExitCode"] == 9; }));
  CHECK(abi::IsPending(Table().HcsTerminateComputeSystem(system, u"", nullptr)));
  CHECK(Eventually([] { return Enumerate().json().empty(); }));
}

TEST_CASE("a worker that crashes takes its processes along, and everybody is told") {
  TestHost host;
  TestSystem system("crash");
  HCS_SYSTEM second = nullptr;
  REQUIRE(Open("crash", &second).code == abi::S_OK);
  Inbox second_inbox;
  HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterComputeSystemCallback(second, Inbox::Callback, &second_inbox,
                                                   &registration) == abi::S_OK);
  const StartedProcess process =
      StartProcess(system.handle(), {{"CommandArgs", {"/bin/sh", "-c", "sleep 1000 & wait"}}});
  REQUIRE(process.code == abi::S_OK);
  // The process and the one that it has started itself.
  std::vector<pid_t> members;
  REQUIRE(Eventually([&] {
    members.clear();
    const Json query = {{"PropertyTypes", {"ProcessList"}}};
    const Json properties = Properties(system.handle(), query).json();
    for (const Json& entry : properties["ProcessList"]) {
      members.push_back(entry["ProcessId"].get<pid_t>());
    }
    return members.size() == 2;
  }));
  Inbox process_inbox;
  REQUIRE(Table().HcsRegisterProcessCallback(process.handle, Inbox::Callback, &process_inbox,
                                             &registration) == abi::S_OK);
  kill(ParentOf(process.process_id), SIGKILL);
  for (Inbox* inbox : {&system.inbox(), &second_inbox}) {
    const auto exited = inbox->Await(abi::HcsNotificationSystemExited);
    REQUIRE(exited);
    CHECK(exited->status == abi::VMCOMPUTE_UNEXPECTED_EXIT);
  }
  const auto exited = process_inbox.Await(abi::HcsNotificationProcessExited);
  REQUIRE(exited);
  CHECK(exited->data["LastWaitResult"] != 0);
  CHECK(ProcessProperties(process.handle).json()["Exited"] == true);
  for (const pid_t member : members) CHECK_FALSE(IsAlive(member));
  CHECK(EntriesIn(host.state_folder() + "/systems") == 0);
  CHECK(Enumerate().json().empty());
  CHECK(Properties(system.handle()).json()["ExitType"] == "UnexpectedExit");
  CHECK(Table().HcsTerminateComputeSystem(system.handle(), u"", nullptr) ==
        abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  TestSystem again("crash");
  CHECK(Properties(again.handle()).json()["State"] == "Running");
}

TEST_CASE("what a dead worker left is found and removed by a later library") {
  TestHost host;
  pid_t worker = 0;
  {
    TestSystem system("stale");
    const StartedProcess process = StartProcess(system.handle(), {{"CommandLine", "sleep 1000"}});
    worker = ParentOf(process.process_id);
    Table().HcsCloseProcess(process.handle);
    system.Close();
  }
  kill(worker, SIGKILL);
  REQUIRE(Eventually([&] { return !IsAlive(worker); }));
  host.Restart();
  CHECK(Enumerate().json().empty());
  HCS_SYSTEM none = nullptr;
  CHECK(Open("stale", &none).code == abi::VMCOMPUTE_SYSTEM_NOT_FOUND);
  CHECK(Eventually([&] { return EntriesIn(host.state_folder() + "/systems") == 0; }));
  TestSystem again("stale");
}

TEST_CASE("a lost service: everybody is told, handles are stale, opening works again") {
  TestHost host;
  TestSystem system("service");
  const HCS_SYSTEM handle = system.handle();
  const StartedProcess process = StartProcess(handle, {{"CommandLine", "sleep 1000"}});
  Inbox inbox;
  HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterProcessCallback(process.handle, Inbox::Callback, &inbox,
                                             &registration) == abi::S_OK);
  host.host().DisconnectService();
  CHECK(system.inbox().Await(abi::HcsNotificationServiceDisconnect));
  CHECK(inbox.Await(abi::HcsNotificationServiceDisconnect));
  CHECK(Properties(handle).code == abi::ERROR_INVALID_HANDLE);
  CHECK(ProcessProperties(process.handle).code == abi::ERROR_INVALID_HANDLE);
  CHECK(Table().HcsUnregisterProcessCallback(registration) == abi::S_OK);
  HCS_SYSTEM again = nullptr;
  REQUIRE(Open("service", &again).code == abi::S_OK);
  CHECK(Properties(again).json()["State"] == "Running");
  HCS_PROCESS same = nullptr;
  CHECK(Table().HcsOpenProcess(again, process.process_id, &same, nullptr) == abi::S_OK);
  CHECK(abi::IsPending(Table().HcsTerminateComputeSystem(again, u"", nullptr)));
  CHECK(Eventually([] { return Enumerate().json().empty(); }));
}

TEST_CASE("TerminateOnLastHandleClosed") {
  TestHost host;
  HCS_SYSTEM second = nullptr;
  HCS_PROCESS process = nullptr;
  {
    TestSystem system("lasthandle",
                      {{"SystemType", "Container"}, {"TerminateOnLastHandleClosed", true}});
    process = StartProcess(system.handle(), {{"CommandLine", "sleep 1000"}}).handle;
    REQUIRE(Open("lasthandle", &second).code == abi::S_OK);
    system.Close();
  }
  CHECK(Properties(second).json()["State"] == "Running");
  // A process' handle does not hold the system.
  CHECK(Table().HcsCloseComputeSystem(second) == abi::S_OK);
  CHECK(Eventually([] { return Enumerate().json().empty(); }));
  CHECK(ProcessProperties(process).json()["Exited"] == true);
}

TEST_CASE("a worker that cannot be started fails the creation and leaves nothing") {
  TemporaryFolder folder;
  const std::string script = folder.path() + "/worker";
  std::ofstream(script) << "#!/bin/sh\nexit 1\n";
  chmod(script.c_str(), 0755);
  EmulatedHost::Options options;
  options.state_folder = folder.path() + "/state";
  options.worker_path = script;
  auto made = EmulatedHost::Create(options);
  REQUIRE(std::holds_alternative<std::unique_ptr<EmulatedHost>>(made));
  HCS_SYSTEM system = nullptr;
  REQUIRE(abi::IsPending(Create("dead", R"({"SystemType":"Container"})", &system).code));
  Inbox inbox;
  HCS_CALLBACK registration = nullptr;
  REQUIRE(Table().HcsRegisterComputeSystemCallback(system, Inbox::Callback, &inbox,
                                                   &registration) == abi::S_OK);
  const auto completed = inbox.Await(abi::HcsNotificationSystemCreateCompleted);
  REQUIRE(completed);
  CHECK(abi::Failed(completed->status));
  CHECK(EntriesIn(options.state_folder + "/systems") == 0);
  CHECK(Table().HcsTerminateComputeSystem(system, u"", nullptr) ==
        abi::VMCOMPUTE_SYSTEM_ALREADY_STOPPED);
  CHECK(Table().HcsCloseComputeSystem(system) == abi::S_OK);
}

TEST_CASE("a worker that hangs holds up the calls to its own system alone") {
  TestHost host;
  TestSystem hanging("hanging");
  TestSystem other("other");
  const StartedProcess process = StartProcess(hanging.handle(), {{"CommandLine", "sleep 1000"}});
  const pid_t worker = ParentOf(process.process_id);
  kill(worker, SIGSTOP);
  std::atomic<bool> answered{false};
  abi::HRESULT answer = abi::E_UNEXPECTED;
  std::thread caller([&] {
    answer = Properties(hanging.handle()).code;
    answered = true;
  });
  for (int i = 0; i < 20; ++i) {
    const StartedProcess quick = StartProcess(other.handle(), {{"CommandLine", "true"}});
    CHECK(quick.code == abi::S_OK);
    CHECK(Enumerate().json().size() == 2);
  }
  CHECK_FALSE(answered);
  kill(worker, SIGCONT);
  caller.join();
  CHECK(answer == abi::S_OK);
}

TEST_CASE("there is one host per process, and without one the service is down") {
  HCS_SYSTEM system = nullptr;
  CHECK(Open("x", &system).code == abi::RPC_S_SERVER_UNAVAILABLE);
  TestHost host;
  EmulatedHost::Options options;
  options.state_folder = host.state_folder();
  options.worker_path = HCS_TEST_WORKER;
  const auto second = EmulatedHost::Create(options);
  REQUIRE(std::holds_alternative<std::string>(second));
  CHECK(std::get<std::string>(second).find("already") != std::string::npos);
  options.worker_path = "/no/such/worker";
  CHECK(std::get<std::string>(EmulatedHost::Create(options)).find("/no/such/worker") !=
        std::string::npos);
}

TEST_CASE("systems come and go from many threads, and nothing is left") {
  TestHost host;
  constexpr int kThreads = 8;
  constexpr int kRounds = 10;
  const size_t descriptors = EntriesIn("/proc/self/fd");
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t, &failures] {
      for (int round = 0; round < kRounds; ++round) {
        HCS_SYSTEM system = nullptr;
        const std::string id = "soak-" + std::to_string(t);
        if (!abi::IsPending(Create(id, R"({"SystemType":"Container"})", &system).code)) ++failures;
        Inbox inbox;
        HCS_CALLBACK registration = nullptr;
        Table().HcsRegisterComputeSystemCallback(system, Inbox::Callback, &inbox, &registration);
        if (!inbox.Await(abi::HcsNotificationSystemCreateCompleted)) ++failures;
        if (!abi::IsPending(Table().HcsStartComputeSystem(system, u"", nullptr))) ++failures;
        const StartedProcess process = StartProcess(system, {{"CommandLine", "sleep 1000"}});
        if (process.code != abi::S_OK) ++failures;
        if (!abi::IsPending(Table().HcsTerminateComputeSystem(system, u"", nullptr))) ++failures;
        if (!inbox.Await(abi::HcsNotificationSystemExited)) ++failures;
        Table().HcsCloseProcess(process.handle);
        Table().HcsUnregisterComputeSystemCallback(registration);
        Table().HcsCloseComputeSystem(system);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  CHECK(Enumerate().json().empty());
  CHECK(EntriesIn(host.state_folder() + "/systems") == 0);
  // The host, which had just started, may have had more open than it has at rest.
  CHECK(Eventually([&] { return EntriesIn("/proc/self/fd") <= descriptors; }));
}

}  // namespace
}  // namespace hcs::emulator::test
