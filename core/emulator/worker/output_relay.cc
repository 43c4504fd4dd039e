#include "core/emulator/worker/output_relay.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "core/emulator/worker/descriptors.h"

namespace hcs::emulator::worker {
namespace {

using platform::UniqueFd;

constexpr size_t kReadBytes = 16 << 10;

}  // namespace

OutputRelay::OutputRelay(EventLoop* loop, int terminal, UniqueFd target)
    : loop_(loop), terminal_(terminal), target_(std::move(target)) {
  SetNonBlocking(terminal_, true);
  loop_->Watch(terminal_, EPOLLIN, [this](uint32_t) { OnTerminal(); });
  if (!target_) return;
  SetNonBlocking(target_.get(), true);
  loop_->Watch(target_.get(), 0, [this](uint32_t events) {
    // Every reader has gone, ours included.
    if ((events & EPOLLERR) != 0) {
      Discard();
    } else {
      Flush();
    }
  });
}

OutputRelay::~OutputRelay() {
  if (terminal_ >= 0) loop_->Forget(terminal_);
  if (target_) loop_->Forget(target_.get());
}

void OutputRelay::OnTerminal() {
  ReadOnce();
  Flush();
}

OutputRelay::ReadResult OutputRelay::ReadOnce() {
  std::array<char, kReadBytes> buffer;
  const ssize_t size = read(terminal_, buffer.data(), buffer.size());
  if (size > 0) {
    if (target_) unwritten_.append(buffer.data(), static_cast<size_t>(size));
    return ReadResult::kSome;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return ReadResult::kNothing;
  loop_->Forget(terminal_);
  terminal_ = -1;
  return ReadResult::kHungUp;
}

void OutputRelay::Flush() {
  while (target_ && !unwritten_.empty()) {
    const ssize_t written = write(target_.get(), unwritten_.data(), unwritten_.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) break;
    if (written < 0) return Discard();
    unwritten_.erase(0, static_cast<size_t>(written));
  }
  if (terminal_ < 0 && unwritten_.empty()) CloseTarget();
  Watch();
}

// The terminal is not read while bytes wait for the pipe.
void OutputRelay::Watch() {
  const bool waiting = !unwritten_.empty();
  if (terminal_ >= 0) loop_->Change(terminal_, waiting ? 0 : static_cast<uint32_t>(EPOLLIN));
  if (target_) loop_->Change(target_.get(), waiting ? static_cast<uint32_t>(EPOLLOUT) : 0);
}

void OutputRelay::Drain() {
  while (terminal_ >= 0 && ReadOnce() == ReadResult::kSome) {
  }
  Flush();
}

void OutputRelay::Discard() {
  unwritten_.clear();
  CloseTarget();
  Watch();
}

void OutputRelay::CloseTarget() {
  if (target_) loop_->Forget(target_.get());
  target_.reset();
}

}  // namespace hcs::emulator::worker
