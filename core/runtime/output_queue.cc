#include "core/runtime/output_queue.h"

#include <utility>

namespace hcs::runtime {
namespace {

size_t Index(OutputStream stream) { return static_cast<size_t>(stream); }

void AddDropped(OutputStream stream, uint64_t bytes, v1::OutputDropped& dropped) {
  if (stream == OutputStream::kStdout) {
    dropped.set_stdout_bytes(dropped.stdout_bytes() + bytes);
  } else {
    dropped.set_stderr_bytes(dropped.stderr_bytes() + bytes);
  }
}

}  // namespace

OutputQueue::OutputQueue(absl::AnyInvocable<void()> wake)
    : wake_(std::make_shared<Wake>(std::move(wake))) {}

void OutputQueue::OnTaken(absl::AnyInvocable<void()> taken) { on_taken_ = std::move(taken); }

std::shared_ptr<OutputQueue::Wake> OutputQueue::Unpark() {
  if (!std::exchange(parked_, false)) return nullptr;
  return wake_;
}

void OutputQueue::Push(Message message) {
  std::shared_ptr<Wake> wake;
  {
    absl::MutexLock lock(&mutex_);
    if (closed_ || end_.has_value()) return;
    if (const auto* chunk = std::get_if<OutputChunk>(&message)) {
      waiting_[Index(chunk->stream)] += chunk->size;
    }
    messages_.push_back(std::move(message));
    wake = Unpark();
  }
  if (wake) (*wake)();
}

void OutputQueue::Finish(absl::Status status) {
  std::shared_ptr<Wake> wake;
  {
    absl::MutexLock lock(&mutex_);
    if (closed_ || end_.has_value()) return;
    end_ = std::move(status);
    wake = Unpark();
  }
  if (wake) (*wake)();
}

void OutputQueue::PushDropped(OutputStream stream, uint64_t bytes) {
  std::shared_ptr<Wake> wake;
  {
    absl::MutexLock lock(&mutex_);
    if (closed_ || end_.has_value()) return;
    if (messages_.empty() || !std::holds_alternative<v1::OutputDropped>(messages_.back())) {
      messages_.emplace_back(v1::OutputDropped());
    }
    AddDropped(stream, bytes, std::get<v1::OutputDropped>(messages_.back()));
    wake = Unpark();
  }
  if (wake) (*wake)();
}

void OutputQueue::DropBefore(OutputStream stream, uint64_t offset) {
  absl::MutexLock lock(&mutex_);
  for (auto message = messages_.begin(); message != messages_.end();) {
    const auto* chunk = std::get_if<OutputChunk>(&*message);
    if (chunk == nullptr || chunk->stream != stream || chunk->offset + chunk->size > offset) {
      ++message;
      continue;
    }
    const uint64_t bytes = chunk->size;
    waiting_[Index(stream)] -= bytes;
    // Dropped chunks that follow each other are told in one message.
    if (message != messages_.begin()) {
      if (auto* before = std::get_if<v1::OutputDropped>(&*std::prev(message))) {
        AddDropped(stream, bytes, *before);
        message = messages_.erase(message);
        continue;
      }
    }
    v1::OutputDropped dropped;
    AddDropped(stream, bytes, dropped);
    *message = std::move(dropped);
    ++message;
  }
}

uint64_t OutputQueue::taken(OutputStream stream) const {
  absl::MutexLock lock(&mutex_);
  return taken_[Index(stream)];
}

size_t OutputQueue::waiting(OutputStream stream) const {
  absl::MutexLock lock(&mutex_);
  return waiting_[Index(stream)];
}

bool OutputQueue::TakeInHand() {
  if (!in_hand_.has_value()) return false;
  taken_[Index(in_hand_->stream)] = in_hand_->offset + in_hand_->size;
  waiting_[Index(in_hand_->stream)] -= in_hand_->size;
  in_hand_.reset();
  return true;
}

std::optional<OutputQueue::Next> OutputQueue::Pull() {
  std::optional<Next> next;
  bool delivered = false;
  {
    absl::MutexLock lock(&mutex_);
    delivered = TakeInHand();
    if (!messages_.empty()) {
      Message message = std::move(messages_.front());
      messages_.pop_front();
      if (const auto* chunk = std::get_if<OutputChunk>(&message)) in_hand_ = *chunk;
      next = std::move(message);
    } else if (end_.has_value()) {
      next = ProcessSession::End{*end_};
    } else {
      parked_ = true;
    }
  }
  if (delivered && on_taken_) on_taken_();
  return next;
}

void OutputQueue::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  parked_ = false;
  wake_.reset();
  messages_.clear();
  in_hand_.reset();
}

}  // namespace hcs::runtime
