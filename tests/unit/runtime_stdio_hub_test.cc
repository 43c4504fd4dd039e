#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/platform/pipe_write.h"
#include "core/platform/unique_fd.h"
#include "core/runtime/stdio_hub.h"

namespace hcs::runtime {
namespace {

using platform::UniqueFd;

constexpr absl::Duration kGenerous = absl::Seconds(60);

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }
  UniqueFd reader;
  UniqueFd writer;
};

// Bytes that differ from place to place, for as long as anybody looks.
std::string Pattern(size_t size) {
  std::string bytes(size, '\0');
  uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

void WriteAll(const UniqueFd& fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd.get(), bytes.data(), bytes.size());
    if (written <= 0) std::abort();
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

bool CanTakeMore(const UniqueFd& writer) {
  pollfd state{writer.get(), POLLOUT, 0};
  return poll(&state, 1, 0) == 1;
}

// A process' end of its streams, and the hub at the other end.
struct Hubbed {
  explicit Hubbed(v1::OutputPolicy policy = v1::OUTPUT_POLICY_BLOCK) {
    platform::IgnoreBrokenPipes();
    host::ProcessInformation streams;
    streams.std_input = std::move(in.writer);
    streams.std_output = std::move(out.reader);
    streams.std_error = std::move(err.reader);
    spare_output = streams.std_output.Duplicate();
    hub = StdioHub::Create(shard, std::move(streams), policy);
  }

  // Returns when the loop has done what was posted to it before.
  void Settle() {
    absl::Notification settled;
    shard.loop.Post([&] { settled.Notify(); });
    settled.WaitForNotification();
  }

  void Exit(uint32_t code) {
    v1::ProcessExit exit;
    exit.set_exit_code(code);
    hub->OnExit(exit);
  }

  IoShard shard;
  Pipe in, out, err;
  // As the worker has: what is left in the pipe outlives the hub.
  UniqueFd spare_output;
  std::shared_ptr<StdioHub> hub;
};

// An attached client, which waits for what comes next.
class Client {
 public:
  explicit Client(Hubbed& hubbed)
      : hub_(hubbed.hub), queue_(std::make_shared<OutputQueue>([this] { Wake(); })) {
    hub_->Attach(queue_);
  }
  ~Client() { Leave(); }

  void Leave() {
    if (hub_ == nullptr) return;
    queue_->Close();
    hub_->Detach(queue_);
    hub_ = nullptr;
  }

  // Takes the message before, as a client that asks for the next one does.
  std::optional<OutputQueue::Next> TryNext() { return queue_->Pull(); }

  OutputQueue::Next Next() {
    while (true) {
      if (auto next = queue_->Pull()) return *std::move(next);
      absl::MutexLock lock(&mutex_);
      if (!mutex_.AwaitWithTimeout(absl::Condition(&woken_), kGenerous)) std::abort();
      woken_ = false;
    }
  }

  // Takes all until `bytes` have come.
  void TakeOutput(size_t bytes) {
    while (output.size() + error.size() < bytes) Take(Next());
  }

  // Takes all until the session ends.
  void TakeAll() {
    while (!end) Take(Next());
  }

  std::string output;
  std::string error;
  uint64_t dropped = 0;
  // What stdout should be, if known, and whether all of it that came, and what
  // was dropped, were in their places.
  std::optional<std::string_view> sent;
  bool in_place = true;
  std::optional<uint32_t> exit_code;
  std::optional<absl::Status> end;

 private:
  void Take(OutputQueue::Next next) {
    if (auto* ended = std::get_if<ProcessSession::End>(&next)) {
      end = ended->status;
      return;
    }
    auto& message = std::get<ProcessSession::Message>(next);
    if (const auto* chunk = std::get_if<OutputChunk>(&message)) {
      if (exit_code) std::abort();
      const bool out = chunk->stream == OutputStream::kStdout;
      in_place = in_place && (!out || !sent ||
                              sent->substr(output.size() + dropped, chunk->size) == chunk->view());
      (out ? output : error).append(chunk->view());
    } else if (const auto* lost = std::get_if<v1::OutputDropped>(&message)) {
      dropped += lost->stdout_bytes() + lost->stderr_bytes();
    } else if (const auto* exit = std::get_if<v1::ProcessExit>(&message)) {
      exit_code = exit->exit_code();
    }
  }

  void Wake() {
    absl::MutexLock lock(&mutex_);
    woken_ = true;
  }

  std::shared_ptr<StdioHub> hub_;
  absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<OutputQueue> queue_;
};

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
