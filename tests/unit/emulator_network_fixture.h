// An HNS of its own for a test: a state folder, compute systems that the test says are
// there, and calls with JSON in and out.

#ifndef HCS_TESTS_UNIT_EMULATOR_NETWORK_FIXTURE_H_
#define HCS_TESTS_UNIT_EMULATOR_NETWORK_FIXTURE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "core/emulator/network/hns_codes.h"
#include "core/emulator/network/hns_service.h"

namespace hcs::emulator::hns::test {

// Removed with everything in it.
class StateFolder {
 public:
  StateFolder();
  ~StateFolder();
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A response: its output, or its error and code (0 when it succeeded).
struct Response {
  Json output;
  std::string error;
  uint32_t code = 0;

  bool ok() const { return code == 0 && error.empty(); }
};

// What a refusal's ErrorCode is for `hresult`.
constexpr uint32_t CodeOf(abi::HRESULT hresult) { return static_cast<uint32_t>(hresult); }

class TestHns {
 public:
  explicit TestHns(const std::string& state_folder, Datapath* datapath = nullptr,
                   uint32_t build_number = 20348);

  // As HNSCall. Fails the test unless the response is one or the other.
  Response Call(const std::string& method, const std::string& path, const Json& body = nullptr);
  Response Get(const std::string& path) { return Call("GET", path); }
  Response Post(const std::string& path, const Json& body) { return Call("POST", path, body); }
  Response Delete(const std::string& path) { return Call("DELETE", path); }

  // These must succeed. `fields` replace those of a nat network of 10.1.0.0/24, and of
  // an endpoint with nothing but its network.
  Json MakeNetwork(const Json& fields = Json::object());
  std::string NetworkId(const Json& fields = Json::object()) { return MakeNetwork(fields)["ID"]; }
  Json MakeEndpoint(const std::string& network, const Json& fields = Json::object());

  // Compute systems that are there, with their RuntimeIds.
  void SetSystem(const std::string& id, const std::string& runtime_id);
  void RemoveSystem(const std::string& id);

  HnsService& service() { return *service_; }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> systems_;
  std::unique_ptr<HnsService> service_;
};

}  // namespace hcs::emulator::hns::test

#endif  // HCS_TESTS_UNIT_EMULATOR_NETWORK_FIXTURE_H_
