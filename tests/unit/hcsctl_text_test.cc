#include <catch2/catch.hpp>
#include <string>

#include "client/hcsctl/completion_script.h"
#include "client/hcsctl/container_options.h"
#include "client/hcsctl/detach_keys.h"
#include "client/hcsctl/event_text.h"
#include "client/hcsctl/exit_code.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

TEST_CASE("Text from elsewhere cannot steer the terminal") {
  CHECK(Printable("a\033[31mb\nc\td\x7f") == "a\\x1b[31mb\\nc\\td\\x7f");
  CHECK(Printable("ünïcode") == "ünïcode");
}

TEST_CASE("Bytes have the unit that fits") {
  CHECK(BytesText(0) == "0 B");
  CHECK(BytesText(1023) == "1023 B");
  CHECK(BytesText(1536) == "1.5 KiB");
  CHECK(BytesText(uint64_t{5} << 40) == "5.0 TiB");
}

TEST_CASE("Columns are as wide as their widest cell, in characters") {
  Table table({"ID", "STATE"});
  table.AddRow({"grün", "x"});
  table.AddRow({"a", ""});
  CHECK(table.Text() == "ID    STATE\ngrün  x\na\n");
}

TEST_CASE("Ctrl-P Ctrl-Q leaves, alone and among other keys") {
  DetachKeys keys;
  CHECK(keys.Pass("ab\x10") == "ab");
  CHECK_FALSE(keys.detached());
  CHECK(keys.Pass("c") ==
        "\x10"
        "c");
  CHECK(keys.Pass("\x10\x10") == "\x10");
  CHECK(keys.Pass("\x11zz").empty());
  CHECK(keys.detached());
  CHECK(keys.Pass("more").empty());
}

TEST_CASE("A process' exit code is told as far as a shell can") {
  const auto code = [](uint32_t value) {
    v1::ProcessExit exit;
    exit.set_exit_code(value);
    return ProcessExitCode(exit);
  };
  CHECK(code(0) == 0);
  CHECK(code(7) == 7);
  CHECK(code(255) == 255);
  CHECK(code(256) == 255);
  CHECK(code(1067) == 255);
  CHECK(code(0xC000013A) == 130);
  CHECK(code(0xFFFFFFFF) == 255);
}

TEST_CASE("Where events begin can be said in four ways") {
  CHECK(ParseEventsSince("all")->after_sequence == 1);
  CHECK(ParseEventsSince("0")->after_sequence == 1);
  CHECK(ParseEventsSince("12345")->after_sequence == 12345);
  CHECK(ParseEventsSince("90s")->time < absl::Now() - absl::Seconds(89));
  CHECK(ParseEventsSince("2026-01-31T12:00:00Z")->time == absl::FromUnixSeconds(1769860800));
  CHECK_THAT(std::string(ParseEventsSince("yesterday").status().message()),
             Catch::Contains("--since yesterday"));
}

TEST_CASE("Event filters name their rule") {
  const auto filter = ParseEventFilter({"type=process-exited", "container=a", "owner=o"});
  REQUIRE(filter.ok());
  CHECK(filter->types(0) == v1::EVENT_TYPE_PROCESS_EXITED);
  CHECK(filter->container_ids(0) == "a");
  CHECK(filter->owner() == "o");
  CHECK_THAT(std::string(ParseEventFilter({"type=x"}).status().message()),
             Catch::Contains("container-created") && Catch::Contains("host-notification"));
  CHECK_FALSE(ParseEventFilter({"id=x"}).ok());
  CHECK_FALSE(ParseEventFilter({"type"}).ok());
}

TEST_CASE("An event is a line") {
  v1::Event event;
  event.mutable_time()->set_seconds(1769860800);
  event.set_sequence(5);
  event.set_type(v1::EVENT_TYPE_PROCESS_EXITED);
  event.set_container_id("web");
  event.set_process_id(9);
  event.mutable_process_exit()->set_exit_code(3);
  CHECK(EventText(event) == "2026-01-31T12:00:00.000Z  5  process-exited  web:9  exit code 3");
  v1::Event layer;
  layer.set_sequence(6);
  *layer.mutable_time() = event.time();
  layer.set_type(v1::EVENT_TYPE_LAYER_PROGRESS);
  layer.set_layer_path("/l/base");
  layer.mutable_layer_progress()->set_operation("ImportLayer");
  layer.mutable_layer_progress()->set_bytes(1024);
  layer.mutable_layer_progress()->set_total_bytes(2048);
  layer.mutable_layer_progress()->set_entries(7);
  CHECK(EventText(layer) ==
        "2026-01-31T12:00:00.000Z  6  layer-progress  /l/base  "
        "ImportLayer 1.0 KiB of 2.0 KiB, 7 entries");
}

TEST_CASE("A made-up name is an id, and not always the same") {
  CHECK(RandomName() != RandomName());
  CHECK(RandomName().find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
        std::string::npos);
}

TEST_CASE("Completion scripts quote descriptions") {
  const CompletionCommand command = {
      "rm", "the container's: end", {{"force", "f", "don't ask"}}, {}, "ps -q"};
  CHECK_THAT(ZshCompletion({command}), Catch::Contains("'rm:the container'\\''s\\: end'"));
  CHECK_THAT(FishCompletion({command}), Catch::Contains("-s f -l force -d 'don'\\''t ask'"));
  CHECK_THAT(BashCompletion({command}), Catch::Contains("rm:*) words='-f --force' ids='ps -q' ;;"));
}

TEST_CASE("Completion scripts know the commands of a group") {
  const CompletionCommand remove = {"rm", "Delete", {{"force", "", "anyway"}}, {}, "network ls -q"};
  const CompletionCommand group = {"network", "Networks", {}, {remove}, ""};
  CHECK_THAT(BashCompletion({group}), Catch::Contains("network:) words='rm' ;;") &&
                                          Catch::Contains("network:rm) words='--force' "
                                                          "ids='network ls -q' ;;"));
  CHECK_THAT(ZshCompletion({group}), Catch::Contains("network:0:*) commands=('rm:Delete') ;;") &&
                                         Catch::Contains("network:1:rm) options="));
  CHECK_THAT(FishCompletion({group}), Catch::Contains("__fish_seen_subcommand_from network; and "
                                                      "__fish_seen_subcommand_from rm' -l force"));
}

}  // namespace
}  // namespace hcs::ctl
