#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/runtime_stdio_fixture.h"

namespace hcs::runtime {
namespace {

TEST_CASE("drop_oldest: the process never waits, and what is dropped is counted") {
  const std::string sent = Pattern(size_t{4} << 20);
  Hubbed process(v1::OUTPUT_POLICY_DROP_OLDEST);
  SECTION("with nobody attached") {
    WriteAll(process.out.writer, sent);
    process.Exit(0);
    Client client(process);
    client.TakeAll();
    REQUIRE(client.output.size() > 0);
    CHECK(client.output == sent.substr(sent.size() - client.output.size()));
    CHECK(process.hub->dropped_bytes(OutputStream::kStdout) + client.output.size() == sent.size());
  }
  SECTION("with a client that does not take") {
    Client client(process);
    client.sent = sent;
    process.Settle();
    WriteAll(process.out.writer, sent);
    process.Exit(0);
    client.TakeAll();
    CHECK(client.dropped > 0);
    CHECK(client.dropped + client.output.size() == sent.size());
    CHECK(client.in_place);
  }
  SECTION("with a client that keeps up") {
    Client client(process);
    std::string received;
    for (size_t at = 0; at < sent.size(); at += 4096) {
      WriteAll(process.out.writer, std::string_view(sent).substr(at, 4096));
      client.TakeOutput(at + 4096);
    }
    process.Exit(0);
    client.TakeAll();
    CHECK(client.output == sent);
    CHECK(client.dropped == 0);
    CHECK(process.hub->dropped_bytes(OutputStream::kStdout) == 0);
  }
}

TEST_CASE("discard: what is not taken at once is dropped, and counted") {
  const std::string sent = Pattern(size_t{4} << 20);
  Hubbed process(v1::OUTPUT_POLICY_DISCARD);
  SECTION("with nobody attached") {
    WriteAll(process.out.writer, sent);
    process.Exit(0);
    Client client(process);
    client.TakeAll();
    CHECK(client.output.size() + process.hub->dropped_bytes(OutputStream::kStdout) == sent.size());
    CHECK(client.output == "");
  }
  SECTION("with a client that does not take") {
    Client client(process);
    client.sent = sent;
    process.Settle();
    WriteAll(process.out.writer, sent);
    process.Exit(0);
    client.TakeAll();
    CHECK(client.dropped > 0);
    CHECK(client.dropped + client.output.size() == sent.size());
    CHECK(client.in_place);
  }
}

TEST_CASE("a process without streams has an exit all the same") {
  IoShard shard;
  const auto hub = StdioHub::Create(shard, host::ProcessInformation(), v1::OUTPUT_POLICY_BLOCK);
  absl::Notification woken;
  const auto queue = std::make_shared<OutputQueue>([&] { woken.Notify(); });
  hub->Attach(queue);
  CHECK_FALSE(queue->Pull());
  v1::ProcessExit exit;
  exit.set_exit_code(4);
  hub->OnExit(exit);
  REQUIRE(woken.WaitForNotificationWithTimeout(kGenerous));
  const auto next = queue->Pull();
  REQUIRE(next);
  CHECK(std::get<v1::ProcessExit>(std::get<0>(*next)).exit_code() == 4);
  absl::Notification accepted;
  hub->WriteStdin("nobody reads it", [&] { accepted.Notify(); });
  CHECK(accepted.WaitForNotificationWithTimeout(kGenerous));
  hub->Detach(queue);
}

TEST_CASE("finishing the hub ends every session, present and future, with the error") {
  Hubbed process;
  Client present(process);
  process.Settle();
  process.hub->Finish(absl::UnavailableError("going"));
  present.TakeAll();
  CHECK(present.end->message() == "going");
  Client future(process);
  future.TakeAll();
  CHECK(future.end->message() == "going");
  CHECK_FALSE(future.exit_code);
}

TEST_CASE("stdin: a piece is accepted when the pipe has taken it, and the end comes after it") {
  const std::string sent = Pattern(size_t{2} << 20);
  Hubbed process;
  absl::Notification accepted, closed;
  process.hub->WriteStdin(sent, [&] { accepted.Notify(); });
  process.hub->CloseStdin([&] { closed.Notify(); });
  process.Settle();
  CHECK_FALSE(accepted.HasBeenNotified());
  CHECK_FALSE(closed.HasBeenNotified());
  std::string received;
  std::vector<char> buffer(size_t{64} << 10);
  ssize_t got;
  while ((got = read(process.in.reader.get(), buffer.data(), buffer.size())) > 0) {
    received.append(buffer.data(), static_cast<size_t>(got));
  }
  CHECK(received == sent);
  CHECK(accepted.WaitForNotificationWithTimeout(kGenerous));
  CHECK(closed.WaitForNotificationWithTimeout(kGenerous));
}

TEST_CASE("stdin: bytes for a process that no longer reads are accepted and dropped") {
  Hubbed process;
  const std::string large = Pattern(size_t{2} << 20);
  absl::Notification first, second, third;
  process.hub->WriteStdin(large, [&] { first.Notify(); });
  process.Settle();
  SECTION("it closed its end") { process.in.reader.reset(); }
  SECTION("it exited, and a descendant has the other end") { process.Exit(0); }
  CHECK(first.WaitForNotificationWithTimeout(kGenerous));
  process.hub->WriteStdin(large, [&] { second.Notify(); });
  CHECK(second.WaitForNotificationWithTimeout(kGenerous));
  process.hub->CloseStdin([&] { third.Notify(); });
  CHECK(third.WaitForNotificationWithTimeout(kGenerous));
}

TEST_CASE("stdin: all who close it are answered, also while it is full") {
  Hubbed process;
  absl::Notification accepted, first, second, third;
  process.hub->WriteStdin(Pattern(size_t{2} << 20), [&] { accepted.Notify(); });
  process.hub->CloseStdin([&] { first.Notify(); });
  process.hub->CloseStdin([&] { second.Notify(); });
  process.Settle();
  process.in.reader.reset();
  CHECK(first.WaitForNotificationWithTimeout(kGenerous));
  CHECK(second.WaitForNotificationWithTimeout(kGenerous));
  process.hub->CloseStdin([&] { third.Notify(); });
  CHECK(third.WaitForNotificationWithTimeout(kGenerous));
}

TEST_CASE("a hub may be let go on any thread while its pipes are busy") {
  for (int round = 0; round < 200; ++round) {
    Hubbed process(round % 2 == 0 ? v1::OUTPUT_POLICY_DROP_OLDEST : v1::OUTPUT_POLICY_BLOCK);
    std::thread writer([&] {
      for (int i = 0; i < 8; ++i) WriteAll(process.out.writer, "some output\n");
    });
    process.hub->WriteStdin(std::string(100000, 'x'), [] {});
    process.hub.reset();
    writer.join();
    process.Settle();
  }
}

}  // namespace
}  // namespace hcs::runtime
