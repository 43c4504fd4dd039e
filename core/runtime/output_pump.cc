#include "core/runtime/output_pump.h"

#include <algorithm>
#include <utility>

namespace hcs::runtime {
namespace {

// What DROP_OLDEST keeps for clients that lag behind or are yet to come.
constexpr size_t kBacklogBytes = size_t{256} << 10;

// Chunks read for the lossy policies: small enough to drop one at a time.
constexpr size_t kLossyChunkBytes = size_t{16} << 10;

// How much of one pipe is read before the loop turns to the next.
constexpr int kChunksPerTurn = 16;

}  // namespace

OutputPump::OutputPump(IoShard& shard, OutputStream stream, platform::UniqueFd pipe,
                       v1::OutputPolicy policy, absl::AnyInvocable<void()> on_ended)
    : shard_(shard),
      stream_(stream),
      policy_(policy),
      pipe_(std::move(pipe)),
      on_ended_(std::move(on_ended)) {
  if (!pipe_) {
    ended_ = true;
    return;
  }
  if (!lossless()) Fill();
}

void OutputPump::Add(std::shared_ptr<OutputQueue> reader) {
  uint64_t start = read_;
  for (auto chunk = window_.rbegin(); chunk != window_.rend() && chunk->offset >= taken_; ++chunk) {
    start = chunk->offset;
  }
  if (untold_bytes_ > 0) reader->PushDropped(stream_, std::exchange(untold_bytes_, 0));
  for (const OutputChunk& chunk : window_) {
    if (chunk.offset >= start) reader->Push(chunk);
  }
  readers_.push_back({std::move(reader), start});
  Fill();
}

void OutputPump::Remove(const OutputQueue* reader) {
  const auto found = std::find_if(readers_.begin(), readers_.end(),
                                  [&](const Reader& other) { return other.queue.get() == reader; });
  if (found == readers_.end()) return;
  taken_ = std::max(taken_, found->queue->taken(stream_));
  readers_.erase(found);
  OnTaken();
  if (!readers_.empty() || !lossless()) return;
  // What nobody took is still in the pipe: forget it here, and stop listening.
  window_.clear();
  read_ = discarded_;
  watch_.reset();
  waiting_ = false;
  if (pipe_ && pipe_.Available() > 0) ended_ = false;
}

void OutputPump::OnTaken() {
  for (const Reader& reader : readers_) taken_ = std::max(taken_, reader.queue->taken(stream_));
  if (lossless() && taken_ > discarded_ && pipe_) {
    pipe_.Discard(shard_.scratch, taken_ - discarded_);
    discarded_ = taken_;
  }
  ReleaseTaken();
  Fill();
}

void OutputPump::ReleaseTaken() {
  // With no client, only what some client has taken goes: the rest is for one
  // that is yet to come.
  uint64_t everywhere = readers_.empty() ? taken_ : read_;
  for (const Reader& reader : readers_) {
    everywhere = std::min(everywhere, std::max(reader.start, reader.queue->taken(stream_)));
  }
  while (!window_.empty() && window_.front().offset + window_.front().size <= everywhere) {
    window_.pop_front();
  }
}

void OutputPump::Fill() {
  if (ended_ || (lossless() && readers_.empty())) return;
  for (int chunks = 0; chunks < kChunksPerTurn; ++chunks) {
    if (lossless() && WindowBytes() >= kWindowBytes) return;
    if (!ReadChunk()) {
      WaitOrEnd();
      return;
    }
  }
  // More is there; the loop's other pipes have their turn first.
  if (read_ == discarded_) Wait();
}

bool OutputPump::ReadChunk() {
  const size_t skip = read_ - discarded_;
  const size_t available = pipe_.Available();
  if (available <= skip) return false;
  const size_t wanted = std::min(available - skip, lossless() ? kChunkBytes : kLossyChunkBytes);
  auto bytes = std::make_shared_for_overwrite<char[]>(wanted);
  const ptrdiff_t got = pipe_.Peek(shard_.scratch, skip, bytes.get(), wanted);
  if (got <= 0) return false;
  const OutputChunk chunk{stream_, std::move(bytes), static_cast<size_t>(got), read_};
  read_ += chunk.size;
  if (!lossless()) {
    pipe_.Discard(shard_.scratch, chunk.size);
    discarded_ = read_;
  }
  if (policy_ == v1::OUTPUT_POLICY_DISCARD) {
    DeliverOrDrop(chunk);
  } else {
    Deliver(chunk);
  }
  return true;
}

void OutputPump::Deliver(const OutputChunk& chunk) {
  window_.push_back(chunk);
  if (!lossless()) DropOldest();
  for (const Reader& reader : readers_) reader.queue->Push(chunk);
}

void OutputPump::DropOldest() {
  while (WindowBytes() > kBacklogBytes) {
    const OutputChunk& oldest = window_.front();
    const uint64_t end = oldest.offset + oldest.size;
    if (end > taken_) CountDropped(oldest.size);
    for (const Reader& reader : readers_) reader.queue->DropBefore(stream_, end);
    window_.pop_front();
  }
}

void OutputPump::DeliverOrDrop(const OutputChunk& chunk) {
  bool dropped = readers_.empty();
  for (const Reader& reader : readers_) {
    if (reader.queue->waiting(stream_) + chunk.size <= kBacklogBytes) {
      reader.queue->Push(chunk);
    } else {
      reader.queue->PushDropped(stream_, chunk.size);
      dropped = true;
    }
  }
  if (dropped) CountDropped(chunk.size);
}

void OutputPump::CountDropped(size_t bytes) {
  dropped_bytes_ += bytes;
  if (readers_.empty()) untold_bytes_ += bytes;
}

void OutputPump::WaitOrEnd() {
  const bool empty = read_ == discarded_;
  // A peek may fail though something is left: it needs room behind what has not
  // been taken. When that is taken, it is tried again.
  const bool all_read = empty || pipe_.Available() <= read_ - discarded_;
  if ((exited_ && all_read) || (empty && pipe_.AtEnd())) {
    End();
    return;
  }
  // What is peeked and not discarded keeps the pipe readable; the next client
  // to take something looks again.
  if (empty) Wait();
}

void OutputPump::Wait() {
  if (waiting_) return;
  if (watch_ == nullptr) watch_ = shard_.loop.Watch(pipe_.descriptor());
  waiting_ = true;
  watch_->WhenReadable([this] {
    waiting_ = false;
    Fill();
  });
}

void OutputPump::OnExited() {
  exited_ = true;
  Fill();
}

void OutputPump::End() {
  ended_ = true;
  watch_.reset();
  on_ended_();
}

}  // namespace hcs::runtime
