#include "client/hcsctl/port_mapping.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hcs::ctl {
namespace {

constexpr uint32_t kLargestPort = 65535;

bool ParsePort(absl::string_view text, uint32_t* port) {
  return absl::SimpleAtoi(text, port) && *port >= 1 && *port <= kLargestPort;
}

}  // namespace

absl::StatusOr<PortMapping> ParsePortMapping(absl::string_view option, absl::string_view text) {
  PortMapping mapping;
  absl::string_view ports = text;
  if (const size_t slash = text.find('/'); slash != text.npos) {
    mapping.protocol = absl::AsciiStrToUpper(text.substr(slash + 1));
    ports = text.substr(0, slash);
  }
  const size_t colon = ports.find(':');
  const absl::string_view external = ports.substr(0, colon);
  const absl::string_view internal = colon == ports.npos ? external : ports.substr(colon + 1);
  const bool known = mapping.protocol == "TCP" || mapping.protocol == "UDP";
  if (known && ParsePort(external, &mapping.external) && ParsePort(internal, &mapping.internal)) {
    return mapping;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(option, " ", text, ": it is HOSTPORT:PORT, with /udp after it for UDP"));
}

v1::NetworkPolicy NatPolicyOf(const PortMapping& mapping) {
  v1::NetworkPolicy policy;
  v1::NatPolicy& nat = *policy.mutable_nat();
  nat.set_protocol(mapping.protocol);
  nat.set_external_port(mapping.external);
  nat.set_internal_port(mapping.internal);
  return policy;
}

std::string PortText(const v1::NatPolicy& policy) {
  return absl::StrCat(policy.external_port(), "->", policy.internal_port(), "/",
                      absl::AsciiStrToLower(policy.protocol()));
}

}  // namespace hcs::ctl
