#include "core/runtime/stdin_pipe.h"

#include <utility>

#include "core/platform/pipe_write.h"

namespace hcs::runtime {

StdinPipe::StdinPipe(IoLoop& loop, platform::UniqueFd pipe) : loop_(loop), pipe_(std::move(pipe)) {
  if (pipe_) platform::MakeNonBlocking(pipe_.get());
}

void StdinPipe::Write(std::string bytes, Task accepted) {
  pieces_.push_back({std::move(bytes), 0, std::move(accepted)});
  if (!waiting_) Advance();
}

void StdinPipe::Close(Task closed) {
  closing_ = true;
  closed_.push_back(std::move(closed));
  if (!waiting_) Advance();
}

void StdinPipe::Abandon() {
  watch_.reset();
  waiting_ = false;
  pipe_.reset();
  Advance();
}

void StdinPipe::Advance() {
  while (!pieces_.empty()) {
    if (!WriteFront()) {
      if (watch_ == nullptr) watch_ = loop_.Watch(pipe_.get());
      waiting_ = true;
      watch_->WhenWritable([this] {
        waiting_ = false;
        Advance();
      });
      return;
    }
    Task accepted = std::move(pieces_.front().accepted);
    pieces_.pop_front();
    std::move(accepted)();
  }
  if (closing_) FinishClosing();
}

bool StdinPipe::WriteFront() {
  Piece& piece = pieces_.front();
  while (pipe_ && piece.written < piece.bytes.size()) {
    const std::string_view rest = std::string_view(piece.bytes).substr(piece.written);
    const platform::PipeWrite result = platform::WriteWithoutBlocking(pipe_.get(), rest);
    if (result.outcome == platform::PipeWrite::kFull) return false;
    if (result.outcome == platform::PipeWrite::kClosed) {
      watch_.reset();
      pipe_.reset();
      return true;
    }
    piece.written += result.bytes;
  }
  return true;
}

void StdinPipe::FinishClosing() {
  watch_.reset();
  pipe_.reset();
  for (Task& closed : std::exchange(closed_, {})) std::move(closed)();
}

}  // namespace hcs::runtime
