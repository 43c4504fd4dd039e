#include <catch2/catch.hpp>
#include <string>

#include "daemon/transport/caller_table.h"
#include "daemon/transport/listen_address.h"

namespace hcs::transport {
namespace {

TEST_CASE("addresses are read and written") {
  const auto [text, canonical] = GENERATE(table<std::string, std::string>({
      {"unix:///run/hcsd/hcsd.sock", "unix:///run/hcsd/hcsd.sock"},
      {"tcp://127.0.0.1:0", "tcp://127.0.0.1:0"},
      {"tcp://localhost:7443", "tcp://127.0.0.1:7443"},
      {"tcp://[::1]:80", "tcp://[::1]:80"},
      {"tcp://0.0.0.0:65535", "tcp://0.0.0.0:65535"},
  }));
  const auto address = ParseListenAddress(text);
  REQUIRE(address.ok());
  CHECK(ToUri(*address) == canonical);
}

TEST_CASE("what is no address is refused with what is allowed") {
  const std::string text =
      GENERATE("", "unix", "unix://relative", "unix:///folder/", "tcp://127.0.0.1",
               "tcp://127.0.0.1:65536", "tcp://127.0.0.1:-1", "tcp://127.0.0.1:x",
               "tcp://example.org:80", "tcp://:80", "http://127.0.0.1:80", "127.0.0.1:80");
  const auto address = ParseListenAddress(text);
  CHECK(address.status().code() == absl::StatusCode::kInvalidArgument);
  const std::string message(address.status().message());
  CHECK(message.find("\"" + text + "\"") != std::string::npos);
  CHECK(message.find("unix:///PATH or tcp://ADDRESS:PORT") != std::string::npos);
}

TEST_CASE("listeners of other builds are said not to be here") {
  const std::string text = GENERATE("npipe:////./pipe/hcsd", "tls://0.0.0.0:7443");
  CHECK(ParseListenAddress(text).status().code() == absl::StatusCode::kUnimplemented);
}

TEST_CASE("loopback is told from the rest") {
  const auto [host, loopback] = GENERATE(table<std::string, bool>({{"127.0.0.1", true},
                                                                   {"127.9.8.7", true},
                                                                   {"::1", true},
                                                                   {"0.0.0.0", false},
                                                                   {"192.168.1.1", false},
                                                                   {"::", false}}));
  CHECK(TcpAddress{.host = host}.loopback() == loopback);
}

TEST_CASE("callers are found by their peer, strangers are not") {
  CallerTable callers;
  callers.Register("fd:7", {.name = "uid:1000"});
  callers.Register("fd:7", {.name = "uid:2000"});
  CHECK(callers.Find("fd:7")->name == "uid:2000");
  CHECK(callers.Find("ipv4:127.0.0.1:5")->name == "anonymous");
  CHECK(callers.Find("fd:8").status().code() == absl::StatusCode::kUnauthenticated);
}

}  // namespace
}  // namespace hcs::transport
