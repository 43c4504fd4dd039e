#include <catch2/catch.hpp>
#include <string>

#include "client/hcs_client/address.h"
#include "client/hcs_client/client.h"

namespace hcs::client {
namespace {

TEST_CASE("Addresses become gRPC targets") {
  CHECK(GrpcTarget("unix:///run/hcsd/hcsd.sock").value() == "unix:/run/hcsd/hcsd.sock");
  CHECK(GrpcTarget("tcp://localhost:7000").value() == "dns:///localhost:7000");
  CHECK(GrpcTarget("tcp://127.0.0.1:1").value() == "dns:///127.0.0.1:1");
  CHECK(GrpcTarget("tcp://[::1]:65535").value() == "dns:///[::1]:65535");
  CHECK(GrpcTarget("unix:///" + std::string(106, 'a')).ok());
}

TEST_CASE("What is no address is refused, and the allowed forms are named") {
  for (const std::string address : {"", "hcsd.sock", "/run/hcsd.sock", "http://localhost:1",
                                    "npipe:////./pipe/hcsd", "tls://host:7443"}) {
    INFO(address);
    const absl::Status status = Client::Connect(address).status();
    CHECK(absl::IsInvalidArgument(status));
    CHECK_THAT(std::string(status.message()), Catch::Contains("unix:///path") &&
                                                  Catch::Contains("tcp://host:port") &&
                                                  Catch::Contains("\"" + address + "\""));
  }
}

TEST_CASE("A rule that an address breaks is named") {
  const auto message = [](const std::string& address) {
    return std::string(GrpcTarget(address).status().message());
  };
  CHECK_THAT(message("unix://relative/path"), Catch::Contains("absolute path"));
  CHECK_THAT(message("unix:///" + std::string(107, 'a')), Catch::Contains("at most 107 bytes"));
  CHECK_THAT(message("tcp://localhost"), Catch::Contains("1 to 65535"));
  CHECK_THAT(message("tcp://localhost:0"), Catch::Contains("1 to 65535"));
  CHECK_THAT(message("tcp://localhost:65536"), Catch::Contains("1 to 65535"));
  CHECK_THAT(message("tcp://:80"), Catch::Contains("tcp://host:port"));
  CHECK_THAT(message("tcp://::1:80"), Catch::Contains("in brackets"));
  CHECK_THAT(message("tcp://user@host:80"), Catch::Contains("host"));
}

}  // namespace
}  // namespace hcs::client
