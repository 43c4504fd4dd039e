#include "core/emulator/worker/input_relay.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "core/emulator/worker/descriptors.h"

namespace hcs::emulator::worker {
namespace {

using platform::UniqueFd;

constexpr size_t kSpliceBytes = size_t{1} << 20;
constexpr size_t kTerminalBytes = 4096;  // A terminal's own input buffer.
constexpr char kDefaultEndOfFile = 4;

size_t BytesWaiting(int pipe) {
  int bytes = 0;
  return ioctl(pipe, FIONREAD, &bytes) == 0 ? static_cast<size_t>(bytes) : 0;
}

char EndOfFileCharacter(int terminal) {
  termios settings{};
  return tcgetattr(terminal, &settings) == 0 ? static_cast<char>(settings.c_cc[VEOF])
                                             : kDefaultEndOfFile;
}

}  // namespace

InputRelay::InputRelay(EventLoop* loop, UniqueFd source, UniqueFd target)
    : loop_(loop),
      kind_(Target::kPipe),
      source_(std::move(source)),
      owned_target_(std::move(target)),
      target_(owned_target_.get()) {
  SetNonBlocking(target_, true);
  Begin();
}

InputRelay::InputRelay(EventLoop* loop, UniqueFd source, int terminal)
    : loop_(loop),
      kind_(Target::kTerminal),
      source_(std::move(source)),
      owned_target_(fcntl(terminal, F_DUPFD_CLOEXEC, 3)),
      target_(owned_target_.get()) {
  Begin();
}

InputRelay::~InputRelay() { Abandon(); }

void InputRelay::Begin() {
  SetNonBlocking(source_.get(), true);
  WatchSource();
  loop_->Watch(target_, 0, [this](uint32_t events) {
    // The reader of a pipe has closed it; a terminal's hang-up is the process' end.
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
      Abandon();
    } else {
      Pump();
    }
  });
}

void InputRelay::WatchSource() {
  loop_->Watch(source_.get(), EPOLLIN, [this](uint32_t) { Pump(); });
}

void InputRelay::Close() {
  closing_ = true;
  Pump();
}

void InputRelay::Abandon() {
  if (source_) loop_->Forget(source_.get());
  if (target_ >= 0) loop_->Forget(target_);
  source_.reset();
  owned_target_.reset();
  target_ = -1;
}

void InputRelay::Pump() {
  // A bound for the sake of the worker's other work: the loop comes back while there
  // is more.
  constexpr int kMovesAtOnce = 16;
  for (int i = 0; source_ && i < kMovesAtOnce; ++i) {
    const Step step = MoveOnce();
    if (step == Step::kMoved) continue;
    if (step == Step::kTargetGone) return Abandon();
    if (step == Step::kSourceEmpty && closing_) return Finish();
    return WaitFor(step);
  }
}

InputRelay::Step InputRelay::MoveOnce() {
  if (kind_ == Target::kTerminal) return MoveToTerminal();
  const ssize_t moved = splice(source_.get(), nullptr, target_, nullptr, kSpliceBytes,
                               SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (moved > 0) return Step::kMoved;
  if (moved < 0 && errno != EAGAIN && errno != EINTR) return Step::kTargetGone;
  return BytesWaiting(source_.get()) == 0 ? Step::kSourceEmpty : Step::kTargetFull;
}

InputRelay::Step InputRelay::MoveToTerminal() {
  if (unwritten_.empty()) {
    std::array<char, kTerminalBytes> buffer;
    const ssize_t size = read(source_.get(), buffer.data(), buffer.size());
    if (size <= 0) return Step::kSourceEmpty;
    unwritten_.assign(buffer.data(), static_cast<size_t>(size));
  }
  const ssize_t written = write(target_, unwritten_.data(), unwritten_.size());
  if (written < 0) return errno == EAGAIN ? Step::kTargetFull : Step::kTargetGone;
  unwritten_.erase(0, static_cast<size_t>(written));
  return unwritten_.empty() ? Step::kMoved : Step::kTargetFull;
}

void InputRelay::WaitFor(Step step) {
  const bool wait_for_target = step == Step::kTargetFull;
  if (wait_for_target == watching_target_) return;
  watching_target_ = wait_for_target;
  // A source whose writers have gone would report that without end: it is not
  // watched while the target is full.
  if (wait_for_target) {
    loop_->Forget(source_.get());
    loop_->Change(target_, EPOLLOUT);
  } else {
    WatchSource();
    loop_->Change(target_, 0);
  }
}

void InputRelay::Finish() {
  if (kind_ == Target::kTerminal) {
    const char end = EndOfFileCharacter(target_);
    // A terminal that takes no byte now has a reader that does not read.
    static_cast<void>(!write(target_, &end, 1));
  }
  Abandon();
}

}  // namespace hcs::emulator::worker
