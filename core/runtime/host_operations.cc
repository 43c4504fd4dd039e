#include "core/runtime/host_operations.h"

#include <utility>

#include "absl/time/clock.h"
#include "core/document/json_syntax.h"
#include "core/platform/own_process.h"
#include "core/runtime/container.h"
#include "core/runtime/host_documents.h"
#include "core/runtime/services.h"
#include "core/runtime/timestamp.h"

namespace hcs::runtime {
namespace {

constexpr std::string_view kBasicQuery = R"({"PropertyTypes":["Basic"]})";

google::protobuf::Duration ToDuration(absl::Duration duration) {
  google::protobuf::Duration message;
  const int64_t seconds = absl::ToInt64Seconds(duration);
  message.set_seconds(seconds);
  message.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(duration - absl::Seconds(seconds))));
  return message;
}

v1::GetHostInfoResponse Describe(const Services& services) {
  const HostDescription& host = services.options.host;
  v1::GetHostInfoResponse info;
  info.set_host_kind(host.kind);
  info.set_build_number(host.build_number);
  info.set_is_tp4(services.host.IsTp4());
  for (const std::string_view name : services.host.MissingExports()) {
    info.add_missing_exports(std::string(name));
  }
  info.set_daemon_version(host.daemon_version);
  *info.mutable_daemon_start_time() = ToTimestamp(services.start_time);
  if (host.isolation) {
    HostIsolation isolation = host.isolation();
    info.set_isolation(std::move(isolation.kind));
    info.set_isolation_reason(std::move(isolation.reason));
    for (std::string& limit : isolation.not_enforced) info.add_not_enforced(std::move(limit));
  }
  info.set_operating_system(platform::OperatingSystemName());
  return info;
}

}  // namespace

void HostOperations::GetInfo(const v1::GetHostInfoRequest& /*request*/, CallContext /*context*/,
                             Done<v1::GetHostInfoResponse> done) {
  services_.calls.Post([&services = services_, done = std::move(done)]() mutable {
    v1::GetHostInfoResponse info = Describe(services);
    // A host that cannot say which schemas it has is described without them.
    if (const auto document = services.host.GetServiceProperties(kBasicQuery); document.ok()) {
      for (v1::SchemaVersion& version : SupportedSchemaVersions(*document)) {
        *info.add_schema_versions() = std::move(version);
      }
    }
    std::move(done)(std::move(info));
  });
}

void HostOperations::GetServiceProperties(const v1::GetServicePropertiesRequest& request,
                                          CallContext /*context*/,
                                          Done<v1::GetServicePropertiesResponse> done) {
  std::string query = request.raw_query();
  if (query.empty()) query = kBasicQuery;
  if (absl::Status valid = document::ValidateJson(query, {}, "raw_query"); !valid.ok()) {
    std::move(done)(std::move(valid));
    return;
  }
  services_.calls.Post(
      [&services = services_, query = std::move(query), done = std::move(done)]() mutable {
        absl::StatusOr<std::string> document = services.host.GetServiceProperties(query);
        if (!document.ok()) {
          std::move(done)(document.status());
          return;
        }
        v1::GetServicePropertiesResponse response;
        response.set_raw_document(*std::move(document));
        std::move(done)(std::move(response));
      });
}

void HostOperations::GetDiagnostics(const v1::GetDiagnosticsRequest& /*request*/,
                                    CallContext /*context*/,
                                    Done<v1::GetDiagnosticsResponse> done) {
  v1::GetDiagnosticsResponse response;
  for (const host::CallInFlight& call : services_.host.CallsInFlight()) {
    v1::HostCall& told = *response.add_calls_in_flight();
    told.set_function(std::string(call.function));
    told.set_object(call.object);
    *told.mutable_age() = ToDuration(call.age);
  }
  response.set_queued_calls(static_cast<int64_t>(services_.calls.queued()));
  response.set_call_threads(static_cast<int64_t>(services_.calls.threads()));
  for (const auto& container : services_.containers.All()) {
    response.set_containers(response.containers() + 1);
    for (const v1::Process& process : container->processes().All()) {
      response.set_processes(response.processes() + 1);
      response.set_attached_streams(response.attached_streams() + process.attached_clients());
    }
  }
  response.set_event_watchers(services_.journal.watchers());
  response.set_last_event_sequence(services_.journal.last_sequence());
  response.set_resident_bytes(platform::ResidentBytes());
  *response.mutable_uptime() = ToDuration(absl::Now() - services_.start_time);
  std::move(done)(std::move(response));
}

}  // namespace hcs::runtime
