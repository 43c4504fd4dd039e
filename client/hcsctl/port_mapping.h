// Ports as -p says them, and as HNS' NAT policies have them.

#ifndef HCS_CLIENT_HCSCTL_PORT_MAPPING_H_
#define HCS_CLIENT_HCSCTL_PORT_MAPPING_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hcs/v1/network_documents.pb.h"

namespace hcs::ctl {

struct PortMapping {
  uint32_t external = 0;
  uint32_t internal = 0;
  std::string protocol = "TCP";
};

// "8080:80", "8080:80/udp" or "80", which is both; ports are 1 to 65535. INVALID_ARGUMENT,
// which begins with `option`.
absl::StatusOr<PortMapping> ParsePortMapping(absl::string_view option, absl::string_view text);

// The host's external port leads to the endpoint's internal one.
v1::NetworkPolicy NatPolicyOf(const PortMapping& mapping);

// "8080->80/tcp".
std::string PortText(const v1::NatPolicy& policy);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_PORT_MAPPING_H_
