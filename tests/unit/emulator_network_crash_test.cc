// Processes that use one state and are killed at any moment.

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/emulator_network_fixture.h"

namespace hcs::emulator::hns::test {
namespace {

constexpr int kRounds = 100;
constexpr int kUsers = 2;

// What a user has told: endpoints that it has made, and those that it has removed or was
// about to.
struct Told {
  std::set<std::string> made;
  std::set<std::string> going;
  std::set<std::string> gone;
};

// Calls on and on, and tells of each call on `told` before and after it. Never returns.
[[noreturn]] void UseState(const std::string& folder, const std::string& network, int told) {
  const auto say = [told](char what, const std::string& id) {
    const std::string line = std::string(1, what) + " " + id + "\n";
    if (write(told, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(1);
  };
  const auto call = [](HnsService& hns, const char* method, const std::string& path,
                       const Json& body) {
    const Json answer = Json::parse(hns.Call(method, path, body.dump()));
    if (answer["Success"] != true) _exit(2);
    return answer["Output"];
  };
  HnsService::Options options;
  options.state_folder = folder;
  options.build_number = 20348;
  auto opened = HnsService::Open(std::move(options));
  if (!opened.ok()) _exit(3);
  HnsService& hns = **opened;
  std::vector<std::string> own;
  for (int i = 0;; ++i) {
    const std::string id = call(hns, "POST", "/endpoints/", {{"VirtualNetwork", network}})["ID"];
    say('m', id);
    own.push_back(id);
    call(hns, "POST", "/endpoints/" + id + "/attach", {{"SystemType", "Host"}});
    call(hns, "POST", "/policylists/",
         {{"References", {"/endpoints/" + id}}, {"Policies", {{{"Type", "L2Driver"}}}}});
    if (own.size() < 4) continue;
    const std::string old = own.front();
    own.erase(own.begin());
    say('g', old);
    call(hns, "DELETE", "/endpoints/" + old, {});
    say('x', old);
  }
}

class User {
 public:
  User(const std::string& folder, const std::string& network) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    told_ = ends[0];
    process_ = fork();
    if (process_ == 0) {
      close(ends[0]);
      UseState(folder, network, ends[1]);
    }
    close(ends[1]);
    REQUIRE(process_ > 0);
  }
  ~User() { close(told_); }
  User(const User&) = delete;

  void AwaitBytes(size_t count) {
    while (text_.size() < count && Read()) {
    }
  }
  void Kill() { kill(process_, SIGKILL); }

  // Everything that it has told, when it has ended.
  Told Finish() {
    while (Read()) {
    }
    int status = 0;
    REQUIRE(waitpid(process_, &status, 0) == process_);
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    Told told;
    std::istringstream lines(text_);
    char what = 0;
    for (std::string id; lines >> what >> id;) {
      if (id.size() != 36) break;
      (what == 'm' ? told.made : what == 'g' ? told.going : told.gone).insert(id);
    }
    return told;
  }

 private:
  bool Read() {
    char buffer[4096];
    const ssize_t size = read(told_, buffer, sizeof(buffer));
    if (size <= 0) return false;
    text_.append(buffer, static_cast<size_t>(size));
    return true;
  }

  int told_ = -1;
  pid_t process_ = -1;
  std::string text_;
};

void CheckTold(TestHns& hns, const Told& told) {
  for (const std::string& id : told.made) {
    const bool there = hns.Get("/endpoints/" + id).ok();
    if (told.gone.contains(id)) CHECK_FALSE(there);
    if (!told.going.contains(id)) CHECK(there);
  }
}

void CheckConsistent(TestHns& hns) {
  const Json endpoints = hns.Get("/endpoints/").output;
  std::set<std::string> addresses;
  std::set<std::string> macs;
  std::set<std::string> references;
  for (const Json& endpoint : endpoints) {
    addresses.insert(endpoint["IPAddress"]);
    macs.insert(endpoint["MacAddress"]);
    references.insert("/endpoints/" + endpoint["ID"].get<std::string>());
  }
  CHECK(addresses.size() == endpoints.size());
  CHECK(macs.size() == endpoints.size());
  const Json lists = hns.Get("/policylists/").output;
  size_t dangling = 0;
  for (const Json& list : lists) {
    for (const Json& reference : list["References"]) {
      dangling += references.contains(reference.get<std::string>()) ? 0 : 1;
    }
  }
  CHECK(dangling == 0);
}

void RemoveAll(TestHns& hns, const std::string& kind) {
  const Json objects = hns.Get("/" + kind + "/").output;
  for (const Json& object : objects) {
    REQUIRE(hns.Delete("/" + kind + "/" + object["ID"].get<std::string>()).ok());
  }
}

TEST_CASE("users killed at 100 random moments lose nothing that was told, and leave nothing odd") {
  const StateFolder folder;
  const std::string network = [&] {
    TestHns hns(folder.path());
    return hns.NetworkId(
        {{"Subnets", {{{"AddressPrefix", "10.1.0.0/20"}, {"GatewayAddress", "10.1.0.1"}}}}});
  }();
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    std::vector<std::unique_ptr<User>> users;
    for (int i = 0; i < kUsers; ++i) {
      users.push_back(std::make_unique<User>(folder.path(), network));
    }
    for (const auto& user : users) {
      user->AwaitBytes(std::uniform_int_distribution<size_t>(0, 800)(random));
      user->Kill();
    }
    std::vector<Told> told;
    for (const auto& user : users) told.push_back(user->Finish());
    TestHns hns(folder.path());
    for (const Told& one : told) CheckTold(hns, one);
    CheckConsistent(hns);
    CHECK(hns.MakeEndpoint(network).contains("IPAddress"));
    if (round % 20 == 19) {
      RemoveAll(hns, "policylists");
      RemoveAll(hns, "endpoints");
    }
  }
  TestHns hns(folder.path());
  RemoveAll(hns, "endpoints");
  CHECK(hns.Delete("/networks/" + network).ok());
  CHECK(std::filesystem::is_empty(folder.path() + "/network/damaged"));
}

}  // namespace
}  // namespace hcs::emulator::hns::test
