#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/runtime_state_fixture.h"

namespace hcs::runtime {
namespace {

TEST_CASE("what was recorded is there after a restart") {
  State state;
  v1::Process exited = ProcessOf("web", 7);
  {
    const auto daemon = state.Open();
    CHECK(daemon->found().empty());
    daemon->Add(ContainerOf("web"));
    daemon->Add(ContainerOf("db"));
    daemon->RecordProcess(ProcessOf("web", 4294967295));
    daemon->RecordProcess(exited);
    daemon->RecordProcess(ProcessOf("web", 9));
    exited.mutable_exit()->set_exit_code(3221225786);
    daemon->RecordProcess(exited);
    daemon->RemoveProcess("web", 9);
    v1::Container stopped = ContainerOf("db");
    stopped.set_state(v1::CONTAINER_STATE_STOPPED);
    stopped.mutable_exit()->set_exit_type("ForcedExit");
    daemon->Update(stopped);
  }
  const auto all = state.Reopened();
  REQUIRE(all.size() == 2);
  const RecordedContainer& web = all.at("web");
  CHECK(web.container.SerializeAsString() == ContainerOf("web").SerializeAsString());
  REQUIRE(web.processes.size() == 2);
  CHECK(web.processes[0].SerializeAsString() == exited.SerializeAsString());
  CHECK(web.processes[1].process_id() == 4294967295);
  CHECK(all.at("db").container.exit().exit_type() == "ForcedExit");
  CHECK(all.at("db").processes.empty());
  CHECK(state.reports.empty());
}

TEST_CASE("what was found is told once") {
  State state;
  state.Open()->Add(ContainerOf("a"));
  const auto daemon = state.Open();
  CHECK(daemon->found().size() == 1);
  CHECK(daemon->store().TakeRecorded().empty());
}

TEST_CASE("a removed container leaves nothing, and late news of it bring it not back") {
  State state;
  const auto daemon = state.Open();
  daemon->Add(ContainerOf("a"));
  daemon->RecordProcess(ProcessOf("a", 1));
  daemon->Remove("a");
  daemon->Remove("a");
  daemon->Update(ContainerOf("a"));
  daemon->RecordProcess(ProcessOf("a", 1));
  daemon->RemoveProcess("a", 1);
  CHECK(fs::is_empty(state.containers()));
  CHECK(state.reports.empty());
}

TEST_CASE("a container of the same id begins anew") {
  State state;
  {
    const auto daemon = state.Open();
    daemon->Add(ContainerOf("a"));
    daemon->RecordProcess(ProcessOf("a", 1));
    v1::Container again = ContainerOf("a");
    again.set_owner("another");
    daemon->Add(again);
    daemon->RecordProcess(ProcessOf("a", 2));
  }
  const auto all = state.Reopened();
  CHECK(all.at("a").container.owner() == "another");
  REQUIRE(all.at("a").processes.size() == 1);
  CHECK(all.at("a").processes[0].process_id() == 2);
}

TEST_CASE("every id has a file of its own, in the directory") {
  State state;
  std::vector<std::string> ids = {"a",          "A",    ".hidden", "a.b",    "a%2eb",
                                  "with blank", "日本", "-",       "{8C5F}", "a+b",
                                  "a b",        "~1",   "new",     "a.new",  "a.corrupt"};
  ids.push_back(std::string(255, 'x'));
  ids.push_back(std::string(254, 'x') + 'y');
  ids.push_back(std::string(200, 'x'));
  ids.push_back(std::string(250, '{'));
  ids.push_back(std::string(249, '{') + '}');
  {
    const auto daemon = state.Open();
    for (const std::string& id : ids) {
      daemon->Add(ContainerOf(id));
      daemon->RecordProcess(ProcessOf(id, 1));
    }
  }
  CHECK(state.reports.empty());
  CHECK(std::distance(fs::directory_iterator(state.containers()), {}) ==
        static_cast<ptrdiff_t>(ids.size()));
  {
    // A daemon that found the files goes on with them.
    const auto daemon = state.Open();
    for (const std::string& id : ids) daemon->RecordProcess(ProcessOf(id, 2));
  }
  const auto all = state.Reopened();
  CHECK(all.size() == ids.size());
  for (const std::string& id : ids) {
    INFO(id);
    REQUIRE(all.contains(id));
    CHECK(all.at(id).processes.size() == 2);
  }
  {
    const auto daemon = state.Open();
    for (const std::string& id : ids) daemon->Remove(id);
  }
  CHECK(fs::is_empty(state.containers()));
}

TEST_CASE("a busy container's file stays small and true") {
  State state;
  {
    const auto daemon = state.Open();
    daemon->Add(ContainerOf("a"));
    daemon->RecordProcess(ProcessOf("a", 1));
    for (uint32_t id = 2; id < 2000; ++id) {
      daemon->RecordProcess(ProcessOf("a", id));
      if (id % 100 != 0) daemon->RemoveProcess("a", id);
    }
    CHECK(fs::file_size(state.FileOf("a")) <= StateRecord::kCompactBytes + 1024);
  }
  CHECK(std::distance(fs::directory_iterator(state.containers()), {}) == 1);
  const auto all = state.Reopened();
  REQUIRE(all.at("a").processes.size() == 20);
  CHECK(all.at("a").container.owner() == "tests");
  CHECK(all.at("a").processes[1].process_id() == 100);
  CHECK(state.reports.empty());
}

TEST_CASE("no descriptor stays open") {
  State state;
  const auto descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), {});
  };
  const auto before = descriptors();
  const auto daemon = state.Open();
  for (int i = 0; i < 100; ++i) {
    daemon->Add(ContainerOf(std::to_string(i)));
    daemon->RecordProcess(ProcessOf(std::to_string(i), 1));
  }
  CHECK(descriptors() == before);
}

