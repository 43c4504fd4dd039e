// What the limits of systems with a root of their own do, measured.

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>

#include "tests/unit/emulator_container_root.h"

namespace hcs::emulator::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kTicksPerSecond = 1e7;  // Of 100 ns.
constexpr const char* kSpin = "while :; do :; done";

Json Statistics(abi::HCS_SYSTEM system) {
  return Properties(system, {{"PropertyTypes", {"Statistics"}}}).json()["Statistics"];
}

double ProcessorSeconds(abi::HCS_SYSTEM system) {
  return Statistics(system)["Processor"]["TotalRuntime100ns"].get<double>() / kTicksPerSecond;
}

void StartSpinning(abi::HCS_SYSTEM system, long processes) {
  for (long i = 0; i < processes; ++i) {
    const StartedProcess process =
        StartProcess(system, {{"CommandArgs", {"/bin/sh", "-c", kSpin}}});
    REQUIRE(process.code == abi::S_OK);
    CHECK(Table().HcsCloseProcess(process.handle) == abi::S_OK);
  }
}

// How many processors the system's processes have got while they used `seconds` of them.
double ProcessorsUsed(abi::HCS_SYSTEM system, double seconds) {
  const double before = ProcessorSeconds(system);
  const Clock::time_point start = Clock::now();
  double used = 0;
  REQUIRE(Eventually([&] { return (used = ProcessorSeconds(system) - before) >= seconds; }));
  return used / std::chrono::duration<double>(Clock::now() - start).count();
}

TEST_CASE("a process that takes more memory than the container has is killed") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  TestSystem system("memory", root.Document({{"MemoryMaximumInMB", 64}}));
  const auto take = [&](const char* amount) {
    return RunShell(system.handle(),
                    std::string("exec dd if=/dev/zero of=/dev/null count=1 bs=") + amount)
        .exit_code;
  };
  CHECK(take("16M") == 0);
  CHECK(take("256M") == 128 + SIGKILL);
  CHECK(take("16M") == 0);  // The worker and the container live on.
  const Json memory = Statistics(system.handle())["Memory"];
  CHECK(memory["MemoryUsageCommitPeakBytes"] > 32 << 20);
  CHECK(memory["MemoryUsageCommitPeakBytes"] <= 64 << 20);

  const Json more = {{"ResourceType", "Memory"},
                     {"RequestType", "Update"},
                     {"Settings", {{"MemoryMaximumInMB", 512}}}};
  INFO(more.dump());
  CHECK(Table().HcsModifyComputeSystem(system.handle(), Wide(more.dump()).c_str(), nullptr) ==
        abi::S_OK);
  CHECK(Properties(system.handle(), {{"PropertyTypes", {"Memory"}}}).json()["Memory"]["SizeInMB"] ==
        512);
  CHECK(take("256M") == 0);
}

TEST_CASE("a busy loop gets no more than its share of the processors") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  SECTION("by ProcessorMaximum") {
    TestSystem system("maximum", root.Document({{"ProcessorMaximum", 1000}}));
    StartSpinning(system.handle(), processors);
    const double share = 0.1 * static_cast<double>(processors);
    CHECK(ProcessorsUsed(system.handle(), 0.3) < share * 1.25);
  }
  SECTION("by ProcessorCount") {
    TestSystem system("count", root.Document({{"ProcessorCount", 1}}));
    StartSpinning(system.handle(), processors);
    CHECK(ProcessorsUsed(system.handle(), 1) < 1.2);
  }
}

TEST_CASE("of two busy containers the one of more weight gets more") {
  TestHost host;
  if (!CanIsolate(host)) return;
  const BusyboxRoot root;
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  TestSystem light("light", root.Document({{"ProcessorWeight", 100}}));
  const BusyboxRoot other_root;
  TestSystem heavy("heavy", other_root.Document({{"ProcessorWeight", 800}}));
  StartSpinning(light.handle(), processors);
  StartSpinning(heavy.handle(), processors);
  const double light_before = ProcessorSeconds(light.handle());
  const double heavy_before = ProcessorSeconds(heavy.handle());
  REQUIRE(Eventually([&] { return ProcessorSeconds(heavy.handle()) - heavy_before > 1.5; }));
  const double heavy_used = ProcessorSeconds(heavy.handle()) - heavy_before;
  const double light_used = ProcessorSeconds(light.handle()) - light_before;
  INFO("heavy " << heavy_used << " s, light " << light_used << " s");
  CHECK(heavy_used > 3 * light_used);
}

}  // namespace
}  // namespace hcs::emulator::test
