#include <catch2/catch.hpp>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/calls.h"
#include "tests/integration/daemon_fixture.h"

namespace hcs::integration {
namespace {

using Seen = std::vector<std::pair<v1::EventType, std::string>>;

// What the journal tells after a sequence, to its end.
std::vector<v1::WatchEventsResponse> Replay(Daemon& daemon, const v1::WatchEventsRequest& wanted) {
  Call call;
  v1::WatchEventsRequest request = wanted;
  request.set_no_follow(true);
  const auto stream = daemon.events().WatchEvents(call.context(), request);
  std::vector<v1::WatchEventsResponse> told;
  for (v1::WatchEventsResponse response; stream->Read(&response);) told.push_back(response);
  RequireOk(stream->Finish());
  return told;
}

Seen Summary(const std::vector<v1::WatchEventsResponse>& told) {
  Seen seen;
  for (const auto& response : told) {
    if (response.has_event()) {
      seen.emplace_back(response.event().type(), response.event().container_id());
    }
  }
  return seen;
}

TEST_CASE("a watcher sees what happens after the headers, in order") {
  Daemon daemon;
  Call call;
  const auto stream = daemon.events().WatchEvents(call.context(), v1::WatchEventsRequest());
  stream->WaitForInitialMetadata();
  CreateRunning(daemon, "seen");
  const Told told = Exec(daemon, "seen", Command("cmd /c \"exit 5\""));
  Terminate(daemon, "seen");

  std::vector<v1::EventType> types;
  uint64_t last = 0;
  v1::WatchEventsResponse response;
  while (stream->Read(&response)) {
    const v1::Event& event = response.event();
    CHECK(event.container_id() == "seen");
    CHECK(event.has_time());
    if (last != 0) CHECK(event.sequence() == last + 1);
    last = event.sequence();
    types.push_back(event.type());
    if (event.type() == v1::EVENT_TYPE_PROCESS_EXITED) {
      CHECK(event.process_id() == told.process_id);
      CHECK(event.process_exit().exit_code() == 5);
    }
    if (event.type() == v1::EVENT_TYPE_CONTAINER_EXITED) break;
  }
  CHECK(types ==
        std::vector<v1::EventType>{v1::EVENT_TYPE_CONTAINER_CREATED,
                                   v1::EVENT_TYPE_CONTAINER_STARTED, v1::EVENT_TYPE_PROCESS_STARTED,
                                   v1::EVENT_TYPE_PROCESS_EXITED, v1::EVENT_TYPE_CONTAINER_EXITED});
}

TEST_CASE("the journal is replayed, from any place and through a filter") {
  Daemon daemon;
  Create(daemon, ContainerRequest("a"));
  Create(daemon, ContainerRequest("b"));
  Start(daemon, "b");
  v1::WatchEventsRequest request;
  request.set_after_sequence(1);
  const auto all = Replay(daemon, request);
  CHECK(Summary(all) == Seen{{v1::EVENT_TYPE_CONTAINER_CREATED, "a"},
                             {v1::EVENT_TYPE_CONTAINER_CREATED, "b"},
                             {v1::EVENT_TYPE_CONTAINER_STARTED, "b"}});
  SECTION("a place") {
    request.set_after_sequence(all[all.size() - 2].event().sequence());
    CHECK(Summary(Replay(daemon, request)) == Seen{{v1::EVENT_TYPE_CONTAINER_STARTED, "b"}});
  }
  SECTION("a container") {
    request.mutable_filter()->add_container_ids("a");
    CHECK(Summary(Replay(daemon, request)) == Seen{{v1::EVENT_TYPE_CONTAINER_CREATED, "a"}});
  }
  SECTION("a type") {
    request.mutable_filter()->add_types(v1::EVENT_TYPE_CONTAINER_STARTED);
    CHECK(Summary(Replay(daemon, request)) == Seen{{v1::EVENT_TYPE_CONTAINER_STARTED, "b"}});
  }
}

TEST_CASE("what the journal has lost is told") {
  Daemon daemon({"--journal-events", "4"});
  Create(daemon, ContainerRequest("first"));
  v1::WatchEventsRequest request;
  request.set_after_sequence(1);
  const uint64_t first = Replay(daemon, request).back().event().sequence();
  for (int i = 0; i < 8; ++i) Create(daemon, ContainerRequest("c" + std::to_string(i)));
  request.set_after_sequence(first);
  const auto told = Replay(daemon, request);
  REQUIRE(told.size() == 5);
  REQUIRE(told[0].has_lost());
  CHECK(told[0].lost().from_sequence() == first + 1);
  CHECK(told[0].lost().to_sequence() + 1 == told[1].event().sequence());
  CHECK(told[4].event().container_id() == "c7");
}

TEST_CASE("sequences go on growing over a restart, and the gap is told") {
  Daemon daemon;
  Create(daemon, ContainerRequest("a"));
  v1::WatchEventsRequest request;
  request.set_after_sequence(1);
  const uint64_t before = Replay(daemon, request).back().event().sequence();
  daemon.Signal(SIGTERM);
  REQUIRE(daemon.WaitForExit() == 0);
  daemon.Start();
  request.set_after_sequence(before);
  const auto told = Replay(daemon, request);
  REQUIRE_FALSE(told.empty());
  CHECK(told.front().has_lost());
  CHECK(told.front().lost().from_sequence() == before + 1);
  CHECK(Summary(told) == Seen{{v1::EVENT_TYPE_CONTAINER_ADOPTED, "a"}});
}

}  // namespace
}  // namespace hcs::integration
