// Which limits the host says that it cannot enforce.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "core/emulator/isolation/limit_probe.h"
#include "core/platform/container_scope.h"
#include "core/platform/process.h"
#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

constexpr uid_t kNobody = 65534;

const std::vector<std::string> kAllLimits = {"MemoryMaximumInMB",  "ProcessorCount",
                                             "ProcessorMaximum",   "ProcessorWeight",
                                             "StorageIOPSMaximum", "StorageBandwidthMaximum"};

Json SystemWithAllLimits() {
  Json document = {{"SystemType", "Container"}};
  for (const std::string& limit : kAllLimits) document[limit] = 100;
  return document;
}

TEST_CASE("the host cannot enforce what its systems cannot") {
  TestHost host;
  TestSystem system("limited", SystemWithAllLimits());
  const Json emulation = Properties(system.handle()).json()["Emulation"];
  const HostIsolation isolation = host.host().Isolation();
  CHECK(Json(isolation.not_enforced) == emulation["NotEnforced"]);
  CHECK(
      isolation.reason.ends_with("; limits are held by " + emulation["Scope"].get<std::string>()));
  // The answer stays, and the question leaves nothing.
  CHECK(host.host().Isolation().reason == isolation.reason);
}

TEST_CASE("who may write no control group can enforce no limit") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const platform::UniqueFd reader(ends[0]);
  platform::UniqueFd writer(ends[1]);
  platform::SpawnRequest request;
  request.program = HCS_TEST_WORKER;
  request.arguments = {"hcs-worker", "--limits", "hcsd/limits-of-nobody"};
  request.stdout_fd = writer.get();
  if (geteuid() == 0) request.credentials = platform::Credentials{kNobody, kNobody, {}};
  const platform::SpawnResult spawned = platform::SpawnProcess(request);
  writer.reset();
  if (spawned.error == EACCES) {
    WARN("not tested: the worker is where only its owner may go");
    return;
  }
  REQUIRE(spawned.ok());
  std::string expected = "descendants\n";
  for (const std::string& limit : kAllLimits) expected += limit + "\n";
  CHECK(ReadAll(reader) == expected);
  int status = 0;
  REQUIRE(waitpid(spawned.pid, &status, 0) == spawned.pid);
  CHECK(status == 0);
}

TEST_CASE("a probe that cannot be made says why") {
  const auto failure = [](const char* worker) { return ProbeLimits(worker).failure().message; };
  CHECK(failure("/bin/true") == "the worker did not tell its scope");
  CHECK(failure("/bin/false") == "the worker could make no scope");
  CHECK(failure("/no/such/worker").find("/no/such/worker") != std::string::npos);
}

TEST_CASE("a probe that was killed is in nobody's way") {
  std::unique_ptr<platform::ContainerScope> left;
  REQUIRE(platform::ContainerScope::Create({.name = "hcsd/limits-" + std::to_string(getpid())},
                                           &left) == 0);
  const auto probe = ProbeLimits(HCS_TEST_WORKER);
  if (!probe.ok()) FAIL(probe.failure().message);
  CHECK(probe->scope == platform::ScopeKindName(left->kind()));
  std::unique_ptr<platform::ContainerScope> again;
  REQUIRE(platform::ContainerScope::Create({.name = "hcsd/limits-" + std::to_string(getpid())},
                                           &again) == 0);
  CHECK(again->Destroy() == 0);
}

}  // namespace
}  // namespace hcs::emulator::test
