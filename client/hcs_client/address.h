// Where a daemon listens.

#ifndef HCS_CLIENT_HCS_CLIENT_ADDRESS_H_
#define HCS_CLIENT_HCS_CLIENT_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hcs::client {

// The daemon's default on Linux.
inline constexpr absl::string_view kDefaultAddress = "unix:///run/hcsd/hcsd.sock";

// The gRPC target of `address`, which is one of
//   unix:///absolute/path    a Unix socket; the path has at most 107 bytes
//   tcp://host:port          without encryption; host is a name, an IPv4 address or
//                            an IPv6 address in brackets
// INVALID_ARGUMENT for anything else; the message names what is allowed.
absl::StatusOr<std::string> GrpcTarget(absl::string_view address);

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_ADDRESS_H_
