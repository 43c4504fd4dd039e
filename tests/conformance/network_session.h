// HNSCall with JSON in and out, and networks that go away with their case.

#ifndef HCS_TESTS_CONFORMANCE_NETWORK_SESSION_H_
#define HCS_TESTS_CONFORMANCE_NETWORK_SESSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/session.h"

namespace hcs::conformance {

// What HNS answered. The call itself went through.
struct HnsAnswer {
  bool success = false;
  Json output;
  std::string error;
  Code code = abi::S_OK;  // ErrorCode.
};

HnsAnswer Hns(const std::string& method, const std::string& path, const Json& body = nullptr);

// False, with the case marked as not applying, for a host without HNSCall.
bool HasHns();

// Removes an object of HNS at the end; what is there no more is no matter.
class HnsObject {
 public:
  // "/networks/ID".
  explicit HnsObject(std::string path) : path_(std::move(path)) {}
  HnsObject(HnsObject&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  HnsObject& operator=(HnsObject&&) = delete;
  ~HnsObject();

  const std::string& path() const { return path_; }
  std::string id() const { return path_.substr(path_.rfind('/') + 1); }
  HnsAnswer Get() const { return Hns("GET", path_); }
  HnsAnswer Post(const std::string& action, const Json& body) const {
    return Hns("POST", path_ + action, body);
  }
  HnsAnswer Delete() { return Hns("DELETE", path_); }

 private:
  std::string path_;
};

// A private network of 10.213.SUBNET.0/24 with a name of its own, which no other network
// of a real host minds. These must succeed.
HnsObject MakeNetwork(int subnet, const Json& fields = Json::object());
HnsObject MakeEndpoint(const HnsObject& network, const Json& fields = Json::object());

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_NETWORK_SESSION_H_
