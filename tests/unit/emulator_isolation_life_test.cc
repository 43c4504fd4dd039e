// Life and death of systems with a root of their own, and what they leave: nothing.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/unit/emulator_container_root.h"

namespace hcs::emulator::test {
namespace {

namespace fs = std::filesystem;

std::string RuntimeIdOf(abi::HCS_SYSTEM system) {
  return Properties(system).json()["RuntimeId"].get<std::string>();
}

// A zombie, which waits for whoever adopted it, is dead.
bool IsAlive(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  if (!std::getline(stat, text)) return false;
  return text[text.rfind(')') + 2] != 'Z';
}

// The processes of the machine that are in one of the control groups.
std::vector<pid_t> MembersOf(const std::vector<std::string>& folders) {
  std::vector<pid_t> members;
  for (const std::string& folder : folders) {
    std::ifstream file(folder + "/cgroup.procs");
    for (pid_t pid = 0; file >> pid;) members.push_back(pid);
  }
  return members;
}

TEST_CASE("process ids are the container's own, and so is the process list") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem system("list", root.Document());
  const StartedProcess process = StartProcess(
      system.handle(), {{"CommandArgs", {"/bin/sh", "-c", "echo $$; sleep 1000 & echo $!; wait"}},
                        {"CreateStdOutPipe", true},
                        {"User", "app"}});
  REQUIRE(process.code == abi::S_OK);
  CHECK(process.process_id < 1000);
  Json list;
  REQUIRE(Eventually([&] {
    list = Properties(system.handle(), {{"PropertyTypes", {"ProcessList"}}}).json()["ProcessList"];
    return list.size() == 2;
  }));
  CHECK(list[0]["ProcessId"] == process.process_id);
  CHECK(list[0]["ImageName"] == "busybox");
  CHECK(list[1]["ProcessId"] != 1);
  abi::HCS_PROCESS opened = nullptr;
  CHECK(Table().HcsOpenProcess(system.handle(), process.process_id, &opened, nullptr) == abi::S_OK);
  CHECK(Table().HcsTerminateProcess(opened, nullptr) == abi::S_OK);
  CHECK(Eventually([&] { return ProcessProperties(opened).json()["ExitCode"] == 1067; }));
  const Json statistics =
      Properties(system.handle(), {{"PropertyTypes", {"Statistics"}}}).json()["Statistics"];
  CHECK(statistics["Memory"]["MemoryUsageCommitBytes"] > 0);
  CHECK(statistics["Processor"]["TotalRuntime100ns"] > 0);
}

TEST_CASE("signals reach processes inside, and a shutdown is asked for first") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem system("signals", root.Document());
  const Json trapping = {
      {"CommandArgs",
       {"/bin/sh", "-c", "trap 'echo asked; exit 5' TERM; echo ready; while :; do sleep 1; done"}},
      {"CreateStdOutPipe", true}};
  const StartedProcess interrupted = StartProcess(system.handle(), {{"CommandLine", "sleep 1000"}});
  CHECK(Table().HcsSignalProcess(interrupted.handle, uR"({"Signal":"CtrlC"})", nullptr) ==
        abi::S_OK);
  CHECK(Eventually(
      [&] { return ProcessProperties(interrupted.handle).json()["ExitCode"] == 0xC000013A; }));
  const StartedProcess process = StartProcess(system.handle(), trapping);
  char ready[6] = {};
  REQUIRE(read(process.stdout_pipe.get(), ready, sizeof(ready)) == 6);
  REQUIRE(abi::IsPending(Table().HcsShutdownComputeSystem(system.handle(), u"", nullptr)));
  CHECK(ReadAll(process.stdout_pipe) == "asked\n");
  const auto exited = system.inbox().Await(abi::HcsNotificationSystemExited);
  REQUIRE(exited);
  CHECK(exited->data["ExitType"] == "GracefulExit");
  CHECK(ProcessProperties(process.handle).json()["ExitCode"] == 5);
}

