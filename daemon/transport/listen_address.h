// Where the daemon listens, as its configuration writes it.

#ifndef HCS_DAEMON_TRANSPORT_LISTEN_ADDRESS_H_
#define HCS_DAEMON_TRANSPORT_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"

namespace hcs::transport {

// "unix:///run/hcsd/hcsd.sock": an absolute path.
struct UnixAddress {
  std::string path;
};

// "tcp://127.0.0.1:7443", "tcp://[::1]:0". A literal address, since a name may
// come to mean another one; port 0 lets the system choose.
struct TcpAddress {
  std::string host;  // Without brackets.
  uint16_t port = 0;

  bool ipv6() const { return host.find(':') != std::string::npos; }
  // 127.0.0.0/8 or ::1.
  bool loopback() const;
  // "HOST:PORT", the host in brackets if it needs them.
  std::string host_and_port() const;
};

using ListenAddress = std::variant<UnixAddress, TcpAddress>;

// INVALID_ARGUMENT names the URI and what is allowed; UNIMPLEMENTED: a scheme of
// the design that this build does not have.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view uri);

std::string ToUri(const ListenAddress& address);

}  // namespace hcs::transport

#endif  // HCS_DAEMON_TRANSPORT_LISTEN_ADDRESS_H_
