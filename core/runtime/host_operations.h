// The host calls of the contract: hcs.v1.HostService, method by method.

#ifndef HCS_CORE_RUNTIME_HOST_OPERATIONS_H_
#define HCS_CORE_RUNTIME_HOST_OPERATIONS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/runtime/call.h"
#include "hcs/v1/host_service.pb.h"

namespace hcs::runtime {

struct Services;

struct HostIsolation {
  std::string kind;
  std::string reason;
  std::vector<std::string> not_enforced;
};

// What only the place that chose the host knows of it.
struct HostDescription {
  std::string kind;  // "emulated", "windows" or "dll".
  uint32_t build_number = 0;
  std::string daemon_version;
  // Asked on a thread that may block. None: the host does not say.
  std::function<HostIsolation()> isolation;
};

class HostOperations {
 public:
  // `services` must outlive this and every call.
  explicit HostOperations(Services& services) : services_(services) {}

  void GetInfo(const v1::GetHostInfoRequest& request, CallContext context,
               Done<v1::GetHostInfoResponse> done);
  void GetServiceProperties(const v1::GetServicePropertiesRequest& request, CallContext context,
                            Done<v1::GetServicePropertiesResponse> done);
  void GetDiagnostics(const v1::GetDiagnosticsRequest& request, CallContext context,
                      Done<v1::GetDiagnosticsResponse> done);

 private:
  Services& services_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_HOST_OPERATIONS_H_
