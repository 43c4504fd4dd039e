#include <catch2/catch.hpp>

#include "client/hcsctl/json_output.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/event_service.pb.h"
#include "hcs/v1/properties.pb.h"

namespace hcs::ctl {
namespace {

TEST_CASE("A container is the contract's JSON, with its empty fields") {
  v1::Container container;
  container.set_id("we\"b");
  container.set_state(v1::CONTAINER_STATE_RUNNING);
  (*container.mutable_labels())["a"] = "b";
  container.mutable_create_time()->set_seconds(1769860800);
  CHECK(ToJson(container) ==
        R"({"id":"we\"b","state":"CONTAINER_STATE_RUNNING","name":"","owner":"","systemType":"",)"
        R"("labels":{"a":"b"},"runtimeId":"","createTime":"2026-01-31T12:00:00Z",)"
        R"("adopted":false,"runningProcesses":0,"layerPaths":[]})");
}

TEST_CASE("64-bit numbers are numbers, names are the host's, unknown members are kept") {
  v1::Statistics statistics;
  statistics.set_uptime_100ns(18446744073709551615u);
  statistics.mutable_memory()->set_usage_commit_bytes(5);
  statistics.set_unknown_json(R"({"Gpu":{"Busy":1}})");
  CHECK(ToJson(statistics) ==
        R"({"Uptime100ns":18446744073709551615,"Memory":{"MemoryUsageCommitBytes":5},)"
        R"("Network":[],"Gpu":{"Busy":1}})");
}

TEST_CASE("Repeated messages, enumerators and strings are arrays") {
  v1::EventFilter filter;
  filter.add_types(v1::EVENT_TYPE_CONTAINER_CREATED);
  filter.add_container_ids("a");
  CHECK(ToJson(filter) == R"({"types":["EVENT_TYPE_CONTAINER_CREATED"],"containerIds":["a"],)"
                          R"("owner":"","layerPaths":[],"imageIds":[],"networkIds":[],)"
                          R"("endpointIds":[]})");
  v1::ContainerProperties properties;
  properties.add_process_list()->set_process_id(4294967295u);
  CHECK(ToJson(properties) == R"({"ProcessList":[{"ProcessId":4294967295}]})");
}

TEST_CASE("Documents are put together") {
  CHECK(JsonArray({}) == "[]");
  CHECK(JsonArray({"{}", "1"}) == "[{},1]");
  CHECK(WithMember(R"({"a":1})", "b", "[2]") == R"({"a":1,"b":[2]})");
  CHECK(Indented(R"({"a":1})") == "{\n  \"a\": 1\n}");
}

}  // namespace
}  // namespace hcs::ctl