TEST_CASE("pausing stops every process of the container, and not its worker") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem system("pause", root.Document());
  const auto used = [&] {
    return Properties(system.handle(), {{"PropertyTypes", {"Statistics"}}})
        .json()["Statistics"]["Processor"]["TotalRuntime100ns"]
        .get<uint64_t>();
  };
  REQUIRE(StartProcess(system.handle(), {{"CommandArgs", {"/bin/sh", "-c", "while :; do :; done"}}})
              .code == abi::S_OK);
  const auto moves = [&](uint64_t from) { return [&used, from] { return used() > from; }; };
  REQUIRE(Eventually(moves(used())));
  REQUIRE(abi::IsPending(Table().HcsPauseComputeSystem(system.handle(), u"", nullptr)));
  REQUIRE(system.inbox().Await(abi::HcsNotificationSystemPauseCompleted));
  const uint64_t paused = used();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(used() == paused);
  CHECK(Properties(system.handle()).json()["State"] == "Paused");
  REQUIRE(abi::IsPending(Table().HcsResumeComputeSystem(system.handle(), u"", nullptr)));
  REQUIRE(system.inbox().Await(abi::HcsNotificationSystemResumeCompleted));
  CHECK(Eventually(moves(paused)));
}

TEST_CASE("a confined system outlives the library, with its processes and their output") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  abi::HCS_SYSTEM system = nullptr;
  uint32_t process_id = 0;
  {
    TestSystem first("survivor", root.Document());
    REQUIRE(Open("survivor", &system).code == abi::S_OK);
    first.Close();
    process_id = StartProcess(system, {{"CommandArgs", {"/bin/sh", "-c", "echo 1; read x; exit 9"}},
                                       {"CreateStdInPipe", true},
                                       {"CreateStdOutPipe", true}})
                     .process_id;
  }
  host.Restart();
  REQUIRE(Open("survivor", &system).code == abi::S_OK);
  CHECK(Properties(system).json()["Emulation"]["Isolation"] == "namespaces");
  abi::HCS_PROCESS process = nullptr;
  REQUIRE(Table().HcsOpenProcess(system, process_id, &process, nullptr) == abi::S_OK);
  const StartedProcess streams = ProcessInformation(process);
  CHECK(WriteAll(streams.stdin_pipe, "go\n"));
  CHECK(ReadAll(streams.stdout_pipe) == "1\n");
  CHECK(Eventually([&] { return ProcessProperties(process).json()["ExitCode"] == 9; }));
  CHECK(abi::IsPending(Table().HcsTerminateComputeSystem(system, u"", nullptr)));
  CHECK(Eventually([] { return Enumerate().json().empty(); }));
}

TEST_CASE("a root belongs to one system at a time") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem first("first", root.Document());
  abi::HCS_SYSTEM second = nullptr;
  const Answer refused = Create("second", root.Document().dump(), &second);
  CHECK(refused.code == abi::ERROR_SHARING_VIOLATION);
  CHECK(refused.result.find(root.path()) != std::string::npos);
  CHECK(Create("first", root.Document().dump(), &second).code ==
        abi::VMCOMPUTE_SYSTEM_ALREADY_EXISTS);
  first.Terminate();
  TestSystem third("third", root.Document());
  CHECK(RunShell(third.handle(), "echo here").output == "here\n");
}

TEST_CASE("when its end is heard, a container has left nothing") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const auto names = root.Names();
  TestSystem system("tidy", root.Document());
  const std::string runtime_id = RuntimeIdOf(system.handle());
  REQUIRE(StartProcess(system.handle(), {{"CommandLine", "sleep 1000"}}).code == abi::S_OK);
  CHECK_FALSE(CgroupFolders("hcsd/" + runtime_id).empty());
  CHECK(root.Names() != names);
  system.Terminate();
  CHECK(CgroupFolders("hcsd/" + runtime_id).empty());
  CHECK(fs::is_empty(host.state_folder() + "/systems"));
  CHECK(root.Names() == names);
}

TEST_CASE("a worker that is killed takes everything along") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const auto names = root.Names();
  TestSystem system("crash", root.Document());
  const std::string runtime_id = RuntimeIdOf(system.handle());
  // One that has left its session and cleared its environment.
  REQUIRE(RunShell(system.handle(), "env -i setsid sleep 1000 >&- 2>&- &").exit_code == 0);
  const std::vector<pid_t> members = MembersOf(CgroupFolders("hcsd/" + runtime_id));
  REQUIRE(members.size() > 1);
  const bool paused = GENERATE(false, true);
  INFO((paused ? "paused" : "running"));
  if (paused) {
    REQUIRE(abi::IsPending(Table().HcsPauseComputeSystem(system.handle(), u"", nullptr)));
    REQUIRE(system.inbox().Await(abi::HcsNotificationSystemPauseCompleted));
  }
  REQUIRE(kill(WorkerOf(host, "crash"), SIGKILL) == 0);
  const auto exited = system.inbox().Await(abi::HcsNotificationSystemExited);
  REQUIRE(exited);
  CHECK(exited->status == abi::VMCOMPUTE_UNEXPECTED_EXIT);
  for (const pid_t member : members) CHECK(Eventually([&] { return !IsAlive(member); }));
  CHECK(CgroupFolders("hcsd/" + runtime_id).empty());
  CHECK(fs::is_empty(host.state_folder() + "/systems"));
  CHECK(root.Names() == names);
}

