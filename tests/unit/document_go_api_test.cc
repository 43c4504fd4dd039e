// Every field of the Go API of 2016, by the name and with the type that it has in
// the host's JSON.

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/document/document.h"
#include "hcs/v1/container_config.pb.h"
#include "hcs/v1/process_config.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::document {
namespace {

struct Member {
  std::string name;
  std::string value;
};

// Each member alone is a typed field, and comes back as it was.
template <typename Message>
void CheckMembers(const std::vector<Member>& members) {
  for (const auto& [name, value] : members) {
    const std::string json = "{\"" + name + "\":" + value + "}";
    INFO(Message::descriptor()->full_name() << " " << json);
    Message message;
    const absl::Status read = FromJson(json, &message);
    INFO(read.ToString());
    REQUIRE(read.ok());
    CHECK(message.unknown_json().empty());
    const auto written = ToJson(message);
    REQUIRE(written.ok());
    CHECK(*written == json);
  }
}

TEST_CASE("ContainerConfig has every field of the Go API", "[document]") {
  CheckMembers<v1::ContainerConfig>({
      {"SystemType", "\"Container\""},
      {"Name", "\"n\""},
      {"Owner", "\"docker\""},
      {"IsDummy", "false"},
      {"VolumePath", R"("\\\\?\\Volume{4f5a}")"},
      {"IgnoreFlushesDuringBoot", "true"},
      {"LayerFolderPath", R"("C:\\layers\\1")"},
      {"Layers", R"([{"ID":"a","Path":"p"},{"ID":"b"}])"},
      {"Credentials", "\"c\""},
      {"ProcessorCount", "4294967295"},
      {"ProcessorWeight", "18446744073709551615"},
      {"ProcessorMaximum", "-9223372036854775808"},
      {"StorageIOPSMaximum", "18446744073709551615"},
      {"StorageBandwidthMaximum", "18446744073709551615"},
      {"StorageSandboxSize", "9007199254740993"},
      {"MemoryMaximumInMB", "9223372036854775807"},
      {"HostName", "\"h\""},
      {"MappedDirectories", R"([{"HostPath":"C:\\x"}])"},
      {"SandboxPath", "\"s\""},
      {"HvPartition", "true"},
      {"EndpointList", R"(["e1","e2"])"},
      {"HvRuntime", R"({"ImagePath":"i"})"},
      {"Servicing", "true"},
  });
}

TEST_CASE("The parts of ContainerConfig have every field of the Go API", "[document]") {
  CheckMembers<v1::Layer>({{"ID", "\"i\""}, {"Path", "\"p\""}});
  CheckMembers<v1::MappedDir>(
      {{"HostPath", "\"h\""}, {"ContainerPath", "\"c\""}, {"ReadOnly", "true"}});
  CheckMembers<v1::HvRuntime>({{"ImagePath", "\"i\""}});
}

TEST_CASE("ProcessConfig has every field of the Go API", "[document]") {
  CheckMembers<v1::ProcessConfig>({
      {"ApplicationName", "\"a\""},
      {"CommandLine", R"("cmd /c \"echo 1\"")"},
      {"WorkingDirectory", "\"C:\\\\\""},
      {"Environment", R"({"A":"1","Ünï":""})"},
      {"EmulateConsole", "true"},
      {"CreateStdInPipe", "true"},
      {"CreateStdOutPipe", "true"},
      {"CreateStdErrPipe", "false"},
      {"ConsoleSize", "[25,80]"},
  });
}

TEST_CASE("Statistics has every field of the Go API", "[document]") {
  CheckMembers<v1::Statistics>({
      {"Timestamp", "\"2016-10-21T14:05:00.1234567Z\""},
      {"ContainerStartTime", "\"0001-01-01T00:00:00.0000000Z\""},
      {"Uptime100ns", "18446744073709551615"},
      {"Memory", "{}"},
      {"Processor", "{}"},
      {"Storage", "{}"},
      {"Network", "[{}]"},
  });
  CheckMembers<v1::MemoryStats>({
      {"MemoryUsageCommitBytes", "18446744073709551615"},
      {"MemoryUsageCommitPeakBytes", "1"},
      {"MemoryUsagePrivateWorkingSetBytes", "2"},
  });
  CheckMembers<v1::ProcessorStats>(
      {{"TotalRuntime100ns", "1"}, {"RuntimeUser100ns", "2"}, {"RuntimeKernel100ns", "3"}});
  CheckMembers<v1::StorageStats>({
      {"ReadCountNormalized", "1"},
      {"ReadSizeBytes", "2"},
      {"WriteCountNormalized", "3"},
      {"WriteSizeBytes", "4"},
  });
  CheckMembers<v1::NetworkStats>({
      {"BytesReceived", "1"},
      {"BytesSent", "2"},
      {"PacketsReceived", "3"},
      {"PacketsSent", "4"},
      {"DroppedPacketsIncoming", "5"},
      {"DroppedPacketsOutgoing", "6"},
      {"EndpointId", "\"e\""},
      {"InstanceId", "\"i\""},
  });
}

}  // namespace
}  // namespace hcs::document
