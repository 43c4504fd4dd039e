#include "daemon/transport/listen_address.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "asio/ip/address.hpp"

namespace hcs::transport {
namespace {

constexpr const char* kAllowed = "unix:///PATH or tcp://ADDRESS:PORT";

absl::Status Invalid(std::string_view uri, std::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrFormat("listen address \"%s\": %s; allowed is %s", uri, reason, kAllowed));
}

absl::StatusOr<ListenAddress> ParseUnix(std::string_view uri, std::string_view path) {
  if (!path.starts_with('/') || path.ends_with('/')) {
    return Invalid(uri, "the path of the socket must be absolute");
  }
  return UnixAddress{.path = std::string(path)};
}

absl::StatusOr<ListenAddress> ParseTcp(std::string_view uri, std::string_view rest) {
  const size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) return Invalid(uri, "the port is missing");
  uint32_t port = 0;
  if (!absl::SimpleAtoi(std::string(rest.substr(colon + 1)), &port) || port > 65535) {
    return Invalid(uri, "the port must be a number from 0 to 65535");
  }
  std::string_view host = rest.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  TcpAddress address{.host = std::string(host), .port = static_cast<uint16_t>(port)};
  asio::error_code error;
  asio::ip::make_address(address.host, error);
  if (error) return Invalid(uri, "the host must be a literal IP address or localhost");
  return address;
}

}  // namespace

bool TcpAddress::loopback() const { return asio::ip::make_address(host).is_loopback(); }

std::string TcpAddress::host_and_port() const {
  return ipv6() ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view uri) {
  const size_t separator = uri.find("://");
  if (separator == std::string_view::npos) return Invalid(uri, "not a URI");
  const std::string_view scheme = uri.substr(0, separator);
  const std::string_view rest = uri.substr(separator + 3);
  if (scheme == "unix") return ParseUnix(uri, rest);
  if (scheme == "tcp") return ParseTcp(uri, rest);
  if (scheme == "npipe" || scheme == "tls") {
    return absl::UnimplementedError(absl::StrFormat(
        "listen address \"%s\": this build has no %s listener; it has %s", uri, scheme, kAllowed));
  }
  return Invalid(uri, "unknown scheme");
}

std::string ToUri(const ListenAddress& address) {
  if (const auto* unix_address = std::get_if<UnixAddress>(&address)) {
    return absl::StrCat("unix://", unix_address->path);
  }
  return absl::StrCat("tcp://", std::get<TcpAddress>(address).host_and_port());
}

}  // namespace hcs::transport
