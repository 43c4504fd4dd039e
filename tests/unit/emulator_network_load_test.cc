// Many endpoints, and many who make them at once.

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

using Clock = std::chrono::steady_clock;

Json Large() {
  return {{"Subnets",
           {{{"AddressPrefix", "10.0.0.0/16"}, {"GatewayAddress", "10.0.0.1"}},
            {{"AddressPrefix", "fd00::/64"}, {"GatewayAddress", "fd00::1"}}}}};
}

TEST_CASE("32 creators, half of them through another user of the state, get no address twice") {
  constexpr size_t kCreators = 32;
  constexpr size_t kEach = 20;
  const StateFolder folder;
  TestHns one(folder.path());
  TestHns two(folder.path());
  const std::string network = one.NetworkId(Large());
  std::vector<std::vector<std::string>> responses(kCreators);
  {
    std::vector<std::thread> creators;
    for (size_t i = 0; i < kCreators; ++i) {
      creators.emplace_back([&, i] {
        TestHns& hns = i % 2 == 0 ? one : two;
        for (size_t n = 0; n < kEach; ++n) {
          responses[i].push_back(
              hns.service().Call("POST", "/endpoints/", Json{{"VirtualNetwork", network}}.dump()));
        }
      });
    }
    for (std::thread& creator : creators) creator.join();
  }
  std::set<std::string> distinct;
  for (const auto& of_one : responses) {
    for (const std::string& response : of_one) {
      const Json output = Json::parse(response).at("Output");
      for (const char* name : {"ID", "IPAddress", "IPv6Address", "MacAddress"}) {
        distinct.insert(output.at(name).get<std::string>());
      }
    }
  }
  CHECK(distinct.size() == 4 * kCreators * kEach);
  CHECK(one.Get("/endpoints/").output.size() == kCreators * kEach);
}

// The median, so that a busy machine's moments do not count.
template <typename Work>
double MedianMicroseconds(int times, Work work) {
  std::vector<double> taken;
  for (int i = 0; i < times; ++i) {
    const auto start = Clock::now();
    work();
    taken.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::nth_element(taken.begin(), taken.begin() + times / 2, taken.end());
  return taken[static_cast<size_t>(times) / 2];
}

struct Times {
  double create;
  double get;
  double remove;
};

Times Measure(TestHns& hns, const std::string& network) {
  std::vector<std::string> ids;
  Times times{};
  times.create = MedianMicroseconds(200, [&] { ids.push_back(hns.MakeEndpoint(network)["ID"]); });
  times.get = MedianMicroseconds(200, [&] { hns.Get("/endpoints/" + ids.front()); });
  times.remove = MedianMicroseconds(200, [&] {
    hns.Delete("/endpoints/" + ids.back());
    ids.pop_back();
  });
  return times;
}

TEST_CASE("making, getting and removing an endpoint take as long with 5,000 as with 100") {
  const StateFolder folder;
  TestHns hns(folder.path());
  const std::string network = hns.NetworkId(Large());
  for (int i = 0; i < 100; ++i) hns.MakeEndpoint(network);
  const Times few = Measure(hns, network);
  for (int i = 100; i < 5000; ++i) hns.MakeEndpoint(network);
  const Times many = Measure(hns, network);
  std::printf(
      "microseconds with 100 and 5,000 endpoints: create %.0f %.0f, get %.0f %.0f, "
      "delete %.0f %.0f\n",
      few.create, many.create, few.get, many.get, few.remove, many.remove);
  // 50 times as many: what grew with them would be far beyond this.
  CHECK(many.create < 4 * few.create + 100);
  CHECK(many.get < 4 * few.get + 100);
  CHECK(many.remove < 4 * few.remove + 100);
  CHECK(hns.Get("/endpoints/").output.size() == 5000);
}

}  // namespace
}  // namespace hcs::emulator::hns::test
