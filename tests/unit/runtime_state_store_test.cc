#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "core/runtime/state_store.h"

namespace hcs::runtime {
namespace {

namespace fs = std::filesystem;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (fs::temp_directory_path() / "hcsd-state-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A state directory, and the daemons that open its store one after another.
struct State {
  std::unique_ptr<StateStore> Open() {
    auto store = StateStore::Open(directory.path() / "state",
                                  [this](const std::string& report) { reports.push_back(report); });
    REQUIRE(store.ok());
    return *std::move(store);
  }

  std::map<std::string, StoredContainer> Reopened() {
    std::map<std::string, StoredContainer> all;
    for (StoredContainer& stored : Open()->TakeStored()) {
      const std::string id = stored.container.id();
      CHECK(all.emplace(id, std::move(stored)).second);
    }
    return all;
  }

  fs::path containers() const { return directory.path() / "state" / "containers"; }
  fs::path FileOf(const std::string& name) const { return containers() / (name + ".journal"); }

  TemporaryDirectory directory;
  std::vector<std::string> reports;
};

v1::Container ContainerOf(const std::string& id) {
  v1::Container container;
  container.set_id(id);
  container.set_state(v1::CONTAINER_STATE_RUNNING);
  container.set_owner("tests");
  (*container.mutable_labels())["line"] = "a \"quoted\" one\nand another, ünïcode 日本";
  container.mutable_create_time()->set_seconds(1700000000);
  container.mutable_create_time()->set_nanos(123456789);
  return container;
}

v1::Process ProcessOf(const std::string& id, uint32_t process_id) {
  v1::Process process;
  process.set_container_id(id);
  process.set_process_id(process_id);
  process.set_command_line("cmd /c \"echo },\\\"is\\\": & exit 7\"");
  process.set_stdout_pipe(true);
  process.set_output_policy(v1::OUTPUT_POLICY_BLOCK);
  process.mutable_start_time()->set_seconds(1700000001);
  return process;
}

std::string ReadFile(const fs::path& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

void WriteFile(const fs::path& path, const std::string& content, bool append = false) {
  std::ofstream(path, append ? std::ios::binary | std::ios::app : std::ios::binary) << content;
}

TEST_CASE("what was recorded is there after a restart") {
  State state;
  v1::Process exited = ProcessOf("web", 7);
  {
    const auto store = state.Open();
    CHECK(store->TakeStored().empty());
    store->AddContainer(ContainerOf("web"));
    store->AddContainer(ContainerOf("db"));
    store->RecordProcess(ProcessOf("web", 4294967295));
    store->RecordProcess(exited);
    store->RecordProcess(ProcessOf("web", 9));
    exited.mutable_exit()->set_exit_code(3221225786);
    store->RecordProcess(exited);
    store->RemoveProcess("web", 9);
    v1::Container stopped = ContainerOf("db");
    stopped.set_state(v1::CONTAINER_STATE_STOPPED);
    stopped.mutable_exit()->set_exit_type("ForcedExit");
    store->UpdateContainer(stopped);
  }
  const auto all = state.Reopened();
  REQUIRE(all.size() == 2);
  const StoredContainer& web = all.at("web");
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
  state.Open()->AddContainer(ContainerOf("a"));
  const auto store = state.Open();
  CHECK(store->TakeStored().size() == 1);
  CHECK(store->TakeStored().empty());
}

TEST_CASE("a removed container leaves nothing, and late news of it bring it not back") {
  State state;
  const auto store = state.Open();
  store->AddContainer(ContainerOf("a"));
  store->RecordProcess(ProcessOf("a", 1));
  store->Remove("a");
  store->Remove("a");
  store->UpdateContainer(ContainerOf("a"));
  store->RecordProcess(ProcessOf("a", 1));
  store->RemoveProcess("a", 1);
  CHECK(fs::is_empty(state.containers()));
  CHECK(state.reports.empty());
}

TEST_CASE("a container of the same id begins anew") {
  State state;
  {
    const auto store = state.Open();
    store->AddContainer(ContainerOf("a"));
    store->RecordProcess(ProcessOf("a", 1));
    v1::Container again = ContainerOf("a");
    again.set_owner("another");
    store->AddContainer(again);
    store->RecordProcess(ProcessOf("a", 2));
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
    const auto store = state.Open();
    for (const std::string& id : ids) {
      store->AddContainer(ContainerOf(id));
      store->RecordProcess(ProcessOf(id, 1));
    }
  }
  CHECK(state.reports.empty());
  CHECK(std::distance(fs::directory_iterator(state.containers()), {}) ==
        static_cast<ptrdiff_t>(ids.size()));
  {
    // A daemon that found the files goes on with them.
    const auto store = state.Open();
    for (const std::string& id : ids) store->RecordProcess(ProcessOf(id, 2));
  }
  const auto all = state.Reopened();
  CHECK(all.size() == ids.size());
  for (const std::string& id : ids) {
    INFO(id);
    REQUIRE(all.contains(id));
    CHECK(all.at(id).processes.size() == 2);
  }
  {
    const auto store = state.Open();
    for (const std::string& id : ids) store->Remove(id);
  }
  CHECK(fs::is_empty(state.containers()));
}

TEST_CASE("cut off anywhere, the last line is passed over, and what follows is good") {
  State state;
  {
    const auto store = state.Open();
    store->AddContainer(ContainerOf("a"));
    store->RecordProcess(ProcessOf("a", 1));
  }
  const std::string whole = ReadFile(state.FileOf("a"));
  const size_t first_line = whole.find('\n') + 1;
  for (size_t cut = first_line; cut < whole.size(); cut += 7) {
    INFO(cut);
    WriteFile(state.FileOf("a"), whole.substr(0, cut));
    {
      const auto store = state.Open();
      REQUIRE(store->TakeStored().at(0).processes.empty());
      store->RecordProcess(ProcessOf("a", 2));
    }
    const auto all = state.Reopened();
    REQUIRE(all.at("a").processes.size() == 1);
    REQUIRE(all.at("a").processes[0].process_id() == 2);
  }
  CHECK(state.reports.empty());
}

TEST_CASE("a damaged file is set aside and told of, the rest works") {
  State state;
  {
    const auto store = state.Open();
    for (const char* id : {"good", "bad"}) {
      store->AddContainer(ContainerOf(id));
      store->RecordProcess(ProcessOf(id, 1));
    }
  }
  const fs::path bad = state.FileOf("bad");
  const std::string whole = ReadFile(bad);
  const std::string container_line = whole.substr(0, whole.find('\n') + 1);
  std::string damage;
  SECTION("no lines") { damage = ""; }
  SECTION("zeros") { damage = std::string(4096, '\0') + "\n"; }
  SECTION("not JSON") { damage = "hello\n"; }
  SECTION("no container") { damage = whole.substr(container_line.size()); }
  SECTION("a line in the middle") { damage = container_line + "{\"process\":\n" + whole; }
  SECTION("a container's message") { damage = "{\"container\":{\"id\":7}\n"; }
  SECTION("a process' message") {
    damage = container_line + "{\"process\":1,\"is\":{\"processId\":-1}}\n";
  }
  SECTION("a process under another's id") {
    damage = container_line + "{\"process\":2,\"is\":{\"processId\":1}}\n";
  }
  SECTION("an id beyond 32 bits") {
    damage = container_line + "{\"process\":4294967296,\"is\":\"removed\"}\n";
  }
  SECTION("a line twice as one") { damage = container_line + "{\"process\":1,\"is\":{}}{}\n"; }
  SECTION("another's container") { damage = ReadFile(state.FileOf("good")); }
  WriteFile(bad, damage);

  const auto all = state.Reopened();
  CHECK(all.size() == 1);
  CHECK(all.at("good").processes.size() == 1);
  REQUIRE(state.reports.size() == 1);
  CHECK(state.reports[0].find(".journal") != std::string::npos);
  CHECK(std::count_if(fs::directory_iterator(state.containers()), {}, [](const auto& entry) {
          return entry.path().extension() == ".corrupt";
        }) == 1);

  // Another container of that id can be made.
  state.reports.clear();
  state.Open()->AddContainer(ContainerOf("bad"));
  CHECK(state.Reopened().size() == 2);
  CHECK(state.reports.empty());
}

TEST_CASE("fields of a newer daemon are passed over") {
  State state;
  state.Open()->AddContainer(ContainerOf("a"));
  WriteFile(state.FileOf("a"),
            "{\"container\":{\"id\":\"a\",\"owner\":\"o\",\"fromTheFuture\":{\"x\":[1]}}}\n");
  CHECK(state.Reopened().at("a").container.owner() == "o");
}

TEST_CASE("a file that a killed daemon was about to write is gone") {
  State state;
  state.Open()->AddContainer(ContainerOf("a"));
  WriteFile(state.FileOf("a").string() + ".new", "half");
  CHECK(state.Reopened().size() == 1);
  CHECK_FALSE(fs::exists(state.FileOf("a").string() + ".new"));
}

TEST_CASE("a busy container's file stays small and true") {
  State state;
  {
    const auto store = state.Open();
    store->AddContainer(ContainerOf("a"));
    store->RecordProcess(ProcessOf("a", 1));
    for (uint32_t id = 2; id < 2000; ++id) {
      store->RecordProcess(ProcessOf("a", id));
      if (id % 100 != 0) store->RemoveProcess("a", id);
    }
    CHECK(fs::file_size(state.FileOf("a")) <= StateStore::kCompactBytes + 1024);
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
  const auto store = state.Open();
  for (int i = 0; i < 100; ++i) {
    store->AddContainer(ContainerOf(std::to_string(i)));
    store->RecordProcess(ProcessOf(std::to_string(i), 1));
  }
  CHECK(descriptors() == before);
}

TEST_CASE("a write that fails half way is told of once, and mended") {
  State state;
  {
    const auto store = state.Open();
    store->AddContainer(ContainerOf("a"));
    store->RecordProcess(ProcessOf("a", 1));
    // A full disk: files may have a few bytes more than this one has.
    struct rlimit before;
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    struct rlimit full = before;
    full.rlim_cur = fs::file_size(state.FileOf("a")) + 20;
    const auto previous = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(setrlimit(RLIMIT_FSIZE, &full) == 0);
    store->RecordProcess(ProcessOf("a", 2));
    store->RecordProcess(ProcessOf("a", 3));
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, previous);
    CHECK(state.reports.size() == 1);
    store->RecordProcess(ProcessOf("a", 4));
    CHECK(state.reports.size() == 2);
  }
  const auto all = state.Reopened();
  REQUIRE(all.at("a").processes.size() == 2);
  CHECK(all.at("a").processes[1].process_id() == 4);
  CHECK(state.reports.size() == 2);
}

TEST_CASE("a state directory that cannot be made is an error that names it") {
  const auto store = StateStore::Open("/dev/null/state", [](const std::string&) {});
  REQUIRE_FALSE(store.ok());
  CHECK(std::string(store.status().message()).find("/dev/null") != std::string::npos);
}

TEST_CASE("threads record at the same time") {
  State state;
  {
    const auto store = state.Open();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        const std::string own = "own" + std::to_string(t);
        if (t == 0) store->AddContainer(ContainerOf("shared"));
        store->AddContainer(ContainerOf(own));
        for (uint32_t i = 0; i < 200; ++i) {
          store->RecordProcess(ProcessOf(own, i));
          store->RecordProcess(ProcessOf("shared", t * 1000 + i));
          if (i % 2 == 0) store->RemoveProcess(own, i);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const auto all = state.Reopened();
  CHECK(all.size() == 5);
  for (int t = 0; t < 4; ++t) CHECK(all.at("own" + std::to_string(t)).processes.size() == 100);
  CHECK(state.reports.empty());
}

TEST_CASE("cost of a process' records", "[.benchmark]") {
  State state;
  const auto store = state.Open();
  store->AddContainer(ContainerOf("a"));
  constexpr int kRounds = 20000;
  const auto start = std::chrono::steady_clock::now();
  for (uint32_t i = 0; i < kRounds; ++i) {
    store->RecordProcess(ProcessOf("a", i));
    store->RemoveProcess("a", i);
  }
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
  WARN("record and remove a process: " << spent.count() / kRounds << " us");

  for (int i = 0; i < 10000; ++i) store->AddContainer(ContainerOf("c" + std::to_string(i)));
  const auto reopen = std::chrono::steady_clock::now();
  const size_t found = state.Open()->TakeStored().size();
  const std::chrono::duration<double, std::milli> read = std::chrono::steady_clock::now() - reopen;
  WARN("read " << found << " containers: " << read.count() << " ms");
}

}  // namespace
}  // namespace hcs::runtime
