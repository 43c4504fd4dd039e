#include <catch2/catch.hpp>
#include <string>

#include "grpcpp/create_channel.h"
#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"
#include "tests/integration/raw_call.h"

namespace hcs::integration {
namespace {

TEST_CASE("the host is described as what it is") {
  Daemon daemon({"--build-number", "17763"});
  Call call;
  v1::GetHostInfoResponse info;
  RequireOk(daemon.host().GetHostInfo(call.context(), {}, &info));
  CHECK(info.host_kind() == "emulated");
  CHECK(info.build_number() == 17763);
  CHECK_FALSE(info.daemon_version().empty());
  CHECK(info.has_daemon_start_time());
  CHECK(info.schema_versions_size() >= 2);
  CHECK_FALSE(info.isolation().empty());
  CHECK(info.isolation_reason().find("limits are held by") != std::string::npos);
  const bool no_cgroups = info.isolation_reason().ends_with("descendants");
  CHECK((info.not_enforced_size() == 6) == no_cgroups);
}

TEST_CASE("service properties are the host's own answer") {
  Daemon daemon;
  Call call;
  v1::GetServicePropertiesResponse response;
  RequireOk(daemon.host().GetServiceProperties(call.context(), {}, &response));
  CHECK(response.raw_document().find("SupportedSchemaVersions") != std::string::npos);
}

TEST_CASE("diagnostics count what there is") {
  Daemon daemon;
  CreateRunning(daemon, "one");
  CreateProcess(daemon, "one", Command("sleep 1000"));
  Call call;
  v1::GetDiagnosticsResponse response;
  RequireOk(daemon.host().GetDiagnostics(call.context(), {}, &response));
  CHECK(response.containers() == 1);
  CHECK(response.processes() == 1);
  CHECK(response.resident_bytes() > 0);
  CHECK(response.last_event_sequence() > 0);
}

TEST_CASE("health is served, as a whole and by service") {
  Daemon daemon;
  const std::string service = GENERATE("", "hcs.v1.ContainerService", "hcs.v1.ProcessService",
                                       "hcs.v1.EventService", "hcs.v1.HostService");
  std::string request;
  if (!service.empty()) request = "\x0A" + std::string(1, char(service.size())) + service;
  const RawAnswer answer = RawCall(daemon.channel(), "/grpc.health.v1.Health/Check", {request});
  RequireOk(answer.status);
  CHECK(answer.messages == std::vector<std::string>{"\x08\x01"});  // status: SERVING
}

TEST_CASE("reflection lists every service and its methods' messages") {
  Daemon daemon;
  const std::string list_services = "\x3A\x01*";
  const std::string file_of_symbol = "\x22\x15hcs.v1.ProcessService";
  const RawAnswer answer =
      RawCall(daemon.channel(), "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
              {list_services, file_of_symbol});
  RequireOk(answer.status);
  REQUIRE(answer.messages.size() == 2);
  for (const char* name : {"hcs.v1.ContainerService", "hcs.v1.ProcessService",
                           "hcs.v1.EventService", "hcs.v1.HostService", "grpc.health.v1.Health"}) {
    CHECK(answer.messages[0].find(name) != std::string::npos);
  }
  CHECK(answer.messages[1].find("ExecRequest") != std::string::npos);
}

TEST_CASE("loopback TCP serves the same") {
  Daemon daemon;
  const auto stub = v1::HostService::NewStub(
      grpc::CreateChannel(daemon.tcp_target(), grpc::InsecureChannelCredentials()));
  Call call;
  v1::GetHostInfoResponse info;
  RequireOk(stub->GetHostInfo(call.context(), {}, &info));
}

}  // namespace
}  // namespace hcs::integration
