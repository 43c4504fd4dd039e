// Requests that nobody would send: random documents made of HNS' own fields and values.

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

constexpr int kRequests = 4000;

class Nonsense {
 public:
  explicit Nonsense(uint32_t seed) : random_(seed) {}

  const std::string& OneOf(const std::vector<std::string>& choices) {
    return choices[random_() % choices.size()];
  }

  void Learn(const Json& output) {
    if (output.is_object() && output.contains("ID")) ids_.push_back(output["ID"]);
  }

  Json Document(int depth = 0) {
    static const std::vector<std::string> kNames = {"ID",
                                                    "id",
                                                    "Name",
                                                    "Type",
                                                    "Subnets",
                                                    "Policies",
                                                    "MacPools",
                                                    "AddressPrefix",
                                                    "GatewayAddress",
                                                    "StartMacAddress",
                                                    "EndMacAddress",
                                                    "VirtualNetwork",
                                                    "IPAddress",
                                                    "IPv6Address",
                                                    "MacAddress",
                                                    "PrefixLength",
                                                    "References",
                                                    "Protocol",
                                                    "InternalPort",
                                                    "ExternalPort",
                                                    "VIPs",
                                                    "Data",
                                                    "ContainerId",
                                                    "SystemType",
                                                    "ResourceList",
                                                    "State",
                                                    "IsDefault",
                                                    "Hat",
                                                    "ExceptionList",
                                                    "VLAN"};
    Json document = Json::object();
    for (uint32_t i = random_() % 6; i > 0; --i) document[OneOf(kNames)] = Value(depth);
    return document;
  }

  std::string Path() {
    static const std::vector<std::string> kKinds = {"networks",   "endpoints",     "policylists",
                                                    "namespaces", "endpointstats", "hats"};
    static const std::vector<std::string> kActions = {
        "", "", "", "/attach", "/detach", "/addresource", "/removeresource", "/hat"};
    std::string path = "/" + OneOf(kKinds) + "/";
    if (random_() % 2 == 0 && !ids_.empty()) path += OneOf(ids_) + OneOf(kActions);
    return path;
  }

 private:
  Json Value(int depth) {
    static const std::vector<std::string> kTexts = {"nat",
                                                    "overlay",
                                                    "NAT",
                                                    "ACL",
                                                    "ELB",
                                                    "ROUTE",
                                                    "10.1.0.0/24",
                                                    "10.1.0.1",
                                                    "10.1.0.7",
                                                    "fd00::/64",
                                                    "fd00::1",
                                                    "00-15-5D-00-00-01",
                                                    "ff-ff-ff-ff-ff-ff",
                                                    "",
                                                    "TCP",
                                                    "Host",
                                                    "Endpoint",
                                                    "/endpoints/x",
                                                    "\xF0\x9F\x8E\xA9",
                                                    "0.0.0.0/0",
                                                    "Allow",
                                                    "In"};
    switch (random_() % 9) {
      case 0: return nullptr;
      case 1: return random_() % 2 == 0;
      case 2: return static_cast<int64_t>(random_()) - 2'000'000'000;
      case 3: return random_() % 70'000;
      case 4: return ids_.empty() ? Json("x") : Json(OneOf(ids_));
      case 5:
        if (depth < 3) return Document(depth + 1);
        [[fallthrough]];
      case 6:
        if (depth < 3) return Json::array({Document(depth + 1), Value(depth + 1)});
        [[fallthrough]];
      default: return OneOf(kTexts);
    }
  }

  std::mt19937 random_;
  std::vector<std::string> ids_;
};

TEST_CASE("nonsense is answered, and what comes of it is the same after a restart") {
  const StateFolder folder;
  const uint32_t seed = std::random_device()();
  CAPTURE(seed);
  Nonsense nonsense(seed);
  static const std::vector<std::string> kMethods = {"GET", "POST", "POST", "POST", "DELETE"};
  const std::vector<std::string> lists = {"/networks", "/endpoints", "/policylists", "/namespaces"};
  std::vector<Json> before;
  {
    TestHns hns(folder.path());
    const Json network = hns.MakeNetwork();
    nonsense.Learn(network);
    nonsense.Learn(hns.MakeEndpoint(network["ID"]));
    int refused = 0;
    for (int i = 0; i < kRequests; ++i) {
      const std::string& method = nonsense.OneOf(kMethods);
      const std::string path = nonsense.Path();
      const Json body = nonsense.Document();
      CAPTURE(method, path, body.dump());
      const Response answer = hns.Call(method, path, body);
      nonsense.Learn(answer.output);
      refused += answer.ok() ? 0 : 1;
      if (!answer.ok() && answer.code == 0) FAIL("a refusal without a code");
    }
    CHECK(refused > kRequests / 2);
    for (const std::string& list : lists) before.push_back(hns.Get(list).output);
  }
  TestHns hns(folder.path());
  for (size_t i = 0; i < lists.size(); ++i) CHECK(hns.Get(lists[i]).output == before[i]);
}

}  // namespace
}  // namespace hcs::emulator::hns::test
