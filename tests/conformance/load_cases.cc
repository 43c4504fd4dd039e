// Cases 28, 30, 31 and 48: much output, measured use, pending updates, many systems.

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "tests/conformance/session.h"

namespace hcs::conformance {
namespace {

const Programs& TestPrograms() { return HostUnderTest::Current().programs(); }

// The number in an environment variable, for who has more time than a test run has.
uint64_t FromEnvironment(const char* name, uint64_t standard) {
  const char* text = std::getenv(name);
  return text == nullptr ? standard : std::strtoull(text, nullptr, 10);
}

// Whether `data`, which starts `offset` bytes into the stream, is kPattern over and over.
bool IsPattern(std::string_view data, uint64_t offset) {
  static const std::string repeated = [] {
    std::string text;
    while (text.size() < (1 << 17)) text += kPattern;
    return text;
  }();
  const size_t phase = offset % kPattern.size();
  return data == std::string_view(repeated).substr(phase, data.size());
}

TEST_CASE("case 28: 4 GiB through stdout with a slow reader: every byte, bounded memory") {
  constexpr uint64_t kMiB = 1 << 20;
  // The whole of it with HCS_CONFORMANCE_OUTPUT_MIB=4096.
  const uint64_t expected = FromEnvironment("HCS_CONFORMANCE_OUTPUT_MIB", 256) * kMiB;
  const auto system = System::CreateRunning(UniqueId("a"));
  const uint64_t memory_before = HostUnderTest::Current().ResidentBytes();
  const auto process =
      system->Run(TestPrograms().write_pattern(expected), {{"CreateStdOutPipe", true}});
  std::vector<char> buffer(1 << 16);
  uint64_t received = 0;
  uint64_t memory_peak = memory_before;
  bool intact = true;
  while (const size_t count = process->out.Read(buffer.data(), buffer.size())) {
    intact &= IsPattern({buffer.data(), count}, received);
    const bool crossed = received / (16 * kMiB) != (received + count) / (16 * kMiB);
    received += count;
    if (!crossed) continue;
    // Slow enough for the process to have filled whatever stands between.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    memory_peak = std::max(memory_peak, HostUnderTest::Current().ResidentBytes());
  }
  CHECK(received == expected);
  CHECK(intact);
  CHECK(process->AwaitExit() == 0);
  CHECK(memory_peak - memory_before < 16 * kMiB);
}

uint64_t ProcessorTime(System* system) {
  const Answer answer = system->Properties({{"PropertyTypes", {"Statistics"}}});
  REQUIRE(answer.code == abi::S_OK);
  const Json processor = answer.json().at("Statistics").at("Processor");
  CHECK(processor.at("TotalRuntime100ns").get<uint64_t>() >=
        processor.at("RuntimeUser100ns").get<uint64_t>());
  return processor.at("TotalRuntime100ns").get<uint64_t>();
}

TEST_CASE("case 30: processor time grows in a busy one, not in an idle one, as the OS says") {
  const auto idle = System::CreateRunning(UniqueId("idle"));
  const auto busy = System::CreateRunning(UniqueId("busy"));
  const auto sleeper = idle->Run(TestPrograms().sleep);
  const auto spinner = busy->Run(TestPrograms().spin);
  const uint64_t idle_before = ProcessorTime(idle.get());
  constexpr uint64_t kEnough = 10'000'000;  // A second.
  CHECK(Eventually([&busy] { return ProcessorTime(busy.get()) > kEnough; }));

  // The OS' own figure is asked before and after: it may grow in between.
  const HostUnderTest& host = HostUnderTest::Current();
  const auto before = host.ProcessorTime100ns(spinner->id());
  const auto measured = static_cast<double>(ProcessorTime(busy.get()));
  const auto after = host.ProcessorTime100ns(spinner->id());
  if (before && after) {
    CHECK(measured > static_cast<double>(*before) * 0.9);
    CHECK(measured < static_cast<double>(*after) * 1.1);
  }
  CHECK(ProcessorTime(idle.get()) - idle_before < kEnough / 10);

  const Json memory =
      busy->Properties({{"PropertyTypes", {"Statistics"}}}).json().at("Statistics").at("Memory");
  CHECK(memory.at("MemoryUsageCommitBytes").get<uint64_t>() > 0);
  CHECK(memory.at("MemoryUsageCommitPeakBytes").get<uint64_t>() >=
        memory.at("MemoryUsageCommitBytes").get<uint64_t>());
}

TEST_CASE("case 31: property query PendingUpdates: none are pending") {
  const auto system = System::CreateRunning(UniqueId("a"));
  const Answer answer = system->Properties({{"PropertyTypes", {"PendingUpdates"}}});
  REQUIRE(answer.code == abi::S_OK);
  CHECK(answer.json().at("AreUpdatesPending") == false);
}

// What the threads of the last case do, without Catch's macros, which are for one
// thread. Each system registers, exits and is closed.
class Churn {
 public:
  Churn() : document_(Wide(HostUnderTest::Current().container().dump())) {}