TEST_CASE("a state directory that cannot be made is an error that names it") {
  const auto store = StateStore::Open("/dev/null/state", [](const std::string&) {});
  REQUIRE_FALSE(store.ok());
  CHECK(std::string(store.status().message()).find("/dev/null") != std::string::npos);
}

TEST_CASE("threads record at the same time") {
  State state;
  {
    const auto daemon = state.Open();
    daemon->Add(ContainerOf("shared"));
    const auto shared = daemon->Record("shared");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&store = daemon->store(), shared, t] {
        const std::string id = "own" + std::to_string(t);
        const auto own = store.Add(ContainerOf(id));
        for (uint32_t i = 0; i < 200; ++i) {
          own->RecordProcess(ProcessOf(id, i));
          shared->RecordProcess(ProcessOf("shared", t * 1000 + i));
          if (i % 2 == 0) own->RemoveProcess(i);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const auto all = state.Reopened();
  CHECK(all.size() == 5);
  CHECK(all.at("shared").processes.size() == 800);
  for (int t = 0; t < 4; ++t) CHECK(all.at("own" + std::to_string(t)).processes.size() == 100);
  CHECK(state.reports.empty());
}

TEST_CASE("late news of a container do not reach another of its id") {
  State state;
  {
    const auto daemon = state.Open();
    daemon->Add(ContainerOf("a"));
    const auto late = daemon->Record("a");
    daemon->Add(ContainerOf("a"));
    late->UpdateContainer(v1::Container());
    late->RecordProcess(ProcessOf("a", 1));
    daemon->store().Remove("a", late);
    daemon->RecordProcess(ProcessOf("a", 2));
  }
  const auto all = state.Reopened();
  REQUIRE(all.size() == 1);
  CHECK(all.at("a").container.owner() == "tests");
  REQUIRE(all.at("a").processes.size() == 1);
  CHECK(all.at("a").processes[0].process_id() == 2);
  CHECK(state.reports.empty());
}

TEST_CASE("cost of a process' records", "[.benchmark]") {
  State state;
  const auto daemon = state.Open();
  daemon->Add(ContainerOf("a"));
  constexpr int kRounds = 20000;
  const auto start = std::chrono::steady_clock::now();
  for (uint32_t i = 0; i < kRounds; ++i) {
    daemon->RecordProcess(ProcessOf("a", i));
    daemon->RemoveProcess("a", i);
  }
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
  WARN("record and remove a process: " << spent.count() / kRounds << " us");

  for (int i = 0; i < 10000; ++i) daemon->Add(ContainerOf("c" + std::to_string(i)));
  const auto reopen = std::chrono::steady_clock::now();
  const size_t found = state.Open()->found().size();
  const std::chrono::duration<double, std::milli> read = std::chrono::steady_clock::now() - reopen;
  WARN("read " << found << " containers: " << read.count() << " ms");
}

}  // namespace
}  // namespace hcs::runtime
