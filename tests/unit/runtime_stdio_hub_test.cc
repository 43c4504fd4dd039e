#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <thread>

#include "tests/unit/runtime_stdio_fixture.h"

namespace hcs::runtime {
namespace {

TEST_CASE("all output comes, then the exit, then the end") {
  Hubbed process;
  Client client(process);
  WriteAll(process.out.writer, "out");
  WriteAll(process.err.writer, "err");
  process.Exit(7);
  client.TakeAll();
  CHECK(client.output == "out");
  CHECK(client.error == "err");
  CHECK(client.exit_code == 7u);
  CHECK(client.end->ok());
}

TEST_CASE("many bytes reach every client whole, and the slow one is waited for") {
  const std::string sent = Pattern(size_t{24} << 20);
  Hubbed process;
  Client fast(process), slow(process);
  std::thread writer([&] {
    WriteAll(process.out.writer, sent);
    process.Exit(0);
  });
  std::atomic<size_t> fast_has = 0;
  std::thread fast_reader([&] {
    while (fast.output.size() < sent.size()) {
      fast.TakeOutput(fast.output.size() + 1);
      fast_has = fast.output.size();
    }
    fast.TakeAll();
  });
  size_t farthest = 0;
  for (size_t at = 0; at < sent.size(); at += size_t{1} << 20) {
    slow.TakeOutput(at + 1);
    farthest = std::max(farthest, fast_has - std::min<size_t>(fast_has, slow.output.size()));
  }
  slow.TakeAll();
  fast_reader.join();
  writer.join();
  CHECK(fast.output == sent);
  CHECK(slow.output == sent);
  CHECK(farthest <= OutputPump::kWindowBytes + OutputPump::kChunkBytes);
}

TEST_CASE("with nobody attached nothing is read, and the process waits") {
  Hubbed process;
  process.Settle();
  fcntl(process.out.writer.get(), F_SETFL, O_NONBLOCK);
  std::string sent;
  const std::string block = Pattern(4096);
  while (write(process.out.writer.get(), block.data(), block.size()) ==
         static_cast<ssize_t>(block.size())) {
    sent += block;
  }
  process.Settle();
  CHECK_FALSE(CanTakeMore(process.out.writer));

  Client client(process);
  process.Exit(0);
  client.TakeAll();
  CHECK(client.output == sent);
}

TEST_CASE("what no client has taken stays in the pipe though the daemon is gone") {
  const std::string sent = Pattern(40000);
  Hubbed process;
  std::optional<Client> client(process);
  WriteAll(process.out.writer, sent);
  // Pulled, but not taken: the one after it has not been asked for.
  auto first = client->Next();
  const auto& chunk = std::get<OutputChunk>(std::get<ProcessSession::Message>(first));
  CHECK(sent.compare(0, chunk.size, chunk.view()) == 0);
  client->Leave();
  process.hub.reset();
  process.Settle();
  process.out.writer.reset();

  std::string left;
  char buffer[4096];
  ssize_t got;
  while ((got = read(process.spare_output.get(), buffer, sizeof(buffer))) > 0) {
    left.append(buffer, static_cast<size_t>(got));
  }
  CHECK(left == sent);
}

TEST_CASE("what a client took is taken, what it left is for the next") {
  Hubbed process;
  {
    Client first(process);
    WriteAll(process.out.writer, "taken");
    first.TakeOutput(5);
    // Asking for more says that those five have been delivered.
    while (first.TryNext()) continue;
    process.Settle();
    WriteAll(process.out.writer, "left");
    const auto next = first.Next();
    CHECK(std::get<OutputChunk>(std::get<0>(next)).view() == "left");
  }
  Client second(process);
  process.Exit(3);
  second.TakeAll();
  CHECK(second.output == "left");
  CHECK(second.exit_code == 3u);
  process.Settle();

  // And nothing of it is left for a third, but the exit.
  second.Leave();
  Client third(process);
  third.TakeAll();
  CHECK(third.output == "");
  CHECK(third.exit_code == 3u);
}

TEST_CASE("a client that joins another gets what has not been taken, and all that follows") {
  Hubbed process;
  Client first(process);
  WriteAll(process.out.writer, "one");
  first.TakeOutput(3);
  while (first.TryNext()) continue;
  process.Settle();
  Client second(process);
  process.Settle();
  WriteAll(process.out.writer, "two");
  process.Exit(0);
  first.TakeAll();
  second.TakeAll();
  CHECK(first.output == "onetwo");
  CHECK(second.output == "two");
}

TEST_CASE("a late client of an exited process gets the backlog and the exit, each time") {
  Hubbed process;
  WriteAll(process.out.writer, "backlog");
  process.out.writer.reset();
  process.Exit(9);
  {
    // One that goes without having taken anything takes nothing away.
    Client hasty(process);
    hasty.Next();
  }
  for (const std::string expected : {"backlog", ""}) {
    Client client(process);
    client.TakeAll();
    CHECK(client.output == expected);
    CHECK(client.exit_code == 9u);
    CHECK(client.end->ok());
  }
}

TEST_CASE("the exit ends the streams though a descendant holds them open") {
  Hubbed process;
  const UniqueFd descendant = process.out.writer.Duplicate();
  Client client(process);
  WriteAll(process.out.writer, "mine");
  process.out.writer.reset();
  process.Exit(0);
  client.TakeAll();
  CHECK(client.output == "mine");
}

TEST_CASE("streams that end early are no exit") {
  Hubbed process;
  Client client(process);
  WriteAll(process.out.writer, "bye");
  process.out.writer.reset();
  process.err.writer.reset();
  client.TakeOutput(3);
  CHECK_FALSE(client.TryNext());
  process.Settle();
  process.Settle();
  CHECK_FALSE(client.TryNext());
  process.Exit(0);
  client.TakeAll();
  CHECK(client.exit_code == 0u);
}

TEST_CASE("output in many small writes comes whole") {
  Hubbed process;
  Client client(process);
  const std::string sent = Pattern(20000);
  std::thread writer([&] {
    for (const char byte : sent) WriteAll(process.out.writer, std::string_view(&byte, 1));
    process.Exit(0);
  });
  client.TakeAll();
  writer.join();
  CHECK(client.output == sent);
}

TEST_CASE("clients that come and go between them get every byte, in order") {
  const std::string sent = Pattern(size_t{4} << 20);
  Hubbed process;
  std::thread writer([&] {
    WriteAll(process.out.writer, sent);
    process.Exit(0);
  });
  std::string taken;
  for (bool ended = false; !ended;) {
    Client client(process);
    for (int messages = 0; messages < 5 && !ended; ++messages) {
      const auto next = client.Next();
      if (std::holds_alternative<ProcessSession::End>(next)) {
        ended = true;
      } else if (const auto* chunk = std::get_if<OutputChunk>(&std::get<0>(next))) {
        // Delivered when the next is asked for; that one is then not taken.
        taken.append(chunk->view());
        if (messages == 4) taken.resize(taken.size() - chunk->size);
      }
    }
  }
  writer.join();
  CHECK(taken == sent);
}

}  // namespace
}  // namespace hcs::runtime
