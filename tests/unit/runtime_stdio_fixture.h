// A process' ends of its streams, the hub at the other ends, and clients of it.

#ifndef HCS_TESTS_UNIT_RUNTIME_STDIO_FIXTURE_H_
#define HCS_TESTS_UNIT_RUNTIME_STDIO_FIXTURE_H_

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/platform/pipe_write.h"
#include "core/platform/unique_fd.h"
#include "core/runtime/stdio_hub.h"

namespace hcs::runtime {

using platform::UniqueFd;

inline constexpr absl::Duration kGenerous = absl::Seconds(60);

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
inline std::string Pattern(size_t size) {
  std::string bytes(size, '\0');
  uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

inline void WriteAll(const UniqueFd& fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd.get(), bytes.data(), bytes.size());
    if (written <= 0) std::abort();
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

inline bool CanTakeMore(const UniqueFd& writer) {
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

}  // namespace hcs::runtime

#endif  // HCS_TESTS_UNIT_RUNTIME_STDIO_FIXTURE_H_
