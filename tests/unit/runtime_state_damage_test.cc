#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>

#include "tests/unit/runtime_state_fixture.h"

namespace hcs::runtime {
namespace {

TEST_CASE("cut off anywhere, the last line is passed over, and what follows is good") {
  State state;
  {
    const auto daemon = state.Open();
    daemon->Add(ContainerOf("a"));
    daemon->RecordProcess(ProcessOf("a", 1));
  }
  const std::string whole = ReadFile(state.FileOf("a"));
  const size_t first_line = whole.find('\n') + 1;
  for (size_t cut = first_line; cut < whole.size(); cut += 7) {
    INFO(cut);
    WriteFile(state.FileOf("a"), whole.substr(0, cut));
    {
      const auto daemon = state.Open();
      REQUIRE(daemon->found().at("a").processes.empty());
      daemon->RecordProcess(ProcessOf("a", 2));
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
    const auto daemon = state.Open();
    for (const char* id : {"good", "bad"}) {
      daemon->Add(ContainerOf(id));
      daemon->RecordProcess(ProcessOf(id, 1));
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
  state.Open()->Add(ContainerOf("bad"));
  CHECK(state.Reopened().size() == 2);
  CHECK(state.reports.empty());
}

TEST_CASE("fields of a newer daemon are passed over") {
  State state;
  state.Open()->Add(ContainerOf("a"));
  WriteFile(state.FileOf("a"),
            "{\"container\":{\"id\":\"a\",\"owner\":\"o\",\"fromTheFuture\":{\"x\":[1]}}}\n");
  CHECK(state.Reopened().at("a").container.owner() == "o");
}

TEST_CASE("a file that a killed daemon was about to write is gone") {
  State state;
  state.Open()->Add(ContainerOf("a"));
  WriteFile(state.FileOf("a").string() + ".new", "half");
  CHECK(state.Reopened().size() == 1);
  CHECK_FALSE(fs::exists(state.FileOf("a").string() + ".new"));
}

TEST_CASE("a write that fails half way is told of once, and mended") {
  State state;
  {
    const auto daemon = state.Open();
    daemon->Add(ContainerOf("a"));
    daemon->RecordProcess(ProcessOf("a", 1));
    // A full disk: files may have a few bytes more than this one has.
    struct rlimit before;
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    struct rlimit full = before;
    full.rlim_cur = fs::file_size(state.FileOf("a")) + 20;
    const auto previous = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(setrlimit(RLIMIT_FSIZE, &full) == 0);
    daemon->RecordProcess(ProcessOf("a", 2));
    daemon->RecordProcess(ProcessOf("a", 3));
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, previous);
    CHECK(state.reports.size() == 1);
    daemon->RecordProcess(ProcessOf("a", 4));
    CHECK(state.reports.size() == 2);
  }
  const auto all = state.Reopened();
  REQUIRE(all.at("a").processes.size() == 2);
  CHECK(all.at("a").processes[1].process_id() == 4);
  CHECK(state.reports.size() == 2);
}

}  // namespace
}  // namespace hcs::runtime
