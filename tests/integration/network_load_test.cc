// Not run by default, as it takes a while: integration_test "[load]".

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/network_fixture.h"

namespace hcs::integration {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kFew = 100;
constexpr int kMany = 5000;
constexpr int kCreators = 32;
// Of an operation among many to one among few; what is linear would be 50.
constexpr double kMostGrowth = 4;

// Milliseconds for each of `count` calls of `operation`, one after another.
template <typename Operation>
double Each(int count, Operation operation) {
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) operation(i);
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count() / count;
}

void CreateTogether(Networks& networks, int count) {
  std::atomic<int> left = count;
  std::vector<std::thread> creators;
  for (int i = 0; i < kCreators; ++i) {
    creators.emplace_back([&networks, &left] {
      const auto request = Named<v1::CreateEndpointRequest>("web");
      while (left-- > 0) {
        (void)networks.Do<v1::CreateEndpointResponse>(&NetworkStub::CreateEndpoint, request);
      }
    });
  }
  for (std::thread& creator : creators) creator.join();
}

TEST_CASE("an operation on one endpoint does not grow with how many there are", "[.][load]") {
  Networks networks;
  networks.CreateNat("web", "172.28.0.0/16", "172.28.0.1");
  std::vector<std::string> ids;
  const auto create = [&](int i) {
    ids.push_back(networks.CreateEndpoint("web", "probe-" + std::to_string(ids.size() + i)).id());
  };
  const auto remove = [&](int) {
    REQUIRE(networks.DeleteEndpoint(ids.back()).status.ok());
    ids.pop_back();
  };
  const double create_few = Each(kFew, create);
  const double list_few = Each(1, [&](int) { CHECK(networks.ListAll().size() == kFew); });
  const double remove_few = Each(kFew, remove);

  const auto start = Clock::now();
  CreateTogether(networks, kMany);
  const double together =
      std::chrono::duration<double, std::milli>(Clock::now() - start).count() / kMany;
  std::vector<v1::Endpoint> all;
  const double list_many = Each(1, [&](int) { all = networks.ListAll(); });
  std::set<std::string> addresses;
  for (const v1::Endpoint& endpoint : all) addresses.insert(endpoint.ip_address());
  CHECK(all.size() == kMany);
  CHECK(addresses.size() == kMany);

  const double create_many = Each(kFew, create);
  const double remove_many = Each(kFew, remove);
  std::printf(
      "ms for each: create %.2f at %d, %.2f at %d (%.2f by %d creators); "
      "delete %.2f, %.2f; list %.1f, %.1f\n",
      create_few, kFew, create_many, kMany, together, kCreators, remove_few, remove_many, list_few,
      list_many);
  CHECK(create_many < kMostGrowth * create_few);
  CHECK(remove_many < kMostGrowth * remove_few);
  const auto forced = networks.DeleteNetwork("web", true);
  RequireOk(forced.status);
  CHECK(forced.response.cut_size() == kMany);
}

}  // namespace
}  // namespace hcs::integration