// In a process of its own, which is killed at any moment: makes and ends systems.
[[noreturn]] void MakeSystemsForEver(const EmulatedHost::Options& options, const Json& document) {
  const auto made = EmulatedHost::Create(options);
  if (std::holds_alternative<std::string>(made)) _exit(1);
  for (int i = 0;; ++i) {
    abi::HCS_SYSTEM system = nullptr;
    // The one before still has the root while it ends.
    abi::HRESULT code = abi::ERROR_SHARING_VIOLATION;
    while (code == abi::ERROR_SHARING_VIOLATION) {
      code = Create("churn" + std::to_string(i), document.dump(), &system).code;
    }
    if (!abi::IsPending(code)) _exit(2);
    Properties(system);  // Waits for it.
    Table().HcsTerminateComputeSystem(system, u"", nullptr);
    Table().HcsCloseComputeSystem(system);
  }
}

std::vector<std::string> RuntimeIdsIn(const std::string& systems) {
  std::vector<std::string> ids;
  for (const auto& folder : fs::directory_iterator(systems)) {
    const Json identity =
        Json::parse(std::ifstream(folder.path() / "identity.json"), nullptr, false);
    if (identity.is_object()) ids.push_back(identity["RuntimeId"]);
  }
  return ids;
}

TEST_CASE("whenever the library's process is killed, the next one leaves nothing of it") {
  const BusyboxRoot root;
  const auto names = root.Names();
  const TemporaryFolder folder;
  EmulatedHost::Options options;
  options.state_folder = folder.path() + "/state";
  options.worker_path = HCS_TEST_WORKER;
  {
    TestHost host;
    if (!CanIsolate(host)) return;
  }
  const std::string systems = options.state_folder + "/systems";
  for (int round = 0; round < 12; ++round) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) MakeSystemsForEver(options, root.Document());
    std::this_thread::sleep_for(std::chrono::milliseconds(13 * round));
    kill(child, SIGKILL);
    int wait_status = 0;
    REQUIRE(waitpid(child, &wait_status, 0) == child);
    REQUIRE(WIFSIGNALED(wait_status));
    if (!fs::exists(systems)) continue;
    std::vector<std::string> ids = RuntimeIdsIn(systems);
    // Whoever looks again after the runtime, which finishes by itself, has ended.
    CHECK(Eventually([&] {
      auto made = EmulatedHost::Create(options);
      const auto host = std::get<std::unique_ptr<EmulatedHost>>(std::move(made));
      for (const Json& listed : Enumerate().json()) {
        abi::HCS_SYSTEM system = nullptr;
        if (Open(listed["Id"], &system).code != abi::S_OK) continue;
        Table().HcsTerminateComputeSystem(system, u"", nullptr);
      }
      return fs::is_empty(systems);
    }));
    for (const std::string& id : ids) CHECK(CgroupFolders("hcsd/" + id).empty());
    CHECK(root.Names() == names);
  }
}

// By hand: emulator_isolation_life_test "[measure]".
TEST_CASE("what a process costs in a container and beside it", "[.][measure]") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem confined("confined", root.Document());
  TestSystem beside("beside");
  const auto median_microseconds = [](abi::HCS_SYSTEM system, const char* program) {
    std::vector<int64_t> times;
    for (int i = 0; i < 300; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const StartedProcess process =
          StartProcess(system, {{"CommandArgs", {program, "true"}}, {"CreateStdOutPipe", true}});
      CHECK(ReadAll(process.stdout_pipe).empty());
      times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count());
      Table().HcsCloseProcess(process.handle);
    }
    std::nth_element(times.begin(), times.begin() + 150, times.end());
    return times[150];
  };
  WARN("median of CreateProcess until the end of its output, in microseconds: in a container "
       << median_microseconds(confined.handle(), "/bin/busybox") << ", beside it "
       << median_microseconds(beside.handle(), "/bin/busybox"));
}

}  // namespace
}  // namespace hcs::emulator::test
