#include "client/hcs_client/host.h"

#include "client/hcs_client/connection.h"

namespace hcs::client {

using Stub = v1::HostService::Stub;

absl::StatusOr<v1::GetHostInfoResponse> Host::GetInfo(const CallOptions& options) const {
  return Call(connection_->host, &Stub::GetHostInfo, v1::GetHostInfoRequest(), options);
}

absl::StatusOr<std::string> Host::GetServiceProperties(const std::string& raw_query,
                                                       const CallOptions& options) const {
  v1::GetServicePropertiesRequest request;
  request.set_raw_query(raw_query);
  auto response = Call(connection_->host, &Stub::GetServiceProperties, request, options);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_raw_document());
}

absl::StatusOr<v1::GetDiagnosticsResponse> Host::GetDiagnostics(const CallOptions& options) const {
  return Call(connection_->host, &Stub::GetDiagnostics, v1::GetDiagnosticsRequest(), options);
}

}  // namespace hcs::client
