// The host under the daemon, and the daemon itself: hcs.v1.HostService.

#ifndef HCS_CLIENT_HCS_CLIENT_HOST_H_
#define HCS_CLIENT_HCS_CLIENT_HOST_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "client/hcs_client/call_options.h"
#include "hcs/v1/host_service.pb.h"

namespace hcs::client {

struct Connection;

// Cheap to copy, and thread-safe.
class Host {
 public:
  explicit Host(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  absl::StatusOr<v1::GetHostInfoResponse> GetInfo(const CallOptions& options = {}) const;

  // The host's own JSON; an empty query asks for "Basic".
  absl::StatusOr<std::string> GetServiceProperties(const std::string& raw_query = "",
                                                   const CallOptions& options = {}) const;

  absl::StatusOr<v1::GetDiagnosticsResponse> GetDiagnostics(const CallOptions& options = {}) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_HOST_H_
