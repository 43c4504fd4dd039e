#include "client/hcs_client/address.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace hcs::client {
namespace {

// sockaddr_un's sun_path without its NUL.
constexpr size_t kLongestUnixPath = 107;

absl::Status Invalid(absl::string_view address, absl::string_view rule) {
  return absl::InvalidArgumentError(absl::StrCat("address \"", address, "\": ", rule));
}

absl::StatusOr<std::string> UnixTarget(absl::string_view address, absl::string_view path) {
  if (!absl::StartsWith(path, "/")) {
    return Invalid(address,
                   "a Unix socket is unix:// and an absolute path, such as "
                   "unix:///run/hcsd/hcsd.sock");
  }
  if (path.size() > kLongestUnixPath) {
    return Invalid(address, absl::StrCat("the path of a Unix socket has at most ", kLongestUnixPath,
                                         " bytes, this one ", path.size()));
  }
  if (path.find('\0') != path.npos) return Invalid(address, "the path holds a NUL");
  return absl::StrCat("unix:", path);
}

absl::StatusOr<std::string> TcpTarget(absl::string_view address, absl::string_view endpoint) {
  const size_t colon = endpoint.rfind(':');
  const absl::string_view host = endpoint.substr(0, colon);
  int port = 0;
  if (colon == endpoint.npos || host.empty() ||
      !absl::SimpleAtoi(endpoint.substr(colon + 1), &port) || port < 1 || port > 65535) {
    return Invalid(address, "TCP is tcp://host:port with a port of 1 to 65535");
  }
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (host.find_first_of("/@ ") != host.npos || (!bracketed && host.find(':') != host.npos)) {
    return Invalid(address,
                   "the host of tcp://host:port is a name, an IPv4 address or an IPv6 "
                   "address in brackets");
  }
  return absl::StrCat("dns:///", host, ":", port);
}

}  // namespace

absl::StatusOr<std::string> GrpcTarget(absl::string_view address) {
  absl::string_view rest = address;
  if (absl::ConsumePrefix(&rest, "unix://")) return UnixTarget(address, rest);
  if (absl::ConsumePrefix(&rest, "tcp://")) return TcpTarget(address, rest);
  if (absl::StartsWith(address, "npipe:") || absl::StartsWith(address, "tls:")) {
    return Invalid(address,
                   "this build does not speak npipe:// or tls://; allowed are "
                   "unix:///path and tcp://host:port");
  }
  return Invalid(address, "allowed are unix:///path and tcp://host:port");
}

}  // namespace hcs::client
