#include "core/runtime/stdio_hub.h"

#include <algorithm>
#include <utility>

namespace hcs::runtime {

std::shared_ptr<StdioHub> StdioHub::Create(IoShard& shard, host::ProcessInformation streams,
                                           v1::OutputPolicy policy) {
  // Its pipes are watched on the loop, so that is where it goes down, whoever is
  // the last to let it go.
  std::shared_ptr<StdioHub> hub(new StdioHub(shard), [&shard](StdioHub* last) {
    shard.loop.Post([hub = std::unique_ptr<StdioHub>(last)] {});
  });
  shard.loop.Post([hub, streams = std::move(streams), policy]() mutable {
    hub->OpenOnLoop(std::move(streams), policy);
  });
  return hub;
}

void StdioHub::OpenOnLoop(host::ProcessInformation streams, v1::OutputPolicy policy) {
  // The pumps live in the hub, so that they may point to it.
  stdin_ = std::make_unique<StdinPipe>(shard_.loop, std::move(streams.std_input));
  stdout_ = std::make_unique<OutputPump>(
      shard_, OutputStream::kStdout, std::move(streams.std_output), policy, [this] { TellExit(); });
  stderr_ = std::make_unique<OutputPump>(
      shard_, OutputStream::kStderr, std::move(streams.std_error), policy, [this] { TellExit(); });
}

void StdioHub::Attach(std::shared_ptr<OutputQueue> client) {
  ++attached_;
  client->OnTaken([weak = weak_from_this()] {
    const std::shared_ptr<StdioHub> hub = weak.lock();
    if (hub == nullptr || hub->taken_posted_.exchange(true)) return;
    hub->shard_.loop.Post([hub] {
      hub->taken_posted_ = false;
      hub->OnTaken();
    });
  });
  shard_.loop.Post([hub = shared_from_this(), client = std::move(client)]() mutable {
    hub->AttachOnLoop(std::move(client));
  });
}

void StdioHub::AttachOnLoop(std::shared_ptr<OutputQueue> client) {
  if (finished_.has_value()) {
    client->Finish(*finished_);
    return;
  }
  clients_.push_back(client);
  stdout_->Add(client);
  stderr_->Add(client);
  TellExit();
}

void StdioHub::Detach(std::shared_ptr<OutputQueue> client) {
  --attached_;
  shard_.loop.Post(
      [hub = shared_from_this(), client = std::move(client)] { hub->DetachOnLoop(client); });
}

void StdioHub::DetachOnLoop(const std::shared_ptr<OutputQueue>& client) {
  stdout_->Remove(client.get());
  stderr_->Remove(client.get());
  clients_.erase(std::remove(clients_.begin(), clients_.end(), client), clients_.end());
}

void StdioHub::OnTaken() {
  stdout_->OnTaken();
  stderr_->OnTaken();
  CountDropped();
}

void StdioHub::OnExit(v1::ProcessExit exit) {
  shard_.loop.Post([hub = shared_from_this(), exit = std::move(exit)]() mutable {
    hub->exit_ = std::move(exit);
    hub->stdin_->Abandon();
    hub->stdout_->OnExited();
    hub->stderr_->OnExited();
    hub->TellExit();
  });
}

void StdioHub::TellExit() {
  CountDropped();
  // The first pump may end while the second is being made.
  if (stdout_ == nullptr || stderr_ == nullptr) return;
  if (!exit_.has_value() || !stdout_->ended() || !stderr_->ended()) return;
  for (const auto& client : clients_) {
    client->Push(*exit_);
    client->Finish(absl::OkStatus());
  }
}

void StdioHub::Finish(absl::Status status) {
  shard_.loop.Post([hub = shared_from_this(), status = std::move(status)] {
    hub->finished_ = status;
    for (const auto& client : hub->clients_) client->Finish(status);
  });
}

void StdioHub::WriteStdin(std::string bytes, Task accepted) {
  shard_.loop.Post([hub = shared_from_this(), bytes = std::move(bytes),
                    accepted = std::move(accepted)]() mutable {
    hub->stdin_->Write(std::move(bytes), std::move(accepted));
  });
}

void StdioHub::CloseStdin(Task closed) {
  shard_.loop.Post([hub = shared_from_this(), closed = std::move(closed)]() mutable {
    hub->stdin_->Close(std::move(closed));
  });
}

void StdioHub::CountDropped() {
  if (stdout_ != nullptr) dropped_[0] = stdout_->dropped_bytes();
  if (stderr_ != nullptr) dropped_[1] = stderr_->dropped_bytes();
}

}  // namespace hcs::runtime
