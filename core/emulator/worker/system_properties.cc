// The properties of a compute system: the reading half of ComputeSystem.

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string>

#include "core/emulator/documents/requests.h"
#include "core/emulator/worker/compute_system.h"

namespace hcs::emulator::worker {
namespace {

using std::chrono::system_clock;

constexpr uint64_t kBytesPerMegabyte = 1 << 20;
using HundredNanoseconds = std::chrono::duration<int64_t, std::ratio<1, 10'000'000>>;

// "2026-01-31T12:00:00.1234567Z".
std::string TimestampText(system_clock::time_point time) {
  const auto ticks = std::chrono::floor<HundredNanoseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(ticks);
  const std::time_t clock = seconds.count();
  std::tm parts{};
  gmtime_r(&clock, &parts);
  std::array<char, 40> text{};
  const size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + length, text.size() - length, ".%07dZ",
                static_cast<int>((ticks - seconds).count()));
  return text.data();
}

}  // namespace

Json ComputeSystem::Summary() const {
  Json summary = {
      {"Id", identity_.id},
      {"SystemType", document_.system_type},
      {"RuntimeOsType", "Linux"},
      {"RuntimeId", identity_.runtime_id},
      {"State", SystemStateName(state_)},
      {"Stopped", state_ == SystemState::kStopped},
      {"IsRuntimeTemplate", false},
      {"Emulation",
       {{"Isolation", identity_.confinement ? "namespaces" : "process"},
        {"Scope", platform::ScopeKindName(scope_->kind())},
        {"NotEnforced", FieldsNotEnforced()}}},
  };
  if (!document_.name.empty()) summary["Name"] = document_.name;
  if (!document_.owner.empty()) summary["Owner"] = document_.owner;
  if (exit_type_ != nullptr) summary["ExitType"] = exit_type_;
  return summary;
}

Outcome<Json> ComputeSystem::Properties(const Json& document) const {
  const Outcome<PropertyQuery> query = ReadPropertyQuery(document);
  if (!query.ok()) return query.failure();
  Json properties = Summary();
  if (query->statistics) properties["Statistics"] = StatisticsDocument();
  if (query->process_list) properties["ProcessList"] = ProcessListDocument();
  if (query->pending_updates) properties["AreUpdatesPending"] = false;
  if (query->terminate_on_last_handle_closed) {
    properties["TerminateOnLastHandleClosed"] = document_.terminate_on_last_handle_closed;
  }
  // This host has neither disks of its own nor a guest of another kernel.
  if (query->mapped_virtual_disks) properties["MappedVirtualDiskControllers"] = Json::object();
  if (query->guest_connection) properties["GuestConnectionInfo"] = Json::object();
  if (query->memory) {
    Json memory = Json::object();
    if (document_.limits.memory_bytes) {
      memory["SizeInMB"] = *document_.limits.memory_bytes / kBytesPerMegabyte;
    }
    properties["Memory"] = std::move(memory);
  }
  return properties;
}

Json ComputeSystem::StatisticsDocument() const {
  const platform::ScopeStatistics used = scope_->Statistics();
  const system_clock::time_point now = system_clock::now();
  const auto uptime =
      started_ ? std::chrono::floor<HundredNanoseconds>(now - *started_) : HundredNanoseconds(0);
  Json statistics = {
      {"Timestamp", TimestampText(now)},
      {"ContainerStartTime", TimestampText(started_.value_or(now))},
      {"Uptime100ns", uptime.count()},
      {"Memory",
       {{"MemoryUsageCommitBytes", used.memory_commit_bytes},
        {"MemoryUsageCommitPeakBytes", used.memory_commit_peak_bytes},
        {"MemoryUsagePrivateWorkingSetBytes", used.memory_private_working_set_bytes}}},
      {"Processor",
       {{"TotalRuntime100ns", used.processor_total_100ns},
        {"RuntimeUser100ns", used.processor_user_100ns},
        {"RuntimeKernel100ns", used.processor_kernel_100ns}}},
      {"Storage",
       {{"ReadCountNormalized", used.read_count_normalized},
        {"ReadSizeBytes", used.read_bytes},
        {"WriteCountNormalized", used.write_count_normalized},
        {"WriteSizeBytes", used.write_bytes}}},
  };
  statistics["Network"] = Json::array();
  return statistics;
}

Json ComputeSystem::ProcessListDocument() const {
  Json list = Json::array();
  for (const platform::ProcessStatistics& process : scope_->ProcessList()) {
    list.push_back({{"ProcessId", process.process_id},
                    {"ImageName", process.image_name},
                    {"CreateTimestamp", TimestampText(process.create_time)},
                    {"KernelTime100ns", process.kernel_time_100ns},
                    {"UserTime100ns", process.user_time_100ns},
                    {"MemoryCommitBytes", process.memory_commit_bytes},
                    {"MemoryWorkingSetPrivateBytes", process.memory_working_set_private_bytes},
                    {"MemoryWorkingSetSharedBytes", process.memory_working_set_shared_bytes}});
  }
  return list;
}

}  // namespace hcs::emulator::worker