  void CreateAndTerminate(int count) {
    for (int i = 0; i < count; ++i) {
      std::string problem = OneLife(UniqueId("churn"));
      const std::lock_guard lock(mutex_);
      if (!problem.empty()) problems_.push_back(std::move(problem));
    }
  }
  std::vector<std::string> problems() const { return problems_; }
  const std::vector<std::string>& runtime_ids() const { return runtime_ids_; }

 private:
  struct Exit {
    std::mutex mutex;
    std::condition_variable came;
    int count = 0;
  };

  static void OnNotification(uint32_t type, void* context, abi::HRESULT, abi::PCWSTR) {
    if (type != abi::HcsNotificationSystemExited) return;
    auto* exit = static_cast<Exit*>(context);
    const std::lock_guard lock(exit->mutex);
    ++exit->count;
    exit->came.notify_all();
  }

  std::string OneLife(const std::string& id);
  void NoteRuntimeId(abi::HCS_SYSTEM system);

  const std::u16string document_;
  std::mutex mutex_;
  std::vector<std::string> problems_;
  std::vector<std::string> runtime_ids_;
};

// What went wrong, or nothing.
std::string Churn::OneLife(const std::string& id) {
  const abi::HcsFunctionTable& table = Table();
  abi::HCS_SYSTEM system = nullptr;
  abi::HCS_CALLBACK registration = nullptr;
  Exit exit;
  const abi::HRESULT created =
      table.HcsCreateComputeSystem(Wide(id).c_str(), document_.c_str(), nullptr, &system, nullptr);
  if (system == nullptr) return "create: " + abi::HresultName(created);
  if (table.HcsRegisterComputeSystemCallback(system, OnNotification, &exit, &registration) != 0) {
    return "register";
  }
  NoteRuntimeId(system);
  const abi::HRESULT terminated = table.HcsTerminateComputeSystem(system, u"", nullptr);
  std::string problem;
  if (terminated != abi::S_OK && !abi::IsPending(terminated)) {
    problem = "terminate: " + abi::HresultName(terminated);
  } else {
    std::unique_lock lock(exit.mutex);
    if (!exit.came.wait_for(lock, kDeadline, [&exit] { return exit.count > 0; })) {
      problem = "no SystemExited";
    }
  }
  if (table.HcsUnregisterComputeSystemCallback(registration) != 0) problem = "unregister";
  if (table.HcsCloseComputeSystem(system) != 0) problem = "close";
  return problem;
}

void Churn::NoteRuntimeId(abi::HCS_SYSTEM system) {
  abi::PWSTR text = nullptr;
  if (Table().HcsGetComputeSystemProperties(system, u"{}", &text, nullptr) != 0) return;
  const std::u16string properties = text;
  Table().CoTaskMemFree(text);
  const Json document = Json::parse(properties);
  const std::lock_guard lock(mutex_);
  runtime_ids_.push_back(document.value("RuntimeId", ""));
}

void RunChurn(Churn* churn, int threads, int lives_each) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([churn, lives_each] { churn->CreateAndTerminate(lives_each); });
  }
  for (std::thread& thread : running) thread.join();
}

TEST_CASE("case 48: 1,000 creates and terminates from 16 threads: nothing is leaked") {
  const HostUnderTest& host = HostUnderTest::Current();
  const int lives = static_cast<int>(FromEnvironment("HCS_CONFORMANCE_LIVES", 1000));
  Churn warm_up;
  RunChurn(&warm_up, 16, 2);
  REQUIRE(warm_up.problems() == std::vector<std::string>());
  // One that stays shows that the measure sees what it counts.
  const auto witness = System::Create(UniqueId("witness"));
  const Resources before = host.MeasureResources();
  CHECK((before.processes > 0) == (before.folders > 0));
  Churn churn;
  RunChurn(&churn, 16, (lives + 15) / 16);
  CHECK(churn.problems() == std::vector<std::string>());
  // A worker may still be leaving when its system's end has been told.
  const bool none_left = Eventually([&] {
    const Resources after = host.MeasureResources();
    return after.handles <= before.handles && after.threads <= before.threads &&
           after.processes <= before.processes && after.folders <= before.folders &&
           host.CountLeftovers(churn.runtime_ids()) == 0;
  });
  CHECK(none_left);
  const Resources after = host.MeasureResources();
  CHECK(after.handles <= before.handles);
  CHECK(after.threads <= before.threads);
  CHECK(after.processes <= before.processes);
  CHECK(after.folders <= before.folders);
  CHECK(host.CountLeftovers(churn.runtime_ids()) == 0);
}

}  // namespace
}  // namespace hcs::conformance
